/** A reproducible source of choices (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** At least 0, below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A whole number from 0 to `below` - 1. */
  int(below: number): number {
    return Math.floor(this.next() * below)
  }

  chance(of: number): boolean {
    return this.next() < of
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(items.length)]
    if (item === undefined && items.length === 0) throw new RangeError('there is nothing to pick from')
    return item as T
  }

  /** Up to `most` different items, at least `least`. */
  some<T>(items: readonly T[], least: number, most: number): T[] {
    const rest = [...items]
    const count = Math.min(rest.length, least + this.int(most - least + 1))
    return Array.from({ length: count }, () => rest.splice(this.int(rest.length), 1)).flat()
  }
}
