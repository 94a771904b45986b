import { type Decimal, fromInteger, ZERO } from '../../base/decimal.ts'
import type { Aggregate } from './aggregate.ts'
import { ofPresent } from './present.ts'
import { join, leavesOf, type Rope } from './rope.ts'
import { readDecimal } from './sum.ts'

/** Keys that were read, joined as they came: they become a set once, when the count is finished. */
export type Keys = Rope<string>

/** Exact distinct count by its keys; a null key is no key. */
export const distinct: Aggregate<Keys> = {
  empty: null,
  read: ([key = null]) => (key === null ? null : String(key)),
  merge: join,
  finish: (state) => fromInteger(new Set(leavesOf(state)).size),
}

/**
 * A distinct count that its store has finished. Two of them can't be merged: keys may stand in both. Routing asks for
 * this form only where no second one can meet it, and a breach is an error, not a number.
 */
export const countedDistinct: Aggregate<Decimal | null> = {
  empty: null,
  read: ([part]) => readDecimal(part ?? null),
  merge: ofPresent(() => {
    throw new Error('two counted distincts met in one group')
  }),
  finish: (state) => state ?? ZERO,
}
