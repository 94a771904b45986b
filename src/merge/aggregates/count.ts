import { add, type Decimal, ZERO } from '../../base/decimal.ts'
import type { Aggregate } from './aggregate.ts'
import { readDecimal } from './sum.ts'

/** Number of rows or of values; of nothing it is 0. */
export const count: Aggregate<Decimal> = {
  empty: ZERO,
  read: ([part]) => readDecimal(part ?? null) ?? ZERO,
  merge: add,
  finish: (state) => state,
}
