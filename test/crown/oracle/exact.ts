/** Exact decimals of the oracle: units / 10^scale in BigInt. */
export interface Exact {
  readonly units: bigint
  readonly scale: number
}

/** A finished metric value. */
export type Measured = Exact | number | null

export function exact(units: bigint | number, scale = 0): Exact {
  return { units: BigInt(units), scale }
}

export function isExact(value: unknown): value is Exact {
  return typeof value === 'object' && value !== null && 'units' in value
}

function over(a: Exact, b: Exact, combine: (x: bigint, y: bigint) => bigint): Exact {
  const scale = Math.max(a.scale, b.scale)
  return { units: combine(at(a, scale), at(b, scale)), scale }
}

function at({ units, scale }: Exact, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale)
}

export const plus = (a: Exact, b: Exact): Exact => over(a, b, (x, y) => x + y)
export const minus = (a: Exact, b: Exact): Exact => over(a, b, (x, y) => x - y)
export const times = (a: Exact, b: Exact): Exact => ({ units: a.units * b.units, scale: a.scale + b.scale })

/** Negative, 0 or positive. */
export function order(a: Exact, b: Exact): number {
  const difference = minus(a, b).units
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Rounds half away from zero. */
export function rounded(a: Exact, digits: number): Exact {
  if (a.scale <= digits) return a
  const step = 10n ** BigInt(a.scale - digits)
  const size = a.units < 0n ? -a.units : a.units
  const up = (size % step) * 2n >= step ? 1n : 0n
  const units = size / step + up
  return { units: a.units < 0n ? -units : units, scale: digits }
}

/** Digit for digit, without zeros that say nothing. */
export function textOf({ units, scale }: Exact): string {
  let [digits, point] = [units < 0n ? -units : units, scale]
  while (point > 0 && digits % 10n === 0n) [digits, point] = [digits / 10n, point - 1]
  const text = digits.toString().padStart(point + 1, '0')
  const whole = point === 0 ? text : `${text.slice(0, -point)}.${text.slice(-point)}`
  return units < 0n ? `-${whole}` : whole
}

export function numberOf(value: Exact): number {
  return Number(textOf(value))
}

/** Reads a plain decimal text, as questions hold. */
export function readExact(text: string): Exact {
  const [whole = '0', fraction = ''] = text.split('.')
  return { units: BigInt(whole + fraction), scale: fraction.length }
}
