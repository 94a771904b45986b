import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/base/cell.ts'
import { add, type Decimal, multiply, parseDecimal, toText, ZERO } from '../../src/base/decimal.ts'
import type { Aggregate } from '../../src/merge/aggregates/aggregate.ts'
import { first, floatFirst, floatLast, last } from '../../src/merge/aggregates/ends.ts'
import { approximateContinuous, approximateDiscrete } from '../../src/merge/aggregates/histogram.ts'
import { hyperLogLog } from '../../src/merge/aggregates/hyperLogLog.ts'
import { continuous, discrete, floatContinuous, floatDiscrete } from '../../src/merge/aggregates/quantile.ts'
import { floatStddev, floatVariance, stddev, variance } from '../../src/merge/aggregates/variance.ts'
import { isDecimal, type Value } from '../../src/merge/value.ts'
import { blocksOf, bucketOf, registersOf } from '../support/sketches.ts'

/** A row of a fact as far as a state may depend on it. */
interface Row {
  readonly exact: string | null
  readonly float: number | null
  readonly moment: number
  readonly tie: string | null
}

/** Few values, moments and ties, so that rows meet; the exact ones beyond 2^63 too. */
const row: fc.Arbitrary<Row> = fc.record({
  exact: fc.oneof(
    fc.constant(null),
    fc.constantFrom('0', '1', '1.0', '-2.50', '3.125', '9223372036854775808'),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  ),
  float: fc.oneof(fc.constant(null), fc.constantFrom(1.5, -1.5, 1e9), fc.integer({ min: -1e6, max: 1e6 })),
  moment: fc.integer({ min: 0, max: 4 }),
  tie: fc.constantFrom(null, '9', '10', '010', '1a', 'b', '甲'),
})
const rows = fc.array(row, { maxLength: 12 })

interface Law {
  readonly name: string
  readonly aggregate: Aggregate<unknown>
  /** What a store sends for the rows of one group. */
  readonly travels: (rows: readonly Row[]) => readonly (readonly Cell[])[]
  readonly idempotent?: true
  /** For states that are rounded on their way. */
  readonly rounded?: true
}

const law = <State>(
  name: string,
  aggregate: Aggregate<State>,
  travels: Law['travels'],
  also: Pick<Law, 'idempotent' | 'rounded'> = {},
): Law => ({ name, aggregate: aggregate as Aggregate<unknown>, travels, ...also })

const laws: Law[] = [
  law('variance', variance, exactMoments),
  law('stddev', stddev, exactMoments),
  law('float variance', floatVariance, floatMoments, { rounded: true }),
  law('float stddev', floatStddev, floatMoments, { rounded: true }),
  law('first', first, ends('exact'), { idempotent: true }),
  law('last', last, ends('exact'), { idempotent: true }),
  law('float first', floatFirst, ends('float'), { idempotent: true }),
  law('float last', floatLast, ends('float'), { idempotent: true }),
  law('continuous', continuous(0.3), (of) => counted(of.map(({ exact }) => exact))),
  law('discrete', discrete(0.3), (of) => counted(of.map(({ exact }) => exact))),
  law('float continuous', floatContinuous(0.3), (of) => counted(of.map(({ float }) => float))),
  law('float discrete', floatDiscrete(0.3), (of) => counted(of.map(({ float }) => float))),
  law('approximate continuous', approximateContinuous(0.3), buckets),
  law('approximate discrete', approximateDiscrete(0.3), buckets),
  law('HyperLogLog', hyperLogLog, registers, { idempotent: true }),
]

function exactMoments(of: readonly Row[]): Cell[][] {
  const values = of.flatMap(({ exact }) => (exact === null ? [] : [parseDecimal(exact) ?? ZERO]))
  if (values.length === 0) return [['0', null, null]]
  const total = (parts: Decimal[]) => toText(parts.reduce(add, ZERO))
  return [[String(values.length), total(values), total(values.map((value) => multiply(value, value)))]]
}

