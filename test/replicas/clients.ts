import { setTimeout as sleep } from 'node:timers/promises'
import { LIVE_MS } from '../../src/gateway/cache/answerCache.ts'
import type { Random } from '../support/random.ts'
import { LIVE, PUBLISHED } from './ferry.ts'
import type { Ledger } from './ledger.ts'
import type { Replica, Told } from './pair.ts'

/** What a client asks, and how to read the reply. */
interface Errand {
  readonly send: (replica: Replica, key: string) => Promise<Told>
  readonly allowed: number
  readonly cost: number
  readonly count: (body: Told['body']) => number | undefined
  readonly rows: (body: Told['body']) => unknown
  readonly receipts: (body: Told['body']) => readonly { readonly epoch: number; readonly cache: string }[]
}

const none = (): undefined => undefined
const today = JSON.stringify(LIVE.time.range)
const days = JSON.stringify(PUBLISHED.time.range)
const receipt = 'receipt { epoch cache }'
const live = `live: harbour(time: {range: ${today}}) { rows { passages } ${receipt} }`
const published = `published: harbour(time: {range: ${days}, grain: DAY}) { rows { time passages low: value_low high: value_high finality } ${receipt} }`

const rest = (question: object, part: Partial<Errand>): Errand => ({
  send: (replica, key) => replica.ask(question, key),
  allowed: LIVE_MS,
  cost: 1,
  count: none,
  rows: none,
  receipts: (body) => [body.receipt],
  ...part,
})
const graphql = (query: string, cost: number, part: Partial<Errand>): Errand => ({
  ...rest({}, part),
  send: (replica, key) => replica.graphql(query, key),
  cost,
  receipts: ({ data }) => [data.live, data.published].flatMap((each) => (each === undefined ? [] : [each.receipt])),
})
const count = (body: Told['body']): number => Number(body.rows?.[0]?.[0] ?? body.data?.live.rows[0].passages)
const rowsOfDocument = ({ data }: Told['body']): unknown => data.published.rows.map((row: object) => Object.values(row))

/** All ways to ask for what changes by itself and what changes by publication. */
export const ERRANDS: readonly Errand[] = [
  rest(LIVE, { count }),
  rest({ ...LIVE, maxStaleness: 3 }, { count, allowed: 3000 }),
  rest(PUBLISHED, { rows: ({ rows }) => rows }),
  graphql(`{ ${live} }`, 1, { count }),
  graphql(`{ ${live} ${published} }`, 2, { count, rows: rowsOfDocument }),
]

/** Who asks which gateway. */
export interface Client {
  readonly replica: Replica
  readonly index: 0 | 1
  readonly key: string
  /** True for the caller that may be refused when it asks too much. */
  readonly limited: boolean
}

/** Asks again and again until `over`, and writes down what it sees. */
export async function runClient(client: Client, ledger: Ledger, random: Random, over: () => boolean): Promise<void> {
  while (!over()) {
    await askOnce(client, random.pick(ERRANDS), ledger)
    await sleep(random.int(2, 25))
  }
}

async function askOnce({ replica, index, key, limited }: Client, errand: Errand, ledger: Ledger): Promise<void> {
  const asked = performance.now()
  const { status, body } = await errand.send(replica, key)
  const replied = performance.now()
  if (limited && status === 429) ledger.refused++
  else if (status !== 200 || body.errors !== undefined) ledger.failures.push(`${status} ${JSON.stringify(body)}`)
  else {
    if (limited) ledger.grants[index].push({ asked, replied, cost: errand.cost })
    const receipts = errand.receipts(body)
    ledger.seen.push({
      replica: index,
      asked,
      replied,
      allowed: errand.allowed,
      count: errand.count(body),
      rows: errand.rows(body),
      epochs: receipts.map(({ epoch }) => epoch),
      caches: receipts.map(({ cache }) => cache),
    })
  }
}
