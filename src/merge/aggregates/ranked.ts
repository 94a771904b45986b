import { type Decimal, parseDecimal } from '../../base/decimal.ts'

/** A value and how often it occurs. */
export interface Counted<Item> {
  readonly value: Item
  readonly count: bigint
}

/** Two neighbours and how far between them a place lies, from 0 to 1. */
export interface Between<Item> {
  readonly lower: Item
  readonly upper: Item
  readonly share: Decimal
}

/** A share as the decimal it was written as: 0.07 of 100 values are 7, which a double makes 7.000000000000001. */
export function readShare(p: number): Decimal {
  const share = p >= 0 && p <= 1 ? parseDecimal(String(p)) : undefined
  if (share === undefined) throw new RangeError('a percentile lies between 0 and 1')
  return share
}

/** The first value up to which at least the share `p` of all has come, as SQL's percentile_disc; undefined of none. */
export function valueAtShare<Item>(ordered: readonly Counted<Item>[], p: Decimal): Item | undefined {
  const unit = 10n ** BigInt(p.scale)
  return valueAt(ordered, (p.units * sizeOf(ordered) + unit - 1n) / unit)
}

/** The values around the place 1 + p(n - 1), as SQL's percentile_cont; undefined of none. */
export function valuesAround<Item>(ordered: readonly Counted<Item>[], p: Decimal): Between<Item> | undefined {
  const unit = 10n ** BigInt(p.scale)
  const distance = p.units * (sizeOf(ordered) - 1n)
  const place = 1n + distance / unit
  const rest = distance % unit
  const lower = valueAt(ordered, place)
  const upper = rest === 0n ? lower : valueAt(ordered, place + 1n)
  return lower === undefined || upper === undefined
    ? undefined
    : { lower, upper, share: { units: rest, scale: p.scale } }
}

function sizeOf(counted: readonly Counted<unknown>[]): bigint {
  return counted.reduce((size, { count }) => size + count, 0n)
}

/** The value at a place counted from 1; before it, the first. */
function valueAt<Item>(ordered: readonly Counted<Item>[], place: bigint): Item | undefined {
  let passed = 0n
  for (const { value, count } of ordered) {
    passed += count
    if (passed >= place) return value
  }
  return undefined
}
