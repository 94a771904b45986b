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
  if (typeof cell === 'string' && cell.length < 16) return readShort(cell)
  if (typeof cell === 'number') return Number.isFinite(cell) ? (parseDecimal(String(cell)) ?? null) : null
  return parseDecimal(cell) ?? null
}

/** Up to 15 digits go through a double unharmed, which is several times as fast as reading a BigInt from text. */
function readShort(text: string): Decimal | null {
  const point = text.indexOf('.')
  const units = Number(point < 0 ? text : text.slice(0, point) + text.slice(point + 1))
  // An exponent would be read as part of the digits behind the point.
  if (!Number.isSafeInteger(units) || text === '' || text.includes('e')) return parseDecimal(text) ?? null
  return { units: BigInt(units), scale: point < 0 ? 0 : text.length - point - 1 }
}

export function readFloat(cell: Cell): number | null {
  const value = cell === null ? Number.NaN : Number(cell)
  return Number.isFinite(value) ? value : null
}
