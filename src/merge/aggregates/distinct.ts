import { type Decimal, fromInteger, ZERO } from '../../base/decimal.ts'
import type { Aggregate } from './aggregate.ts'
import { readDecimal } from './sum.ts'

/** Exact distinct count by the set of its keys; a null key is no key. */
export const distinct: Aggregate<ReadonlySet<string>> = {
  empty: new Set(),
  read: ([key]) => (key === null || key === undefined ? new Set() : new Set([String(key)])),
  merge: (a, b) => (a.size < b.size ? union(b, a) : union(a, b)),
  finish: (state) => fromInteger(state.size),
}

function union(large: ReadonlySet<string>, small: ReadonlySet<string>): ReadonlySet<string> {
  return small.size === 0 ? large : large.union(small)
}

/**
 * A distinct count that its store has finished. Two of them can't be merged: keys may stand in both. Routing asks for
 * this form only where no second one can meet it, and a breach is an error, not a number.
 */
export const countedDistinct: Aggregate<Decimal | null> = {
  empty: null,
  read: ([part]) => readDecimal(part ?? null),
  merge: (a, b) => {
    if (a !== null && b !== null) throw new Error('two counted distincts met in one group')
    return a ?? b
  },
  finish: (state) => state ?? ZERO,
}
