import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/base/cell.ts'
import { toText } from '../../src/base/decimal.ts'
import type { Aggregate } from '../../src/merge/aggregates/aggregate.ts'
import { continuous, discrete, floatContinuous, floatDiscrete } from '../../src/merge/aggregates/quantile.ts'
import { isDecimal } from '../../src/merge/value.ts'

function finished<State>(aggregate: Aggregate<State>, states: readonly (readonly Cell[])[]) {
  const merged = states.map((parts) => aggregate.read(parts)).reduce(aggregate.merge, aggregate.empty)
  const value = aggregate.finish(merged)
  return isDecimal(value) ? toText(value) : value
}

const once = (...values: readonly Cell[]) => values.map((value) => [value, '1'])

describe('percentiles', () => {
  it('interpolate between the two values around the place', () => {
    const values = once('40', '10', '30', '20')
    const at = (p: number) => finished(continuous(p), values)
    expect([0, 0.25, 0.5, 0.9, 1].map(at)).toEqual([10, 17.5, 25, 37, 40])
    expect(finished(continuous(0.5), once('7'))).toBe(7)
    expect(finished(continuous(0.5), once('3', '1', '2'))).toBe(2)
  })

  it('are, when discrete, the first value whose share suffices', () => {
    const values = once('40', '10', '30', '20')
    const at = (p: number) => finished(discrete(p), values)
    expect([0, 0.25, 0.26, 0.5, 0.75, 0.76, 1].map(at)).toEqual(['10', '10', '20', '20', '30', '40', '40'])
  })

  it('weigh values by their number, also across slices', () => {
    // 1 1 1 2 2 9
    const slices = [
      ['9', '1'],
      ['1', '2'],
      ['2', 2],
      ['1', '1'],
    ]
    expect(finished(continuous(0.5), slices)).toBe(1.5)
    expect(finished(discrete(0.5), slices)).toBe('1')
    expect(finished(discrete(0.51), slices)).toBe('2')
    // The place 1 + 0.9 * 5 = 5.5 lies half way from 2 to 9.
    expect(finished(continuous(0.9), slices)).toBe(5.5)
  })

  it('take the share as the decimal it was written as', () => {
    // 0.07 * 100 is 7.000000000000001 in doubles, which would make it the 8th value.
    const hundred = once(...Array.from({ length: 100 }, (_, i) => String(i + 1)))
    expect(finished(discrete(0.07), hundred)).toBe('7')
    expect(finished(discrete(0.29), hundred)).toBe('29')
    expect(finished(continuous(0.95), hundred)).toBe(95.05)
  })

  it('keep every digit: only the interpolated value is a double', () => {
    expect(finished(discrete(1), once('9223372036854775807.01', '1'))).toBe('9223372036854775807.01')
    expect(finished(discrete(0.5), once('9007199254740993', '9007199254740992'))).toBe('9007199254740992')
    expect(finished(continuous(0.5), once('0.1', '0.2'))).toBe(0.15)
  })

  it('take doubles as doubles', () => {
    expect(finished(floatContinuous(0.5), once(1.5, '2.5', 'nan', null))).toBe(2)
    expect(finished(floatDiscrete(0.5), once(2.5, -1.5, 1e300))).toBe(2.5)
    expect(finished(floatContinuous(0.5), once(-1.7e308, 1.7e308))).toBe(0)
  })

  it('are an equal double between two equal ones', () => {
    for (let i = 1; i < 200; i++) {
      const double = 1 / (3 * i)
      const thousandth = ((i * 37) % 999) + 1
      expect(finished(floatContinuous(thousandth / 1000), once(double, double, double, double))).toBe(double)
    }
  })

  it('take a null value, no rows and no count as nothing', () => {
    const nothing = [
      [null, '4'],
      ['5', '0'],
      ['6', null],
    ]
    expect(finished(continuous(0.5), nothing)).toBeNull()
    expect(finished(discrete(0.5), nothing)).toBeNull()
    expect(finished(discrete(0), [...nothing, ['8', '1']])).toBe('8')
  })

  it('refuse shares outside of 0 to 1 and counts that are none', () => {
    for (const p of [-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => continuous(p)).toThrow(RangeError)
      expect(() => discrete(p)).toThrow(RangeError)
    }
    expect(() => discrete(0.5).read(['1', '1.5'])).toThrow(/not an integer/)
  })

  it('are what a sorted list of all rows gives', () => {
    const thousandths = fc.integer({ min: 0, max: 1000 })
    const pairs = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 4 })), {
      minLength: 1,
    })
    fc.assert(
      fc.property(pairs, thousandths, (counted, thousandth) => {
        const list = counted.flatMap(([value, count]) => Array<number>(count).fill(value)).sort((a, b) => a - b)
        const states = counted.map(([value, count]) => [String(value), String(count)])
        const share = list.findIndex((_, i) => (i + 1) * 1000 >= thousandth * list.length)
        expect(finished(discrete(thousandth / 1000), states)).toBe(String(list[share]))
        const place = (thousandth * (list.length - 1)) / 1000
        const [lower = 0, upper = lower] = list.slice(Math.floor(place), Math.floor(place) + 2)
        const expected = lower + (upper - lower) * (place - Math.floor(place))
        expect(finished(continuous(thousandth / 1000), states)).toBeCloseTo(expected, 9)
        expect(finished(floatContinuous(thousandth / 1000), states)).toBeCloseTo(expected, 9)
      }),
    )
  })

  it('merge 300,000 states one by one', () => {
    const aggregate = continuous(0.5)
    let state = aggregate.empty
    for (let i = 300_000; i >= 0; i--) state = aggregate.merge(state, aggregate.read([String(i), '1']))
    expect(aggregate.finish(state)).toBe(150_000)
  })
})
