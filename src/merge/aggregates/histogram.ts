import { toNumber } from '../../base/decimal.ts'
import type { Aggregate } from './aggregate.ts'
import { readWithin } from './integer.ts'
import { betweenNumbers, type CountedValues, continuousOf, discreteOf, type Ordered } from './quantile.ts'

/** How much of the upper half of a double a bucket does not see. */
const BITS_BELOW = 14
/** The bucket of the largest doubles; those behind it hold infinities and NaN, which are no values. */
const LAST_FINITE = 0x7fefffff >>> BITS_BELOW
const LAST = 0x7fffffff >>> BITS_BELOW

const BUCKETS: Ordered<number> = {
  read: (cell) => finiteBucket(readWithin(cell, -LAST, LAST)),
  compare: (a, b) => a - b,
  between: ({ lower, upper, share }) => betweenNumbers(middleOf(lower), middleOf(upper), toNumber(share)),
  finish: middleOf,
}

/**
 * Approximate percentiles over a histogram: travel as rows of (bucket, number of values in it) and merge in one step
 * whatever they hold; equal buckets come together when they are ordered, at the finish. Each value stands for the
 * middle of its bucket, at most 1/128 (0.78 %) of itself away, and so does the percentile, save where a continuous one
 * lies between a negative and a positive value: there it is 1/128 of the larger of the two. Of nothing they are null.
 */
export function approximateContinuous(p: number): Aggregate<CountedValues<number>> {
  return continuousOf(BUCKETS, p)
}

/** The middle of the first bucket up to which at least the share `p` of all has come. */
export function approximateDiscrete(p: number): Aggregate<CountedValues<number>> {
  return discreteOf(BUCKETS, p)
}

/** The double in the middle of a bucket; of bucket 0, in which both signs meet, 0. */
function middleOf(bucket: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(0, (Math.abs(bucket) << BITS_BELOW) | (1 << (BITS_BELOW - 1)))
  return Math.sign(bucket) * view.getFloat64(0)
}

function finiteBucket(bucket: number | null): number | null {
  return bucket === null || Math.abs(bucket) > LAST_FINITE ? null : bucket
}
