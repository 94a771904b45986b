import { type Decimal, parseDecimal, round } from '../base/decimal.ts'

/** The part of d3-format that catalogs use: grouping, a precision, and f, d or %. */
const SPECIFIER = /^(,)?(?:\.(\d{1,2}))?(~)?([fd%])?$/
const DEFAULT_PRECISION = 6

/**
 * A number, given digit for digit, as its `format` says: `.2%`, `,.2f`, `,d`, `,`. Rounded from the digits themselves and
 * not from a float. Digits as they are where the format says nothing, or something that is not known here.
 */
export function formatNumber(digits: string, specifier: string | undefined): string {
  const match = specifier === undefined ? null : SPECIFIER.exec(specifier)
  const value = match === null ? undefined : parseDecimal(digits)
  if (match === null || value === undefined) return digits
  const [, grouping, precision, trim, type] = match
  if (type === undefined && precision !== undefined) return digits
  const text = type === undefined ? plain(digits) : fixed(scaled(value, type), digitsOf(type, precision))
  const trimmed = trim === undefined || !text.includes('.') ? text : text.replace(/\.?0+$/, '')
  return `${grouping === undefined ? trimmed : group(trimmed)}${type === '%' ? '%' : ''}`
}

function scaled(value: Decimal, type: string): Decimal {
  return type === '%' ? { units: value.units * 100n, scale: value.scale } : value
}

function digitsOf(type: string, precision: string | undefined): number {
  return type === 'd' ? 0 : Number(precision ?? DEFAULT_PRECISION)
}

/** Without an exponent, which doubles are written with when they are very large or small. */
function plain(digits: string): string {
  const value = parseDecimal(digits)
  return value === undefined || !/e/i.test(digits) ? digits : fixed(value, value.scale)
}

function fixed(value: Decimal, places: number): string {
  const { units, scale } = round(value, places)
  const all = units * 10n ** BigInt(places - scale)
  const text = (all < 0n ? -all : all).toString().padStart(places + 1, '0')
  const whole = text.slice(0, text.length - places)
  return `${all < 0n ? '-' : ''}${whole}${places === 0 ? '' : `.${text.slice(-places)}`}`
}

function group(text: string): string {
  const [whole = '', fraction] = text.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}
