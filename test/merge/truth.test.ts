import { describe, expect, it } from 'vitest'
import { holds } from '../../src/merge/having.ts'
import { COMPARE, type Truth, together } from '../../src/merge/truth.ts'
import type { Value } from '../../src/merge/value.ts'
import type { MetricRef, Predicate } from '../../src/query/resolved.ts'

const T = true
const F = false
const N = null

describe('three-valued logic', () => {
  // The tables of SQL:2016, 6.39.
  it.each([
    [T, T, T, T],
    [T, F, F, T],
    [T, N, N, T],
    [F, T, F, T],
    [F, F, F, F],
    [F, N, F, N],
    [N, T, N, T],
    [N, F, F, N],
    [N, N, N, N],
  ] as const)('%s and, or %s', (a: Truth, b: Truth, and: Truth, or: Truth) => {
    expect(together('all', [a, b])).toBe(and)
    expect(together('any', [a, b])).toBe(or)
  })

  it('of no conditions all hold, and none does', () => {
    expect(together('all', [])).toBe(true)
    expect(together('any', [])).toBe(false)
  })

  it.each([
    ['eq', [F, T, F]],
    ['ne', [T, F, T]],
    ['gt', [F, F, T]],
    ['gte', [F, T, T]],
    ['lt', [T, F, F]],
    ['lte', [T, T, F]],
  ] as const)('%s of less, equal and more', (op: keyof typeof COMPARE, expected: readonly boolean[]) => {
    // A difference of doubles is an order too, and may be smaller than 1.
    expect([-1, 0, 1].map((order) => COMPARE[op](order))).toEqual([...expected])
    expect([-0.5, 0, 0.5].map((order) => COMPARE[op](order))).toEqual([...expected])
  })
})

const cost = { name: 'cost' }
const sales = { name: 'sales' }
const decimal = (units: bigint, scale = 0): Value => ({ units, scale })
const isNull = (field: MetricRef): Predicate<MetricRef> => ({ kind: 'null', field, negated: false })
const over = (field: MetricRef, value: string): Predicate<MetricRef> => ({ kind: 'compare', field, op: 'gt', value })
const listed = (kind: 'oneOf' | 'noneOf', values: string[], matchNull = false): Predicate<MetricRef> => ({
  kind,
  field: cost,
  values,
  matchNull,
})

function having(predicate: Predicate<MetricRef>, ofCost: Value, ofSales: Value = null): Truth {
  return holds(predicate, (metric) => (metric === 'cost' ? ofCost : ofSales))
}

describe('having', () => {
  it('compares exactly, and knows nothing of null', () => {
    expect(having(over(cost, '10.5'), decimal(1051n, 2))).toBe(true)
    expect(having(over(cost, '10.5'), decimal(1050n, 2))).toBe(false)
    expect(having(over(cost, '9007199254740992'), 9_007_199_254_740_993n)).toBe(true)
    expect(having(over(cost, '10.5'), 10.75)).toBe(true)
    expect(having(over(cost, '10.5'), null)).toBeNull()
    expect(having(over(sales, '1'), decimal(2n), decimal(1n))).toBe(false)
  })

  it('is or is not null', () => {
    expect(having(isNull(cost), null)).toBe(true)
    expect(having(isNull(cost), decimal(0n))).toBe(false)
    expect(having({ kind: 'null', field: cost, negated: true }, decimal(0n))).toBe(true)
  })

  it.each([
    ['oneOf', 1n, false, true],
    ['oneOf', 2n, false, true],
    ['oneOf', 3n, false, false],
    ['oneOf', 3n, true, false],
    ['oneOf', null, false, null],
    ['oneOf', null, true, true],
    ['noneOf', 1n, false, false],
    ['noneOf', 2n, true, false],
    ['noneOf', 3n, false, true],
    ['noneOf', null, false, null],
    ['noneOf', null, true, true],
  ] as const)(
    '%s [1, 2.0] for %s, null listed: %s',
    (kind: 'oneOf' | 'noneOf', units: bigint | null, matchNull: boolean, expected: Truth) => {
      expect(having(listed(kind, ['1', '2.0'], matchNull), units === null ? null : decimal(units))).toBe(expected)
    },
  )

  it('puts conditions together', () => {
    const both: Predicate<MetricRef> = { kind: 'all', items: [over(cost, '1'), over(sales, '1')] }
    const either: Predicate<MetricRef> = { kind: 'any', items: [over(cost, '1'), over(sales, '1')] }
    expect(having(both, decimal(2n), decimal(2n))).toBe(true)
    expect(having(both, decimal(2n), decimal(1n))).toBe(false)
    expect(having(both, decimal(2n), null)).toBeNull()
    expect(having(either, decimal(1n), decimal(2n))).toBe(true)
    expect(having(either, decimal(1n), decimal(1n))).toBe(false)
    expect(having(either, decimal(1n), null)).toBeNull()
  })

  it('refuses what no metric is compared with', () => {
    expect(() => having({ kind: 'text', field: cost, op: 'contains', value: '1', negated: false }, 1)).toThrow(
      TypeError,
    )
    expect(() => having({ kind: 'during', field: cost, from: 0, to: 1, negated: false }, 1)).toThrow(TypeError)
  })
})