function floatMoments(of: readonly Row[]): Cell[][] {
  const values = of.flatMap(({ float }) => (float === null ? [] : [float]))
  if (values.length === 0) return [['0', null, null]]
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return [[values.length, mean, spread]]
}

function ends(of: 'exact' | 'float') {
  return (slice: readonly Row[]): Cell[][] => slice.map((one) => [one[of], String(one.moment), one.tie])
}

function counted(values: readonly Cell[]): Cell[][] {
  const groups = Map.groupBy(values, (value) => value)
  return [...groups].map(([value, same]) => [value, String(same.length)])
}

function buckets(of: readonly Row[]): Cell[][] {
  return counted(of.map(({ float }) => (float === null ? null : bucketOf(float))))
}

function registers(of: readonly Row[]): Cell[][] {
  const reached = of.flatMap(({ exact }) => (exact === null ? [] : registersOf(exact)))
  const highest = [...Map.groupBy(reached, ({ register }) => register).values()].map((same) =>
    same.reduce((a, b) => (a.rank > b.rank ? a : b)),
  )
  return blocksOf(highest)
}

const shown = (value: Value): unknown => (isDecimal(value) ? toText(value) : value)

function expectSame(actual: Value, expected: Value, { rounded }: Law): void {
  if (rounded === undefined || typeof expected !== 'number') expect(shown(actual)).toEqual(shown(expected))
  else expect(Math.abs(Number(actual) - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected) + 1e-9)
}

describe.each(laws)('$name', (of) => {
  const { aggregate, travels } = of
  const read = (slice: readonly Row[]): unknown =>
    travels(slice).reduce((state: unknown, parts) => aggregate.merge(state, aggregate.read(parts)), aggregate.empty)
  const state = rows.map(read)
  const same = (a: unknown, b: unknown) => expectSame(aggregate.finish(a), aggregate.finish(b), of)

  it('merges in any order and grouping', () => {
    fc.assert(
      fc.property(state, state, state, (a, b, c) => {
        same(aggregate.merge(a, b), aggregate.merge(b, a))
        same(aggregate.merge(aggregate.merge(a, b), c), aggregate.merge(a, aggregate.merge(b, c)))
      }),
    )
  })

  it('has nothing as its identity', () => {
    fc.assert(
      fc.property(state, (a) => {
        same(aggregate.merge(a, aggregate.empty), a)
        same(aggregate.merge(aggregate.empty, a), a)
      }),
    )
    same(read([]), aggregate.empty)
  })

  it('is the same from slices as from all rows at once', () => {
    fc.assert(
      fc.property(rows, rows, rows, (a, b, c) => {
        const sliced = [a, b, c].map(read).reduce(aggregate.merge)
        same(sliced, read([...a, ...b, ...c]))
      }),
    )
  })

  it('changes no state that it merges', () => {
    fc.assert(
      fc.property(state, state, (a, b) => {
        const before = aggregate.finish(a)
        aggregate.finish(aggregate.merge(a, b))
        aggregate.finish(aggregate.merge(b, a))
        expect(shown(aggregate.finish(a))).toEqual(shown(before))
      }),
    )
  })

  it('takes rows without a value as none', () => {
    const none: Row = { exact: null, float: null, moment: 1, tie: '1' }
    fc.assert(fc.property(rows, (some) => same(read([...some, none]), read(some))))
    same(read([none]), aggregate.empty)
  })

  if (of.idempotent)
    it('takes the same state twice as once', () => {
      fc.assert(fc.property(state, (a) => same(aggregate.merge(a, a), a)))
    })
})

describe('nothing aggregated', () => {
  it('is null, save for the distinct count', () => {
    const finished = laws.map(({ name, aggregate }) => [name, shown(aggregate.finish(aggregate.empty))])
    expect(finished).toEqual(laws.map(({ name }) => [name, name === 'HyperLogLog' ? '0' : null]))
  })
})
