import { compare, type Decimal } from '../../base/decimal.ts'
import type { Aggregate } from './aggregate.ts'
import { readDecimal, readFloat } from './sum.ts'

/** Smallest and largest value; of nothing null. */
export const min = extreme((a, b) => compare(a, b) <= 0)
export const max = extreme((a, b) => compare(a, b) >= 0)

/** The same over doubles, for measures declared as float. */
export const floatMin = floatExtreme(Math.min)
export const floatMax = floatExtreme(Math.max)

function extreme(wins: (a: Decimal, b: Decimal) => boolean): Aggregate<Decimal | null> {
  return {
    empty: null,
    read: ([part]) => readDecimal(part ?? null),
    merge: (a, b) => (a === null ? b : b === null ? a : wins(a, b) ? a : b),
    finish: (state) => state,
  }
}

function floatExtreme(pick: (a: number, b: number) => number): Aggregate<number | null> {
  return {
    empty: null,
    read: ([part]) => readFloat(part ?? null),
    merge: (a, b) => (a === null ? b : b === null ? a : pick(a, b)),
    finish: (state) => state,
  }
}
