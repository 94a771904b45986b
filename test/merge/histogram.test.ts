import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/base/cell.ts'
import type { Aggregate } from '../../src/merge/aggregates/aggregate.ts'
import { approximateContinuous, approximateDiscrete } from '../../src/merge/aggregates/histogram.ts'
import { floatContinuous, floatDiscrete } from '../../src/merge/aggregates/quantile.ts'
import { bucketOf } from '../support/sketches.ts'
import vectors from './states.json' with { type: 'json' }

function finished<State>(aggregate: Aggregate<State>, states: readonly (readonly Cell[])[]): number | null {
  const merged = states.map((parts) => aggregate.read(parts)).reduce(aggregate.merge, aggregate.empty)
  const value = aggregate.finish(merged)
  return value === null ? null : Number(value)
}

const inBuckets = (values: readonly number[]) => values.map((value) => [bucketOf(value), '1'])
const asTheyAre = (values: readonly number[]) => values.map((value) => [value, '1'])

describe('the bucket of a double', () => {
  it.each(vectors.buckets)('$value is in $bucket', ({ value, bucket }) => {
    expect(bucketOf(value)).toBe(bucket)
  })

  it('is 0 for everything next to 0, of either sign', () => {
    expect([0, -0, 5e-324, -5e-324, 2 ** -1029].map(bucketOf)).toEqual([0, 0, 0, 0, 0])
  })

  it('orders as the values do', () => {
    const double = fc.double({ noNaN: true })
    fc.assert(
      fc.property(double, double, (a, b) => {
        expect(bucketOf(Math.min(a, b))).toBeLessThanOrEqual(bucketOf(Math.max(a, b)))
      }),
    )
  })

  it('changes 64 times an octave', () => {
    expect(bucketOf(2) - bucketOf(1)).toBe(64)
    expect([1, 1 + 1 / 64 - 2 ** -52, 1 + 1 / 64].map((value) => bucketOf(value) - bucketOf(1))).toEqual([0, 0, 1])
  })
})

describe('approximate percentiles', () => {
  it('give the middle of a bucket', () => {
    // The bucket of 1 reaches to 1 + 1/64, the one of -2 to -2 - 1/32.
    expect(finished(approximateDiscrete(0.5), [['65472', '3']])).toBe(1 + 1 / 128)
    expect(finished(approximateContinuous(0.5), [['65472', '3']])).toBe(1 + 1 / 128)
    expect(finished(approximateDiscrete(0.5), [[-65536, 1]])).toBe(-2 - 1 / 64)
    expect(finished(approximateDiscrete(0.5), [['0', '1']])).toBe(0)
  })

  it('count equal buckets of several slices together', () => {
    const slices = [...inBuckets([1, 1, 2]), ...inBuckets([1, -4])]
    expect(finished(approximateDiscrete(0.2), slices)).toBe(-4 - 4 / 128)
    expect(finished(approximateDiscrete(0.8), slices)).toBe(1 + 1 / 128)
    expect(finished(approximateDiscrete(0.81), slices)).toBe(2 + 2 / 128)
  })

  it('take infinities and NaN as no values', () => {
    const slices = inBuckets([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1])
    expect(finished(approximateDiscrete(1), slices)).toBe(1 + 1 / 128)
    expect(finished(approximateDiscrete(0), slices)).toBe(1 + 1 / 128)
    // The last bucket of values begins 1/128 below the largest double.
    const last = Number(finished(approximateDiscrete(1), inBuckets([Number.MAX_VALUE])))
    expect(last).toBeLessThan(Number.MAX_VALUE)
    expect(last).toBeGreaterThan(Number.MAX_VALUE * (1 - 1 / 128))
  })

  it('refuse what is no bucket', () => {
    expect(() => approximateDiscrete(0.5).read(['131072', '1'])).toThrow(/not an integer from/)
    expect(() => approximateDiscrete(0.5).read(['1.5', '1'])).toThrow(/not an integer from/)
  })

  it('stay within 1/128 of the exact ones', () => {
    const magnitude = fc.oneof(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), fc.integer({ min: 1, max: 5000 }))
    const values = fc.array(magnitude, { minLength: 1 })
    const shares = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100)
    fc.assert(
      fc.property(values, shares, fc.constantFrom(1, -1), (sizes, p, sign) => {
        const list = sizes.map((size) => size * sign)
        const pairs: [number | null, number | null][] = [
          [finished(approximateDiscrete(p), inBuckets(list)), finished(floatDiscrete(p), asTheyAre(list))],
          [finished(approximateContinuous(p), inBuckets(list)), finished(floatContinuous(p), asTheyAre(list))],
        ]
        for (const [near, exact] of pairs) {
          expect(Math.abs(Number(near) / Number(exact) - 1)).toBeLessThanOrEqual(1 / 128 + 1e-12)
        }
      }),
    )
  })
})
