import { describe, expect, it } from 'vitest'
import { extentOf } from '../../src/merge/extent.ts'
import { Rows, textOf } from '../../src/merge/rows.ts'
import { columnNamed, finalityAt, keep, pick, tableOf } from '../../src/merge/table.ts'
import { finished } from './answerKeys.ts'

describe('rows', () => {
  it('are one without keys', () => {
    const rows = new Rows(0)
    expect([rows.size, rows.at([]), rows.size]).toEqual([1, 0, 1])
    expect(rows.adopt([], 1)).toBe(false)
  })

  it('stand once for each key, nulls among them', () => {
    const rows = new Rows(2)
    expect([rows.at(['a', null]), rows.at([null, 'a']), rows.at(['a', null]), rows.at(['a', 1])]).toEqual([0, 1, 0, 2])
    expect(rows.columns).toEqual([
      ['a', null, 'a'],
      [null, 'a', 1],
    ])
    expect(rows.keysOf(2)).toEqual(['a', 1])
  })

  it('take over a table while there are none, and go on behind it', () => {
    const rows = new Rows(1)
    const column = [['x', null, 'y']]
    expect(rows.adopt(column, 3)).toBe(true)
    expect([rows.size, rows.at(['y']), rows.at([null]), rows.at(['z']), rows.size]).toEqual([3, 2, 1, 3, 4])
    expect([rows.adopt(column, 3), rows.adopt([['x', null, 'y']], 3), rows.size]).toEqual([true, false, 4])
    const one = new Rows(1)
    one.at(['x'])
    expect([one.adopt([['x']], 1), one.size]).toEqual([false, 1])
  })

  it('tell keys apart however they are written', () => {
    const tuples = [
      ['a', 'b'],
      ['ab', ''],
      ['a;', 'b'],
      [null, 'n;'],
      ['n;', null],
      ['', 'ab'],
      ['1:a', null],
      ['null', 'a'],
      [null, 'a'],
    ]
    expect(new Set(tuples.map(textOf)).size).toBe(tuples.length)
  })
})

describe('tables', () => {
  const keys = [['a', 'b', null]]
  const table = tableOf(keys, 3, [
    { name: 'm', values: [1, 2, 3], finality: ['final', 'provisional', 'final'] },
    { name: 'n', values: [4, 5, null], finality: ['final', 'final', 'missing'] },
  ])

  it('have nothing cut off or withheld to begin with', () => {
    const { truncated, withheld } = tableOf(keys, 3, [])
    expect([truncated, withheld]).toEqual([false, 0])
  })

  it('are as final as the worst cell of each row', () => {
    expect(table.finality).toEqual(['final', 'provisional', 'missing'])
    expect(() => finalityAt(table.finality, 3)).toThrow(TypeError)
  })

  it('give rows in any order, and keep some', () => {
    const turned = pick(table, [2, 0])
    expect(turned.keys).toEqual([[null, 'a']])
    expect(turned.metrics.map(({ values }) => values)).toEqual([
      [3, 1],
      [null, 4],
    ])
    expect(turned.metrics.map(({ finality }) => finality)).toEqual([
      ['final', 'final'],
      ['missing', 'final'],
    ])
    expect([turned.size, ...turned.finality]).toEqual([2, 'missing', 'final'])
    expect(keep(table, (row) => row !== 1).keys).toEqual([['a', null]])
    expect(keep(table, () => true).keys).toEqual(keys)
  })

  it('know their columns by name', () => {
    expect(columnNamed(table, 'n').values).toEqual([4, 5, null])
    expect(() => columnNamed(finished(keys), 'n')).toThrow(TypeError)
  })
})

describe('an extent', () => {
  it.each([
    [[], null, null],
    [[null, null], null, null],
    [[null, 3, 1, null, 2], 1, 3],
    [[3, null], 3, 3],
    [['b', '\uffee', '👍', null, 'a'], 'a', '👍'],
    [[true, null], true, true],
    [[true, null, false, null], false, true],
    [[null, true, null, false], false, true],
    [[9_007_199_254_740_993n, 5, 9_007_199_254_740_992], 5, 9_007_199_254_740_993n],
  ])('leaves nulls out', (keys, least, most) => {
    expect([...extentOf(keys)]).toEqual([least, most])
  })
})
