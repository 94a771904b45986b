import type { Cell } from '../../base/cell.ts'
import { add, type Decimal, parseDecimal } from '../../base/decimal.ts'
import { ofOnePart } from './present.ts'

/** Exact sum; of nothing it is null, never 0. */
export const sum = ofOnePart(readDecimal, add)

/** Sum of doubles, for measures declared as float. */
export const floatSum = ofOnePart(readFloat, (a, b) => a + b)

/** NaN and infinities, which floats of a store may hold, are no values. */
export function readDecimal(cell: Cell): Decimal | null {
  if (cell === null) return null
  const text = String(cell)
  const point = text.indexOf('.')
  // Up to 15 digits go through a double unharmed, which is several times as fast as reading a BigInt from text.
  const units = Number(point === -1 ? text : text.slice(0, point) + text.slice(point + 1))
  // An exponent would be read as part of the digits behind the point.
  if (!Number.isSafeInteger(units) || text === '' || text.includes('e')) return parseDecimal(text) ?? null
  return { units: BigInt(units), scale: point === -1 ? 0 : text.length - point - 1 }
}

export function readFloat(cell: Cell): number | null {
  const value = cell === null ? Number.NaN : Number(cell)
  return Number.isFinite(value) ? value : null
}
