import { describe, expect, it } from 'vitest'
import { parseDecimal } from '../../src/base/decimal.ts'
import { compareRows } from '../../src/merge/order.ts'
import { compareText, type Value } from '../../src/merge/value.ts'

const exact = (text: string) => parseDecimal(text) ?? null

function ordered(
  keys: readonly Value[],
  metrics: readonly Value[],
  ...by: { column: string; direction: 'asc' | 'desc' }[]
): Value[] {
  const table = { keys: [keys as never], metrics: [metrics], finality: keys.map(() => 'final' as const) }
  const rows = keys.map((_, i) => i)
  return rows.toSorted(compareRows(table, by, ['key'], ['metric'])).map((row) => keys[row] ?? null)
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
