import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/base/cell.ts'
import { parseDecimal, toText } from '../../src/base/decimal.ts'
import type { Aggregate } from '../../src/merge/aggregates/aggregate.ts'
import { average } from '../../src/merge/aggregates/average.ts'
import { count } from '../../src/merge/aggregates/count.ts'
import { countedDistinct, distinct } from '../../src/merge/aggregates/distinct.ts'
import { floatMax, floatMin, max, min } from '../../src/merge/aggregates/extremes.ts'
import { floatSum, sum } from '../../src/merge/aggregates/sum.ts'
import { isDecimal, type Value } from '../../src/merge/value.ts'

/** Numbers as stores send them: beyond 2^63, with many digits, or null. */
const number = fc.oneof(
  fc.constant(null),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.tuple(fc.integer(), fc.integer({ min: 0, max: 999_999 })).map(([a, b]) => `${a}.${String(b).padStart(6, '0')}`),
)
/** Doubles whose sums are exact in any order. */
const double = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 8),
)
const natural = fc.nat().map(String)
const key = fc.oneof(fc.constant(null), fc.string({ maxLength: 3 }), fc.constantFrom('a', 'A', '甲'))

const shown = (value: Value): unknown => (isDecimal(value) ? toText(value) : value)

interface Law {
  readonly name: string
  readonly aggregate: Aggregate<unknown>
  readonly parts: fc.Arbitrary<Cell[]>
  readonly idempotent?: true
}

const laws: Law[] = [
  { name: 'sum', aggregate: sum as Aggregate<unknown>, parts: number.map((n) => [n]) },
  { name: 'count', aggregate: count as Aggregate<unknown>, parts: natural.map((n) => [n]) },
  { name: 'min', aggregate: min as Aggregate<unknown>, parts: number.map((n) => [n]), idempotent: true },
  { name: 'max', aggregate: max as Aggregate<unknown>, parts: number.map((n) => [n]), idempotent: true },
  { name: 'float sum', aggregate: floatSum as Aggregate<unknown>, parts: double.map((n) => [n]) },
  { name: 'float min', aggregate: floatMin as Aggregate<unknown>, parts: double.map((n) => [n]), idempotent: true },
  { name: 'float max', aggregate: floatMax as Aggregate<unknown>, parts: double.map((n) => [n]), idempotent: true },
  { name: 'average', aggregate: average as Aggregate<unknown>, parts: fc.tuple(number, natural) },
  { name: 'distinct', aggregate: distinct as Aggregate<unknown>, parts: key.map((k) => [k]), idempotent: true },
]

describe.each(laws)('$name', ({ aggregate, parts }) => {
  const state = parts.map((cells) => aggregate.read(cells))
  const finished = (of: unknown) => shown(aggregate.finish(of))

  it('merges in any order and grouping', () => {
    fc.assert(
      fc.property(state, state, state, (a, b, c) => {
        expect(finished(aggregate.merge(a, b))).toEqual(finished(aggregate.merge(b, a)))
        const left = aggregate.merge(aggregate.merge(a, b), c)
        const right = aggregate.merge(a, aggregate.merge(b, c))
        expect(finished(left)).toEqual(finished(right))
      }),
    )
  })

  it('has nothing as its identity', () => {
    fc.assert(
      fc.property(state, (a) => {
        expect(finished(aggregate.merge(a, aggregate.empty))).toEqual(finished(a))
        expect(finished(aggregate.merge(aggregate.empty, a))).toEqual(finished(a))
      }),
    )
  })
})

describe.each(laws.filter(({ idempotent }) => idempotent))('$name', ({ aggregate, parts }) => {
  it('takes the same state twice as once', () => {
    fc.assert(
      fc.property(parts, (cells) => {
        const state = aggregate.read(cells)
        expect(shown(aggregate.finish(aggregate.merge(state, state)))).toEqual(shown(aggregate.finish(state)))
      }),
    )
  })
})

