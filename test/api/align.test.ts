import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildServer } from '../../src/api/server.ts'
import { type Composed, composed } from '../support/composed.ts'
import { startPostgres, type TestServer } from '../support/servers.ts'

const DAY = '2026-11-19'
const processText = (name: string): string => `process: ${name}
domain: trade
zone: Asia/Shanghai
sources:
  - { source: ${name}_day, store: offline, table: ${name}_day, rows: aggregate, time: { column: day, grain: day }, complete: published, version: pv, since: 2026-11-01, measures: { amount: amount } }
  - { source: ${name}_event, store: realtime, kind: stream, table: ${name}_event, time: { column: at, grain: instant }, measures: { amount: amount } }
metrics:
  - { metric: ${name}s, agg: sum, of: amount }
`

let postgres: TestServer
let world: Composed
let app: FastifyInstance
beforeAll(async () => {
  postgres = await startPostgres()
  const processes = ['click', 'order'].map((name) => ({ path: `metrics/${name}.yaml`, text: processText(name) }))
  const rate = { path: 'metrics/rate.yaml', text: 'metrics:\n  - { metric: rate, formula: orders / clicks }\n' }
  world = await composed([...processes, rate], postgres.url, { ONESERVICE_NOW: '2026-11-20T10:31:00+08:00' })
  for (const name of ['click', 'order']) {
    await world.realtime.execute(`create table ${name}_event (at timestamptz, amount bigint)`)
    await world.offline.execute(`create table ${name}_day (day Date, pv UInt32, amount Int64) order by day`)
    await world.realtime.load(`${name}_event`, ['at', 'amount'], [[`${DAY} 03:00:00+00`, name === 'order' ? '3' : '4']])
  }
  // Of the day that is published, another figure than the one that the stream gives.
  await world.offline.load('order_day', ['day', 'pv', 'amount'], [[DAY, 1, '2']])
  const { publications, api } = world.composition
  await publications.stage([{ source: 'order_day', day: DAY, version: 1 }])
  await publications.publish([{ source: 'order_day', days: [DAY] }])
  app = await buildServer(api, { version: '0.0.0', logLevel: 'silent' })
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await world.close()
  await postgres.stop()
})

async function ask(url: string, payload: object) {
  const headers = { host: '127.0.0.1', 'content-type': 'application/json' }
  const response = await app.inject({ method: 'POST', url, headers, payload: JSON.stringify(payload) })
  return JSON.parse(response.body)
}

const codesOf = (notices: { code: string }[]): string[] => notices.map(({ code }) => code).toSorted()

it.each([
  [false, 0.5, ['OFFLINE_NOT_PUBLISHED']],
  [true, 0.75, ['ALIGNED', 'OFFLINE_NOT_PUBLISHED']],
])('align: %s is told by REST and by a document', async (align, rate, codes) => {
  const rest = await ask('/v1/query', { metrics: ['rate'], time: { range: DAY }, align })
  expect([rest.rows[0].rate, codesOf(rest.notices)]).toEqual([rate, codes])
  const query = `{ trade(time: {range: "${DAY}"}, align: ${align}) { rows { rate } notices { code } } }`
  const { data } = await ask('/graphql', { query })
  expect([data.trade.rows[0].rate, codesOf(data.trade.notices)]).toEqual([rate, codes])
})
