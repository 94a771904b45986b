import type { Cell } from '../../base/cell.ts'
import { add, type Decimal, parseDecimal } from '../../base/decimal.ts'
import type { Aggregate } from './aggregate.ts'

/** Exact sum; of nothing it is null, never 0. */
export const sum: Aggregate<Decimal | null> = {
  empty: null,
  read: ([part]) => readDecimal(part ?? null),
  merge: (a, b) => (a === null ? b : b === null ? a : add(a, b)),
  finish: (state) => state,
}

/** Sum of doubles, for measures declared as float. */
export const floatSum: Aggregate<number | null> = {
  empty: null,
  read: ([part]) => readFloat(part ?? null),
  merge: (a, b) => (a === null ? b : b === null ? a : a + b),
  finish: (state) => state,
}

/** NaN and infinities, which floats of a store may hold, are no values. */
export function readDecimal(cell: Cell): Decimal | null {
  if (cell === null || typeof cell === 'boolean') return null
  if (typeof cell === 'number') return Number.isFinite(cell) ? (parseDecimal(String(cell)) ?? null) : null
  return parseDecimal(cell) ?? null
}

export function readFloat(cell: Cell): number | null {
  const value = cell === null ? Number.NaN : Number(cell)
  return Number.isFinite(value) ? value : null
}
