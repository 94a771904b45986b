import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startRedis } from '../support/redis.ts'
import type { Bench } from './bench.ts'
import { type Load, load, postOf } from './loadClient.ts'
import { median } from './measure.ts'

const SERVER = fileURLToPath(new URL('./cachedServer.ts', import.meta.url))
const ROUNDS = 15
const CONNECTIONS = 32
const ROUND_MS = 600

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
  const child = fork(SERVER, redis === undefined ? [] : [redis], { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] })
  const [target] = (await once(child, 'message')) as [Target]
  const credential = { authorization: `Bearer ${target.key}` }
  const pairs: readonly Pair[] = [
    { name: 'REST', path: '/v1/query', body: target.question, headers: {} },
    { name: 'REST with a key', path: '/v1/query', body: target.question, headers: credential },
    { name: 'GraphQL', path: '/graphql', body: target.document, headers: {} },
    { name: 'GraphQL with a key', path: '/graphql', body: target.document, headers: credential },
  ]
  for (const pair of pairs) print(await lineOf(pair, target, () => cpuOf(child)))
  child.send('stop')
  await once(child, 'exit')
}

interface Pair {
  readonly name: string
  readonly path: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** Bare and ours by turns; of each turn a ratio, so that what else the machine does falls on both. */
async function lineOf(
  { name, path, body, headers }: Pair,
  target: Target,
  cpu: () => Promise<number>,
): Promise<string> {
  const bare = { port: target.bare, request: postOf('/look-up', body) }
  const ours = { port: target.port, request: postOf(path, body, headers) }
  const turns: { readonly bare: Figures; readonly ours: Figures }[] = []
  for (let round = -2; round < ROUNDS; round++) {
    const turn = { bare: await measure(bare, cpu), ours: await measure(ours, cpu) }
    // The first rounds warm both up.
    if (round >= 0) turns.push(turn)
  }
  const ratio = median(turns.map((turn) => turn.ours.perSecond / turn.bare.perSecond))
  const cpuRatio = median(turns.map((turn) => turn.bare.cpu / turn.ours.cpu))
  const rate = (of: 'bare' | 'ours') => median(turns.map((turn) => turn[of].perSecond)).toFixed(0)
  const bytes = `${turns[0]?.ours.bodyBytes ?? 0} bytes`
  return `  ${name.padEnd(20)} ${ratio.toFixed(2)} x  (${rate('ours')} of ${rate('bare')} /s, ${bytes}); by processor time a request ${cpuRatio.toFixed(2)} x`
}

interface Figures {
  readonly perSecond: number
  readonly bodyBytes: number
  /** Microseconds of processor time a request, of the server's whole process. */
  readonly cpu: number
}

async function measure(way: Pick<Load, 'port' | 'request'>, cpu: () => Promise<number>): Promise<Figures> {
  const before = await cpu()
  const { perSecond, bodyBytes, failed, answered } = await load({
    ...way,
    connections: CONNECTIONS,
    milliseconds: ROUND_MS,
  })
  if (failed > 0) throw new Error(`${failed} responses were not 200`)
  return { perSecond, bodyBytes, cpu: ((await cpu()) - before) / answered }
}

async function cpuOf(child: ChildProcess): Promise<number> {
  child.send('cpu')
  const [microseconds] = (await once(child, 'message')) as [number]
  return microseconds
}
