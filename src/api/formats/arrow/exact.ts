import { type DataType, decimal128, decimal256, int64 } from '@uwdata/flechette'
import { type Decimal, fromInteger, parseDecimal, toText } from '../../../base/decimal.ts'
import { isDecimal, type Value } from '../../../merge/value.ts'

/** What the exact numbers of a column need. */
interface Extent {
  /** The most digits after the point, zeros at the end not counted. */
  readonly scale: number
  /** The most digits in all, written with that scale. */
  readonly digits: number
  readonly isInt64: boolean
}

/** A type of exact numbers that holds each of a column to the last digit, and how one is put into it. */
export interface ExactType {
  readonly type: DataType
  readonly cell: (value: Value) => bigint | null
}

/** Digits that decimal128 and decimal256 hold. */
const DIGITS_128 = 38
const DIGITS_256 = 76

/**
 * The narrowest type for a column: int64 for integers that are within 64 bits, else a decimal of the column's largest
 * scale. Undefined when no type holds them, or one is no number: then they are to be written as texts.
 */
export function exactTypeOf(values: readonly Value[], declared: 'int64' | 'decimal'): ExactType | undefined {
  const extent = extentOf(values)
  if (extent === undefined) return undefined
  const type = declared === 'int64' && extent.isInt64 ? int64() : decimalFor(extent)
  const { scale } = extent
  return type && { type, cell: (value) => unitsOf(value, scale) }
}

/** The digits of an exact number as text; null where it is none. */
export function exactText(value: Value): string | null {
  const exact = exactOf(value)
  return exact === undefined ? String(value) : exact && toText(exact)
}

function decimalFor({ digits, scale }: Extent): DataType | undefined {
  const needed = Math.max(digits, scale)
  if (needed <= DIGITS_128) return decimal128(DIGITS_128, scale)
  return needed <= DIGITS_256 ? decimal256(DIGITS_256, scale) : undefined
}

function extentOf(values: readonly Value[]): Extent | undefined {
  const largest = new Map<number, bigint>()
  let isInt64 = true
  for (const value of values) {
    const exact = exactOf(value)
    if (exact === undefined) return undefined
    if (exact === null) continue
    const { units, scale } = exact
    const magnitude = units < 0n ? -units : units
    if (magnitude > (largest.get(scale) ?? -1n)) largest.set(scale, magnitude)
    isInt64 &&= scale === 0 && BigInt.asIntN(64, units) === units
  }
  const scale = Math.max(0, ...largest.keys())
  const digits = [...largest].map(([own, magnitude]) => String(magnitude * 10n ** BigInt(scale - own)).length)
  return { scale, digits: Math.max(0, ...digits), isInt64 }
}

function unitsOf(value: Value, scale: number): bigint | null {
  const exact = exactOf(value)
  return exact ? exact.units * 10n ** BigInt(scale - exact.scale) : null
}

/** Without zeros at the end, which an answer that was kept no longer has. null for null, undefined for what is no number. */
function exactOf(value: Value): Decimal | null | undefined {
  if (value === null) return null
  if (typeof value === 'bigint') return fromInteger(value)
  if (typeof value === 'number') return Number.isFinite(value) ? trim(parseNumber(value)) : null
  return isDecimal(value) ? trim(value) : undefined
}

function parseNumber(value: number): Decimal {
  return Number.isInteger(value) ? fromInteger(value) : (parseDecimal(String(value)) ?? fromInteger(0))
}

function trim(decimal: Decimal): Decimal {
  let { units, scale } = decimal
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n
    scale -= 1
  }
  return scale === decimal.scale ? decimal : { units, scale }
}
