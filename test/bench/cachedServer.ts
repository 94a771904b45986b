import fastify, { type FastifyInstance } from 'fastify'
import { buildServer } from '../../src/api/server.ts'
import { composed } from '../support/composed.ts'
import { startPostgres } from '../support/servers.ts'

/**
 * The process that `cached.ts` asks: the gateway, and beside it a bare server with one POST route that looks the same
 * bytes up in a Map by the text of the question. Prints its ports and what to ask as a line of JSON.
 */
const DAYS = 30
const FILES = [
  { path: 'dimensions/channel.yaml', text: 'dimension: channel\n' },
  {
    path: 'metrics/visit.yaml',
    text: `process: visit
domain: web
zone: UTC
dimensions: [channel]
sources:
  - source: visit_day
    store: realtime
    kind: batch
    table: visit_day
    rows: aggregate
    time: { column: day, grain: day }
    complete: published
    version: pv
    dimensions: { channel: channel }
    measures: { visits: visits, buyers: buyers }
  - source: idle
    store: offline
    kind: stream
    table: idle
    rows: event
    time: { column: at, grain: instant }
    dimensions: { channel: channel }
    measures: {}
metrics:
  - { metric: visits, agg: sum, of: visits }
  - { metric: buyers, agg: sum, of: buyers }
  - { metric: conversion, formula: buyers / visits }
`,
  },
]
const QUESTION = {
  metrics: ['visits', 'buyers', 'conversion'],
  dimensions: ['channel'],
  time: { range: 'last 30 days', grain: 'day' },
}
const DOCUMENT =
  '{ web(time: {range: "last 30 days", grain: DAY}) { rows { time channel visits buyers conversion finality } } }'

const server = await startPostgres()
const redis = process.argv[2]
const { composition, realtime, offline, close } = await composed(FILES, server.url, {
  ONESERVICE_NOW: '2026-11-20T10:00:00Z',
  ...(redis === undefined ? {} : { ONESERVICE_REDIS_URL: redis }),
})
await realtime.execute(
  `create table visit_day (day date, pv bigint, channel text, visits bigint, buyers bigint);
   insert into visit_day select date '2026-10-21' + d, 1, 'channel-' || c, 10000 + d * 17 + c, 100 + d + c
   from generate_series(0, ${DAYS - 1}) d, generate_series(1, 3) c`,
)
await offline.execute('create table idle (at DateTime64(3), channel String) engine = MergeTree order by at')
const days = Array.from({ length: DAYS }, (_, i) => new Date(Date.UTC(2026, 9, 21 + i)).toISOString().slice(0, 10))
await composition.publications.stage(days.map((day) => ({ source: 'visit_day', day, version: 1 })))
await composition.publications.publish([{ source: 'visit_day', days }])
const app = await buildServer(composition.api, { version: '0.0.0', logLevel: 'warn' })
await app.listen({ port: 0, host: '127.0.0.1' })

const question = JSON.stringify(QUESTION)
const document = JSON.stringify({ query: DOCUMENT })
const asked = { '/v1/query': question, '/graphql': document }
const known = new Map<string, Buffer>()
const headers = { 'content-type': 'application/json' }
for (const [url, payload] of Object.entries(asked)) {
  const { rawPayload } = await app.inject({ method: 'POST', url, payload, headers })
  known.set(JSON.stringify(JSON.parse(payload)), rawPayload)
}
const bare = fastify()
bare.post('/look-up', (request, reply) => {
  const bytes = known.get(JSON.stringify(request.body))
  return reply.header('content-type', 'application/json; charset=utf-8').send(bytes)
})
await bare.listen({ port: 0, host: '127.0.0.1' })

const made = await composition.api.keys.create({
  name: 'bench',
  role: 'service',
  tenant: undefined,
  contract: { rate: { perSecond: 1_000_000, burst: 1_000_000 } },
  expiresAt: undefined,
})
const portOf = (of: Pick<FastifyInstance, 'server'>): number => {
  const address = of.server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
process.stdout.write(
  `${JSON.stringify({ port: portOf(app), bare: portOf(bare), question, document, key: made.key })}\n`,
)
process.stdin.resume().once('end', () => void stop())

async function stop(): Promise<void> {
  await Promise.all([app.close(), bare.close()])
  await close()
  await server.stop()
  process.exit(0)
}
