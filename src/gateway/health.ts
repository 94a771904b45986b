import type { Clock } from '../base/clock.ts'

/** How long a store that could not be reached is left alone. */
const REST_MS = 2000

const NONE: ReadonlySet<string> = new Set()

/** Which stores could not be reached just now. A resting store is tried again by the first question after its rest. */
export class StoreHealth {
  readonly #clock: Clock
  readonly #downUntil = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  markDown(store: string): void {
    this.#downUntil.set(store, this.#clock() + REST_MS)
  }

  down(): ReadonlySet<string> {
    if (this.#downUntil.size === 0) return NONE
    const now = this.#clock()
    for (const [store, until] of this.#downUntil) if (until <= now) this.#downUntil.delete(store)
    return new Set(this.#downUntil.keys())
  }
}
