/**
 * Exact decimals: units / 10^scale. Integers have scale 0. Sums of money and 64-bit counts travel between
 * stores and callers in this form and never pass through a float.
 */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

export const ZERO: Decimal = { units: 0n, scale: 0 }

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

/** Reads a decimal or integer text, also in exponent form; undefined when it is not a finite number. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = FORM.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return undefined
  const units = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`)
  const scale = fraction.length - Number(exponent)
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 }
}

/** An integer as a Decimal. */
export function fromInteger(value: number | bigint): Decimal {
  return { units: BigInt(value), scale: 0 }
}

function align(a: Decimal, b: Decimal): [bigint, bigint, number] {
  if (a.scale === b.scale) return [a.units, b.units, a.scale]
  if (a.scale < b.scale) return [a.units * 10n ** BigInt(b.scale - a.scale), b.units, b.scale]
  return [a.units, b.units * 10n ** BigInt(a.scale - b.scale), a.scale]
}

export function add(a: Decimal, b: Decimal): Decimal {
  const [x, y, scale] = align(a, b)
  return { units: x + y, scale }
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  const [x, y, scale] = align(a, b)
  return { units: x - y, scale }
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale }
}

/** -1, 0 or 1. */
export function compare(a: Decimal, b: Decimal): number {
  const [x, y] = align(a, b)
  return x < y ? -1 : x > y ? 1 : 0
}

/** Half away from zero at `digits` after the point, as SQL's round does on numeric. */
export function round(a: Decimal, digits: number): Decimal {
  if (digits >= a.scale) return a
  const unit = 10n ** BigInt(a.scale - digits)
  const half = unit / 2n
  const magnitude = a.units < 0n ? -a.units : a.units
  const rounded = (magnitude + half) / unit
  const units = a.units < 0n ? -rounded : rounded
  return digits >= 0 ? { units, scale: digits } : { units: units * 10n ** BigInt(-digits), scale: 0 }
}

/** The nearest double. */
export function toNumber(a: Decimal): number {
  return a.scale === 0 ? Number(a.units) : Number(toText(a))
}

/** Digit for digit, trailing zeros after the point dropped; a valid JSON number. */
export function toText(a: Decimal): string {
  if (a.scale === 0) return a.units.toString()
  const negative = a.units < 0n
  const digits = (negative ? -a.units : a.units).toString().padStart(a.scale + 1, '0')
  const whole = digits.slice(0, -a.scale)
  const fraction = digits.slice(-a.scale).replace(/0+$/, '')
  const text = fraction === '' ? whole : `${whole}.${fraction}`
  return negative && a.units !== 0n ? `-${text}` : text
}
