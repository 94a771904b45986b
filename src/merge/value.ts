import { compare, type Decimal, parseDecimal, toNumber, toText } from '../base/decimal.ts'
import type { Day, Instant } from '../base/time.ts'

/** A finished value: exact numbers are Decimals, floats are numbers, integer keys are numbers or bigints. */
export type Value = null | boolean | string | number | bigint | Decimal

/** A group key; the time bucket is a Day or an Instant. */
export type Key = null | boolean | string | number | bigint | Day | Instant

export function isDecimal(value: Value): value is Decimal {
  return typeof value === 'object' && value !== null
}

/** The value as a double; null stays null. */
export function asNumber(value: Value): number | null {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return null
  return isDecimal(value) ? toNumber(value) : Number(value)
}

/** Orders by code point, so that both engines and every collation give one order. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    // Surrogates stand for code points above every other unit.
    const xHigh = x >= 0xd800 && x <= 0xdfff
    const yHigh = y >= 0xd800 && y <= 0xdfff
    return Number(xHigh) - Number(yHigh) || x - y
  }
  return a.length - b.length
}

/** Orders two values of one column, neither of them null. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'string') return compareText(a, String(b))
  if (isDecimal(a) && isDecimal(b)) return compare(a, b)
  const x = isDecimal(a) ? toNumber(a) : a
  const y = isDecimal(b) ? toNumber(b) : b
  return x === null || y === null ? 0 : Number(x > y) - Number(x < y)
}

/** Compares a finished metric with a number written as text, exactly where the metric is exact. */
export function compareWithText(value: number | bigint | Decimal, text: string): number {
  if (typeof value === 'number') return Math.sign(value - Number(text))
  const exact: Decimal = typeof value === 'bigint' ? { units: value, scale: 0 } : value
  const other = parseDecimal(text)
  if (other === undefined) throw new TypeError('a filter value that is not a number passed its check')
  return compare(exact, other)
}

/** The value as JSON text; exact numbers digit for digit, no float in between. */
export function toJson(value: Value): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null'
    case 'boolean':
    case 'bigint':
      return String(value)
    default:
      return toText(value)
  }
}
