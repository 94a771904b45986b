import { add, type Decimal, multiply, subtract, ZERO } from '../../base/decimal.ts'
import type { Aggregate } from './aggregate.ts'
import { readDecimal } from './sum.ts'

const ONE: Decimal = { units: 1n, scale: 0 }

export interface Moments {
  readonly count: Decimal
  readonly sum: Decimal
  readonly squares: Decimal
}

/**
 * Sample variance of exact values: travels as (n, sum of x, sum of x squared), all exact, so the textbook formula
 * (squares - sum^2 / n) / (n - 1) loses no digit to cancellation. Only its last division gives a double, the nearest
 * one. Of less than two values it is null.
 */
export const variance = momentsFinishedAs(sampleVariance)

/** Sample standard deviation: the square root of `variance`. */
export const stddev = momentsFinishedAs((state) => rootOf(sampleVariance(state)))

function momentsFinishedAs(finish: (state: Moments) => number | null): Aggregate<Moments> {
  return {
    empty: { count: ZERO, sum: ZERO, squares: ZERO },
    read: ([count, sum, squares]) => ({
      count: readDecimal(count ?? null) ?? ZERO,
      sum: readDecimal(sum ?? null) ?? ZERO,
      squares: readDecimal(squares ?? null) ?? ZERO,
    }),
    merge: (a, b) => ({
      count: add(a.count, b.count),
      sum: add(a.sum, b.sum),
      squares: add(a.squares, b.squares),
    }),
    finish,
  }
}

/** Over one denominator: (n * squares - sum^2) / (n * (n - 1)). */
function sampleVariance({ count, sum, squares }: Moments): number | null {
  const pairs = multiply(count, subtract(count, ONE))
  if (pairs.units === 0n) return null
  const spread = subtract(multiply(count, squares), multiply(sum, sum))
  // Exact sums never give less than 0; a store that rounded its squares can.
  return Math.max(0, quotient(spread.units * 10n ** BigInt(pairs.scale), pairs.units * 10n ** BigInt(spread.scale)))
}

/** The double nearest to a quotient of two integers, the second of them positive. */
function quotient(numerator: bigint, denominator: bigint): number {
  // Some 70 bits of quotient, the last one set where digits were cut off: enough to round once and rightly.
  const shift = 72 - 4 * (numerator.toString(16).length - denominator.toString(16).length)
  const shifted = numerator << BigInt(Math.max(0, shift))
  const divisor = denominator << BigInt(Math.max(0, -shift))
  const sticky = (shifted / divisor) | BigInt(shifted % divisor !== 0n)
  // In two steps: 2 ** -shift alone may be beyond a double where the quotient is not.
  const half = shift >> 1
  return Number(sticky) * 2 ** -half * 2 ** (half - shift)
}

export interface FloatMoments {
  readonly count: number
  readonly mean: number
  /** Sum of the squared distances from the mean, M2 in the paper. */
  readonly spread: number
}

const NO_FLOATS: FloatMoments = { count: 0, mean: 0, spread: 0 }

/**
 * Sample variance of doubles: travels as (n, mean, M2) and is merged by the pairwise update of Chan, Golub and LeVeque,
 * "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances" (1979), which does not cancel where the
 * mean is far from 0. Of less than two values it is null.
 */
export const floatVariance = floatMomentsFinishedAs(floatSampleVariance)

/** Sample standard deviation of doubles: the square root of `floatVariance`. */
export const floatStddev = floatMomentsFinishedAs((state) => rootOf(floatSampleVariance(state)))

function floatMomentsFinishedAs(finish: (state: FloatMoments) => number | null): Aggregate<FloatMoments> {
  return {
    empty: NO_FLOATS,
    // Engines give no spread for a single value: it is 0.
    read: ([count = null, mean = null, spread = null]) => ({
      count: Number(count),
      mean: Number(mean),
      spread: Number(spread),
    }),
    merge: mergeFloatMoments,
    finish,
  }
}

/** The mean of nothing may be anything, NaN too. */
function mergeFloatMoments(a: FloatMoments, b: FloatMoments): FloatMoments {
  if (a.count === 0) return b
  if (b.count === 0) return a
  const count = a.count + b.count
  const distance = b.mean - a.mean
  return {
    count,
    mean: a.mean + distance * (b.count / count),
    spread: a.spread + b.spread + distance * distance * (a.count * (b.count / count)),
  }
}

/** NaN and infinities among the values leave nothing that is a number. */
function floatSampleVariance({ count, spread }: FloatMoments): number | null {
  if (count < 2 || !Number.isFinite(spread)) return null
  return Math.max(0, spread / (count - 1))
}

function rootOf(value: number | null): number | null {
  return value === null ? null : Math.sqrt(value)
}
