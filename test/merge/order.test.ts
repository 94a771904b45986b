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

  it('takes exact numbers that are equal as a tie, nulls among them or not', () => {
    const metrics = [exact('1.0'), null, exact('2'), exact('1'), exact('1.00')]
    const by = (direction: 'asc' | 'desc') =>
      ordered(['e', 'd', 'c', 'b', 'a'], metrics, { column: 'metric', direction })
    expect(by('desc')).toEqual(['c', 'a', 'b', 'e', 'd'])
    expect(by('asc')).toEqual(['a', 'b', 'e', 'c', 'd'])
  })

  it('orders texts by code point, not by UTF-16 unit and not by collation', () => {
    expect(['ä', 'z', 'a', 'Z', '👍', '\uffee'].toSorted(compareText)).toEqual(['Z', 'a', 'z', 'ä', '\uffee', '👍'])
  })
})

/** A plain comparison, nulls last, to hold the ranks against. */
function compare(a: Value, b: Value, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  if (typeof a === 'string' && typeof b === 'string') {
    const [x, y] = [a, b].map((text) =>
      [...text].map((letter) => String(letter.codePointAt(0)).padStart(8, '0')).join(''),
    )
    return x === y ? 0 : sign * ((x ?? '') < (y ?? '') ? -1 : 1)
  }
  return a === b ? 0 : sign * (a < b ? -1 : 1)
}

describe('an order of any values', () => {
  it.each([
    ['integers', [3, null, -2, 0, 3, null, 7, -2]],
    ['integers of a wide span', [2 ** 52, null, 0, -(2 ** 40), 2 ** 52, 1]],
    ['integers of a span of nearly 32 bits', [2 ** 31 - 1, 0, null, 2 ** 31 - 2, 1]],
    ['integers just beyond it', [2 ** 31, 0, null, 2 ** 31 - 1, 1]],
    [
      'integers that no double holds, and such as it holds',
      [9_007_199_254_740_993n, 5, null, 9_007_199_254_740_991, 10, -3n],
    ],
    ['doubles', [0.5, null, -1.25, 3, 0.25, 0.5, 1e300]],
    ['doubles, of which the first is whole', [2, 1.5, null, 10, 1.5]],
    ['truths', [true, null, false, true]],
    ['texts', ['b', 'a', null, 'B', '', 'ab']],
    ['texts beyond the basic plane', ['\uffee', '👍', null, 'a', '\uffee']],
    ['texts all of which reach beyond it', ['\uffee👍', '👍', 'a👍']],
    ['nulls', [null, null, null]],
    ['one value', [5, 5, 5]],
    ['nothing', []],
  ])('%s', (_: string, values: readonly (string | number | bigint | boolean | null)[]) => {
    const rows = values.map((_, row) => row)
    for (const direction of ['asc', 'desc'] as const) {
      const sign = direction === 'asc' ? 1 : -1
      const expected = rows.toSorted((a, b) => compare(values[a] ?? null, values[b] ?? null, sign) || a - b)
      expect(ordered(rows, values, { column: 'metric', direction })).toEqual(expected)
    }
  })

  it('goes by a key, by a metric and by how final rows are', () => {
    const table = {
      size: 4,
      keys: [['a', 'b', 'c', 'd']],
      metrics: [
        { name: 'first', values: [1, 2, 1, 2], finality: [] },
        { name: 'second', values: [4, 3, 2, 1], finality: [] },
      ],
      finality: ['provisional', 'final', 'missing', 'final'] as const,
    }
    const by = (...order: [string, 'asc' | 'desc'][]) =>
      orderRows(
        table,
        order.map(([column, direction]) => ({ column, direction })),
        ['key'],
      )
    expect(by(['key', 'desc'])).toEqual([3, 2, 1, 0])
    expect(by(['first', 'desc'], ['second', 'asc'])).toEqual([3, 1, 2, 0])
    expect(by(['finality', 'asc'])).toEqual([1, 3, 2, 0])
    expect(by(['finality', 'desc'], ['key', 'desc'])).toEqual([0, 2, 3, 1])
  })

  it('of rows that no column tells apart is the order in which they stand', () => {
    const table = { size: 5, keys: [], metrics: [], finality: [] }
    expect(orderRows(table, [], [])).toEqual([0, 1, 2, 3, 4])
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
