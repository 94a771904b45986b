import { type Decimal, fromInteger, ZERO } from '../../base/decimal.ts'
import type { Aggregate } from './aggregate.ts'
import { readDecimal } from './sum.ts'

/** Keys that were read, joined as they came: they become a set once, when the count is finished. */
export type Keys = null | string | { readonly left: Keys; readonly right: Keys }

/** Exact distinct count by its keys; a null key is no key. Merging is a join of two ropes, whatever they hold. */
export const distinct: Aggregate<Keys> = {
  empty: null,
  read: ([key]) => (key === null || key === undefined ? null : String(key)),
  merge: (left, right) => (left === null ? right : right === null ? left : { left, right }),
  finish: (state) => fromInteger(setOf(state).size),
}

/** Without recursion: a rope is as deep as there are keys. */
function setOf(state: Keys): ReadonlySet<string> {
  const keys = new Set<string>()
  const rest: Keys[] = [state]
  while (rest.length > 0) {
    const next = rest.pop() ?? null
    if (typeof next === 'string') keys.add(next)
    else if (next !== null) rest.push(next.left, next.right)
  }
  return keys
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
