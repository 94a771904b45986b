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
const FORM = 2

interface Head {
  readonly queryId: string
  readonly tag: string
  readonly pinned: boolean
  /** Milliseconds that had passed when it was written. */
  readonly spent: number
}

/**
 * Answers in Redis: a line of JSON, then the packed figures. Ages are told by what is left of the key's life on Redis's
 * own clock, so that clocks of replicas need not agree.
 */
export class RedisTier implements SharedTier {
  readonly #link: RedisLink
  readonly #clock: Stopwatch

  constructor(link: RedisLink, clock: Stopwatch) {
    this.#link = link
    this.#clock = clock
  }

  async read(keys: readonly string[]): Promise<ReadonlyMap<string, Entry>> {
    const asked = this.#clock()
    const replies = await this.#link.run(async (redis) => {
      // One transaction: bytes and life are of the same entry, also while another replica writes a newer one.
      const reading = redis.multi()
      for (const key of keys) reading.getBuffer(nameOf(key)).pttl(nameOf(key))
      return reading.exec()
    })
    const entries = new Map<string, Entry>()
    for (const [i, key] of keys.entries()) {
      const entry = readEntry(key, replies?.[2 * i]?.[1], replies?.[2 * i + 1]?.[1], asked)
      if (entry !== undefined) entries.set(key, entry)
    }
    return entries
  }

  write(key: string, { packed, queryId, tag, pinned }: Entry, spent: number): void {
    if (packed.length > MOST_BYTES) return
    const head: Head = { queryId, tag, pinned, spent: Math.ceil(spent) }
    const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), packed])
    void this.#link.run((redis) => redis.set(nameOf(key), bytes, 'PX', lifeOf(pinned)))
  }
}

function nameOf(key: string): string {
  return `oneservice:answer:${FORM}:${key}`
}

function lifeOf(pinned: boolean): number {
  return pinned ? PINNED_LIFE_MS : LIVE_LIFE_MS
}

/** An entry as old as it is or older, never younger; undefined for what was damaged on the way. */
function readEntry(key: string, bytes: unknown, left: unknown, asked: number): Entry | undefined {
  if (!Buffer.isBuffer(bytes) || typeof left !== 'number' || left < 0) return undefined
  const end = bytes.indexOf('\n')
  try {
    const { queryId, tag, pinned, spent } = JSON.parse(bytes.toString('utf8', 0, Math.max(0, end))) as Head
    const packed = bytes.subarray(end + 1)
    if (tag !== tagOf(packed)) return undefined
    return { key, packed, queryId, tag, bornAt: asked - (lifeOf(pinned) - left) - spent, pinned, forms: new Map() }
  } catch {
    return undefined
  }
}