describe('what stands in each row', () => {
  const merged = <State>(aggregate: Aggregate<State>, ...rows: readonly Cell[][]) =>
    shown(aggregate.finish(rows.map((row) => aggregate.read(row)).reduce(aggregate.merge)))

  it('gives the least, the largest and the sum, whatever comes first', () => {
    const texts = [['3'], [null], ['-2.5'], ['10']]
    for (const rows of [texts, texts.toReversed()]) {
      expect([min, max, sum].map((aggregate) => merged(aggregate, ...rows))).toEqual(['-2.5', '10', '10.5'])
      const doubles = [floatMin, floatMax, floatSum].map((aggregate) => merged(aggregate, ...rows))
      expect(doubles).toEqual([-2.5, 10, 10.5])
    }
  })

  it('is read from numbers as from texts; NaN, infinities and booleans are no values', () => {
    for (const cell of [1.5, '1.5', 15e-1]) expect(merged(sum, [cell])).toBe('1.5')
    expect(merged(sum, [1e21], [1])).toBe('1000000000000000000001')
    expect(merged(sum, ['.5'], [-0.25])).toBe('0.25')
    for (const cell of [Number.NaN, Number.POSITIVE_INFINITY, 'nan', '-inf', '', true, false, null])
      expect(merged(sum, [cell], ['7'])).toBe('7')
  })

  it('is nothing where a store sends nulls', () => {
    expect(merged(distinct, [null])).toBe('0')
    expect(merged(distinct, ['null'], [null], ['a'], [5], ['5'])).toBe('3')
    expect(merged(count, [null])).toBe('0')
    expect(merged(average, [null, null])).toBeNull()
    expect(merged(average, ['6', null], ['3', '2'])).toBe(4.5)
    expect(merged(countedDistinct, [null])).toBe('0')
  })
})

describe('nothing aggregated', () => {
  it('is null for sums, extremes and averages, 0 for counts', () => {
    const finishEmpty = (aggregate: Aggregate<unknown>) => shown(aggregate.finish(aggregate.empty))
    expect(laws.map(({ name, aggregate }) => [name, finishEmpty(aggregate)])).toEqual([
      ['sum', null],
      ['count', '0'],
      ['min', null],
      ['max', null],
      ['float sum', null],
      ['float min', null],
      ['float max', null],
      ['average', null],
      ['distinct', '0'],
    ])
  })

  it('adds every digit of what a store sent as text', () => {
    const merged = sum.merge(sum.read(['9223372036854775807']), sum.read(['0.01']))
    expect(shown(sum.finish(merged))).toBe('9223372036854775807.01')
  })

  it('reads short texts as it reads long ones', () => {
    const texts = [
      '0',
      '-0.05',
      '12.30',
      '.5',
      '1.5e+06',
      '1e5',
      '-7',
      '123456789012345',
      '9999999999999999',
      '',
      'nan',
      'inf',
      '+3',
    ]
    const read = texts.map((text) => shown(sum.finish(sum.read([text]))))
    expect(read).toEqual(
      texts.map((text) => {
        const exact = parseDecimal(text)
        return exact === undefined ? null : toText(exact)
      }),
    )
  })

  it('lets a distinct count that a store has finished stand beside nothing', () => {
    const three = countedDistinct.read(['3'])
    expect(shown(countedDistinct.finish(countedDistinct.empty))).toBe('0')
    expect(shown(countedDistinct.finish(countedDistinct.merge(countedDistinct.empty, three)))).toBe('3')
    expect(shown(countedDistinct.finish(countedDistinct.merge(three, countedDistinct.read([null]))))).toBe('3')
  })

  it('refuses to merge two distinct counts that stores have finished', () => {
    expect(() => countedDistinct.merge(countedDistinct.read(['3']), countedDistinct.read(['4']))).toThrow(
      /two counted distincts/,
    )
  })
})
