import { add, type Decimal, toNumber, ZERO } from '../../base/decimal.ts'
import type { Aggregate } from './aggregate.ts'
import { readDecimal } from './sum.ts'

export interface Average {
  readonly sum: Decimal
  readonly count: Decimal
}

/** Travels as (sum, count) and divides last; of nothing it is null. */
export const average: Aggregate<Average> = {
  empty: { sum: ZERO, count: ZERO },
  read: ([sum, count]) => ({ sum: readDecimal(sum ?? null) ?? ZERO, count: readDecimal(count ?? null) ?? ZERO }),
  merge: (a, b) => ({ sum: add(a.sum, b.sum), count: add(a.count, b.count) }),
  finish: ({ sum, count }) => (count.units === 0n ? null : toNumber(sum) / toNumber(count)),
}
