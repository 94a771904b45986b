import type { Entry } from '../../../src/gateway/cache/entry.ts'
import { tagOf } from '../../../src/gateway/cache/pack.ts'
import type { SharedTier } from '../../../src/gateway/cache/sharedTier.ts'
import type { Random } from '../../support/random.ts'
import type { Timeline } from './timeline.ts'

interface Item {
  readonly entry: Entry
  /** On the world's clock. */
  readonly bornAt: number
  readonly bytes: Buffer
}

/** How long a read takes at most. */
export const SLOWEST_READ = 240

/** What replicas of a world share. It may be away, slow, or hold bytes that were damaged; nobody's clock is its own. */
export class Shelf {
  away = false
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #items = new Map<string, Item>()

  constructor(timeline: Timeline, random: Random) {
    this.#timeline = timeline
    this.#random = random
  }

  /** Changes a byte of something that is kept. */
  damage(): void {
    if (this.#items.size === 0) return
    const [key, { entry, bornAt, bytes }] = this.#random.pick([...this.#items])
    const damaged = Buffer.from(bytes)
    const at = this.#random.int(0, damaged.length - 1)
    damaged[at] = (damaged[at] ?? 0) ^ (1 << this.#random.int(0, 7))
    this.#items.set(key, { entry, bornAt, bytes: damaged })
  }

  /** The shelf as one replica reaches it. `began` is told of each read, and gives what is to be done when it is over. */
  tier(clock: () => number, began: (keys: readonly string[]) => () => void): SharedTier {
    return {
      read: (keys) => {
        const asked = clock()
        const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, Entry>>()
        const over = began(keys)
        const there = this.#random.chance(0.4) ? 0 : this.#random.int(0, SLOWEST_READ / 2)
        const back = this.#random.chance(0.4) ? 0 : this.#random.int(0, SLOWEST_READ / 2)
        this.#timeline.after(there, () => {
          // Ages are told as of the moment of reading, as if the question had come at once.
          const found = this.#take(keys).map(([key, entry, bornAt]): [string, Entry] => [
            key,
            { ...entry, bornAt: asked - (this.#timeline.now - bornAt) },
          ])
          this.#timeline.after(back, () => {
            over()
            resolve(new Map(found))
          })
        })
        return promise
      },
      write: (key, entry, spent) => {
        const item = { entry, bornAt: this.#timeline.now - Math.ceil(spent), bytes: entry.packed }
        const delay = this.#random.chance(0.7) ? 0 : this.#random.int(1, 300)
        this.#timeline.after(delay, () => {
          if (!this.away) this.#items.set(key, item)
        })
      },
    }
  }

  #take(keys: readonly string[]): [string, Entry, number][] {
    if (this.away) return []
    return keys.flatMap((key): [string, Entry, number][] => {
      const item = this.#items.get(key)
      if (item === undefined || tagOf(item.bytes) !== item.entry.tag) return []
      return [[key, { ...item.entry, packed: item.bytes }, item.bornAt]]
    })
  }
}
