import fastify, { type FastifyInstance } from 'fastify'
import { buildServer } from '../../src/api/server.ts'
import { composed } from '../support/composed.ts'
import { startPostgres } from '../support/servers.ts'
import { DOCUMENT, FILES, fillVisits, QUESTION } from './visits.ts'

/**
 * The process that `cached.ts` asks: the gateway, and beside it a bare server with one POST route that looks the same
 * bytes up in a Map by the text of the question. Sends its ports and what to ask, then its processor time whenever it is told `cpu`.
 */
const server = await startPostgres()
const redis = process.argv[2]
const gateway = await composed(FILES, server.url, {
  ONESERVICE_NOW: '2026-11-20T10:00:00Z',
  ...(redis === undefined ? {} : { ONESERVICE_REDIS_URL: redis }),
})
await fillVisits(gateway)
const { composition, close } = gateway
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
process.send?.({ port: portOf(app), bare: portOf(bare), question, document, key: made.key })
process.on('message', (message) => {
  const { user, system } = process.cpuUsage()
  if (message === 'cpu') process.send?.(user + system)
  else void stop()
})

async function stop(): Promise<void> {
  await Promise.all([app.close(), bare.close()])
  await close()
  await server.stop()
  process.exit(0)
}
