import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startRedis } from '../support/redis.ts'
import type { Bench } from './bench.ts'
import { type Load, load, postOf } from './loadClient.ts'
import { median } from './measure.ts'

const SERVER = fileURLToPath(new URL('./cachedServer.ts', import.meta.url))
const ROUNDS = 7
const CONNECTIONS = 32
const ROUND_MS = 1500

interface Target {
  readonly port: number
  readonly bare: number
  readonly question: string
  readonly document: string
  readonly key: string
}

/** Requests a second of cached answers, against a bare Fastify route that looks the same bytes up in a Map. */
export const cached: Bench = {
  name: 'cached',
  says: 'a cached answer by REST and GraphQL against a bare Fastify POST route with a Map of the same bytes',
  async run(print) {
    print(
      `  ${CONNECTIONS} connections, the server in a process of its own; median of ${ROUNDS} rounds of ${ROUND_MS} ms`,
    )
    await compare(undefined, print)
    const redis = await startRedis()
    print('  the same with Redis: each request takes its tokens there')
    await compare(redis.url, print)
    await redis.stop()
  },
}

async function compare(redis: string | undefined, print: (line: string) => void): Promise<void> {
  const child = spawn(process.execPath, [SERVER, ...(redis === undefined ? [] : [redis])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  const target = JSON.parse(String(line)) as Target
  const credential = { authorization: `Bearer ${target.key}` }
  const ways = {
    'bare, bytes of REST': { port: target.bare, request: postOf('/look-up', target.question) },
    REST: { port: target.port, request: postOf('/v1/query', target.question) },
    'REST with a key': { port: target.port, request: postOf('/v1/query', target.question, credential) },
    'bare, bytes of GraphQL': { port: target.bare, request: postOf('/look-up', target.document) },
    GraphQL: { port: target.port, request: postOf('/graphql', target.document) },
    'GraphQL with a key': { port: target.port, request: postOf('/graphql', target.document, credential) },
  }
  const rates = await interleavedRates(ways)
  for (const [name, { perSecond, bodyBytes }] of rates) {
    const base = rates.get(name.includes('GraphQL') ? 'bare, bytes of GraphQL' : 'bare, bytes of REST')?.perSecond
    const ratio = base === undefined ? Number.NaN : perSecond / base
    print(`  ${name.padEnd(26)} ${perSecond.toFixed(0).padStart(8)} /s  ${ratio.toFixed(2)} x  ${bodyBytes} bytes`)
  }
  child.stdin.end()
  await once(child, 'exit')
}

type Way = Pick<Load, 'port' | 'request'>

async function interleavedRates(
  ways: Readonly<Record<string, Way>>,
): Promise<Map<string, { perSecond: number; bodyBytes: number }>> {
  const figures = new Map<string, number[]>()
  const bytes = new Map<string, number>()
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const { perSecond, bodyBytes, failed } = await load({ ...way, connections: CONNECTIONS, milliseconds: ROUND_MS })
      if (failed > 0) throw new Error(`${name}: ${failed} responses were not 200`)
      bytes.set(name, bodyBytes)
      // The first round warms everything up.
      if (round >= 0) figures.set(name, [...(figures.get(name) ?? []), perSecond])
    }
  }
  return new Map([...figures].map(([name, all]) => [name, { perSecond: median(all), bodyBytes: bytes.get(name) ?? 0 }]))
}
