import type { Redis } from 'ioredis'
import type { RedisLink } from '../redis.ts'
import type { Entry } from './entry.ts'
import type { Stopwatch } from './flights.ts'
import { tagOf } from './pack.ts'
import type { SharedTier } from './sharedTier.ts'

/** How long answers stay in Redis. A live one is of no use for long; one of pinned versions until they are dropped. */
const LIVE_LIFE_MS = 60_000
export const PINNED_LIFE_MS = 3_600_000
const MOST_BYTES = 8 * 1024 * 1024
/** Goes up whenever the form of what is kept changes: replicas of two releases then leave each other's alone. */
const FORM = 4

interface Head {
  readonly queryId: string
  readonly tag: string
  readonly pinned: boolean
  /** On Redis's clock, in milliseconds; as early as it may have been. */
  readonly bornAt: number
}

/** The two clocks at one moment: what Redis said, and when its word had come. */
interface Moment {
  readonly redis: number
  readonly here: number
}

/**
 * Answers in Redis: a seal, a line of JSON, then the packed figures. Moments are told on Redis's own clock, so that those
 * of replicas need not agree, and are fixed before anything is sent: a write that is held up makes nothing younger.
 */
export class RedisTier implements SharedTier {
  readonly #link: RedisLink
  readonly #clock: Stopwatch
  #moment: Moment | undefined

  constructor(link: RedisLink, clock: Stopwatch) {
    this.#link = link
    this.#clock = clock
  }

  async read(keys: readonly string[]): Promise<ReadonlyMap<string, Entry>> {
    const asked = this.#clock()
    const replies = await this.#link.run(async (redis) => {
      const reading = redis.multi().time()
      for (const key of keys) reading.getBuffer(nameOf(key))
      return reading.exec()
    })
    const entries = new Map<string, Entry>()
    const redis = millisecondsOf(replies?.[0]?.[1])
    if (redis === undefined) return entries
    this.#moment = { redis, here: this.#clock() }
    for (const [i, key] of keys.entries()) {
      const entry = readEntry(key, replies?.[i + 1]?.[1], (bornAt) => asked - (redis - bornAt))
      if (entry !== undefined && entry.bornAt <= asked) entries.set(key, entry)
    }
    return entries
  }

  write(key: string, { packed, queryId, tag, pinned }: Entry, spent: number): void {
    if (packed.length > MOST_BYTES) return
    const born = this.#clock() - spent
    void this.#link.run(async (redis) => {
      const { redis: then, here } = this.#moment ?? (await this.#meet(redis))
      const head: Head = { queryId, tag, pinned, bornAt: Math.floor(then + (born - here)) }
      const body = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), packed])
      const bytes = Buffer.concat([Buffer.from(tagOf(body)), body])
      return redis.set(nameOf(key), bytes, 'PX', pinned ? PINNED_LIFE_MS : LIVE_LIFE_MS)
    })
  }

  async #meet(redis: Redis): Promise<Moment> {
    const moment = { redis: millisecondsOf(await redis.time()) ?? 0, here: this.#clock() }
    this.#moment = moment
    return moment
  }
}

function nameOf(key: string): string {
  return `oneservice:answer:${FORM}:${key}`
}

/** What TIME gives: seconds, and microseconds of the next. */
function millisecondsOf(time: unknown): number | undefined {
  if (!Array.isArray(time) || time.length !== 2) return undefined
  return Number(time[0]) * 1000 + Number(time[1]) / 1000
}

const SEAL_LENGTH = tagOf(Buffer.alloc(0)).length

/** An entry as old as it is or older, never younger; undefined for what was damaged on the way. */
function readEntry(key: string, bytes: unknown, here: (bornAt: number) => number): Entry | undefined {
  if (!Buffer.isBuffer(bytes)) return undefined
  const body = bytes.subarray(SEAL_LENGTH)
  if (bytes.toString('latin1', 0, SEAL_LENGTH) !== tagOf(body)) return undefined
  const end = body.indexOf('\n')
  const { queryId, tag, pinned, bornAt } = JSON.parse(body.toString('utf8', 0, end)) as Head
  return { key, packed: body.subarray(end + 1), queryId, tag, bornAt: here(bornAt), pinned, forms: new Map() }
}
