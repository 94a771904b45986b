import { LRUCache } from 'lru-cache'
import type { Stopwatch } from '../cache/flights.ts'
import type { RedisLink } from '../redis.ts'
import { type FullAt, type Rate, take, type Verdict, verdictOf } from './bucket.ts'

/** Buckets of the process; the one longest left alone gives way, and is most likely full. */
const MOST_BUCKETS = 200_000

/** bucket.ts in Redis, on its clock: {1, 0 or the milliseconds to wait, milliseconds until full}. */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local each = 1000 / tonumber(ARGV[1])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local after = full + tonumber(ARGV[3]) * each
local missing = after - now - tonumber(ARGV[2]) * each
if missing > 0.001 then return {0, string.format('%.3f', missing), string.format('%.3f', full - now)} end
redis.call('SET', KEYS[1], string.format('%.3f', after), 'PX', math.ceil(after - now) + 1000)
return {1, '0', string.format('%.3f', after - now)}`

/** What was taken of a bucket here, and when it would be full again after that. */
interface Taken {
  readonly id: string
  readonly rate: Rate
  readonly cost: number
  readonly full: FullAt
}

/**
 * One token bucket a caller. Each replica keeps its own; where Redis is, the bucket there counts for all of them, and a
 * request needs both. So a replica on its own still holds the whole rate, and a caller in a loop is refused here without
 * asking Redis. (No library at hand has one token bucket in memory and in Redis; theirs count windows, which let twice
 * the burst through at an edge.)
 */
export class Limiter {
  readonly #clock: Stopwatch
  readonly #link: RedisLink | undefined
  readonly #buckets = new LRUCache<string, FullAt>({ max: MOST_BUCKETS })

  constructor(clock: Stopwatch, link?: RedisLink) {
    this.#clock = clock
    this.#link = link
  }

  /** Takes `cost` tokens from the bucket of `id`; at once where only this process counts. */
  take(id: string, rate: Rate, cost: number): Verdict | Promise<Verdict> {
    const { verdict, full } = take(this.#buckets.get(id) ?? 0, rate, cost, this.#clock())
    if (!verdict.allowed) return verdict
    this.#buckets.set(id, full)
    return this.#link?.isUp ? this.#takeShared({ id, rate, cost, full }, verdict, this.#link) : verdict
  }

  async #takeShared(taken: Taken, local: Verdict, link: RedisLink): Promise<Verdict> {
    const { id, rate, cost } = taken
    const said = await link.run((redis) =>
      redis.eval(TAKE, 1, `oneservice:bucket:${id}`, rate.perSecond, rate.burst, cost),
    )
    const [allowed, missing, untilFull] = Array.isArray(said) ? said.map(Number) : []
    if (allowed === undefined || missing === undefined || untilFull === undefined) return local
    const now = this.#clock()
    const shared = verdictOf(now + untilFull, rate, now, missing)
    if (!shared.allowed) this.#giveBack(taken, now)
    return shared.remaining < local.remaining || !shared.allowed ? shared : local
  }

  /** Refused by all replicas together: it was not taken here either. */
  #giveBack({ id, rate, cost, full: then }: Taken, now: number): void {
    const full = this.#buckets.get(id)
    // What has come in since by itself is not given back once more.
    const left = Math.min(Math.max(then - now, 0), (cost * 1000) / rate.perSecond)
    if (full !== undefined) this.#buckets.set(id, full - left)
  }
}
