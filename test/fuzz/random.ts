import { Random as Seeded } from '../support/random.ts'

/** The choices of the fuzzer, from the seeded source that all tests share. */
export class Random {
  readonly #seeded: Seeded

  constructor(seed: number) {
    this.#seeded = new Seeded(seed)
  }

  /** At least 0, below 1. */
  next(): number {
    return this.#seeded.next()
  }

  /** A whole number from 0 to `below` - 1. */
  int(below: number): number {
    return Math.floor(this.next() * below)
  }

  chance(of: number): boolean {
    return this.#seeded.chance(of)
  }

  /** One of the items, which may be undefined. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('there is nothing to pick from')
    return items[this.int(items.length)] as T
  }

  /** Up to `most` different items, at least `least`. */
  some<T>(items: readonly T[], least: number, most: number): T[] {
    const rest = [...items]
    const count = Math.min(rest.length, least + this.int(most - least + 1))
    return Array.from({ length: count }, () => rest.splice(this.int(rest.length), 1)).flat()
  }
}
