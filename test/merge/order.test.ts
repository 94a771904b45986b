import { describe, expect, it } from 'vitest'
import { parseDecimal } from '../../src/base/decimal.ts'
import { orderRows } from '../../src/merge/order.ts'
import { compareText, type Value } from '../../src/merge/value.ts'

const exact = (text: string) => parseDecimal(text) ?? null

function ordered(
  keys: readonly Value[],
  metrics: readonly Value[],
  ...by: { column: string; direction: 'asc' | 'desc' }[]
): Value[] {
  const table = {
    size: keys.length,
    keys: [keys as never],
    metrics: [{ name: 'metric', values: metrics, finality: keys.map(() => 'final' as const) }],
    finality: keys.map(() => 'final' as const),
  }
  return orderRows(table, by, ['key']).map((row) => keys[row] ?? null)
}

describe('order', () => {
  it('puts nulls last in both directions', () => {
    const keys = ['a', 'b', 'c']
    const metrics = [null, exact('1'), exact('2')]
    expect(ordered(keys, metrics, { column: 'metric', direction: 'asc' })).toEqual(['b', 'c', 'a'])
    expect(ordered(keys, metrics, { column: 'metric', direction: 'desc' })).toEqual(['c', 'b', 'a'])
  })

  it('compares exact numbers exactly, whatever their scale', () => {
    const metrics = [exact('9007199254740993'), exact('9007199254740992.5'), exact('10')]
    expect(ordered(['a', 'b', 'c'], metrics, { column: 'metric', direction: 'desc' })).toEqual(['a', 'b', 'c'])
  })

  it('breaks ties by the keys, ascending, so that an order is total', () => {
    const same = exact('1')
    expect(ordered(['b', 'a', null, 'c'], [same, same, same, same], { column: 'metric', direction: 'desc' })).toEqual([
      'a',
      'b',
      'c',
      null,
    ])
  })

  it('orders texts by code point, not by UTF-16 unit and not by collation', () => {
    expect(['ä', 'z', 'a', 'Z', '👍', '\uffee'].toSorted(compareText)).toEqual(['Z', 'a', 'z', 'ä', '\uffee', '👍'])
  })
})

describe('an order over many columns', () => {
  it('is the same whether rows are compared as one number or column by column', () => {
    const size = 200
    const random = (salt: number, count: number) =>
      Array.from({ length: size }, (_, i) => ((i * 7919 + salt * 104_729) % 65_537) % count)
    // Twelve columns of up to 200 values are more than a double can tell apart; two are not.
    const many = Array.from({ length: 12 }, (_, salt) => random(salt, 200))
    const names = many.map((_, i) => `k${i}`)
    const table = { size, keys: many, metrics: [], finality: many.map(() => 'final' as const) }
    const expected = Array.from({ length: size }, (_, i) => i).toSorted((a, b) => {
      for (const column of many) if (column[a] !== column[b]) return (column[a] ?? 0) - (column[b] ?? 0)
      return a - b
    })
    expect(orderRows(table, [], names)).toEqual(expected)
    const two = { ...table, keys: many.slice(0, 2) }
    const few = orderRows(two, [{ column: 'k1', direction: 'desc' }], names.slice(0, 2))
    const second = many[1] ?? []
    expect(few.every((row, i) => i === 0 || (second[few[i - 1] ?? 0] ?? 0) >= (second[row] ?? 0))).toBe(true)
  })
})
