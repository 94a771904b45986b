import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/base/cell.ts'
import { parseDay } from '../../src/base/time.ts'
import type { Aggregate } from '../../src/merge/aggregates/aggregate.ts'
import { average } from '../../src/merge/aggregates/average.ts'
import { sum } from '../../src/merge/aggregates/sum.ts'
import { type PartialLayout, readKey, readPartial } from '../../src/merge/partial.ts'
import type { Field } from '../../src/query/resolved.ts'

const field = (of: Partial<Field>): Field => ({
  name: 'f',
  dimension: 'f',
  hops: [],
  attribute: undefined,
  type: 'string',
  time: undefined,
  isRelation: false,
  bucket: undefined,
  part: undefined,
  zone: undefined,
  ...of,
})

const layout = (of: Partial<PartialLayout>): PartialLayout => ({
  distinctGroups: true,
  base: undefined,
  moment: undefined,
  by: [],
  fields: [],
  measures: [],
  ...of,
})

describe('keys', () => {
  it('of both engines come in one form', () => {
    const all = (type: Field['type'], ...cells: Cell[]) => cells.map((cell) => readKey(cell, type))
    expect(all('string', 'a', 5, null)).toEqual(['a', '5', null])
    expect(all('date', '2026-11-20', '2026-11-20 00:00:00', null)).toEqual(['2026-11-20', '2026-11-20', null])
    expect(all('boolean', true, 1, '1', 't', 'true', null)).toEqual([true, true, true, true, true, null])
    expect(all('boolean', false, 0, '0', 'f', 'false')).toEqual([false, false, false, false, false])
    expect(all('integer', 7, '7', '-7', null)).toEqual([7, 7, -7, null])
    expect(all('integer', '9007199254740991', '9007199254740993')).toEqual([9007199254740991, 9007199254740993n])
  })

  it('are the base bucket, the moment, what it is kept of, and the fields', () => {
    const rows: Cell[][] = [
      ['2026-11-20 00:00:00', '1795132800000', 'w1', '2026-11-01', '5', '3'],
      ['2026-11-21', null, null, null, null, null],
    ]
    const fields = [
      field({ type: 'date', bucket: 'month' }),
      field({ type: 'integer', bucket: 'month', part: 'month' }),
    ]
    const table = readPartial(rows, layout({ base: 'day', moment: 'hour', by: [field({})], fields }))
    const day = (text: string) => parseDay(text) ?? null
    expect(table.keys).toEqual([
      [day('2026-11-20'), day('2026-11-21')],
      [1795132800000, null],
      ['w1', null],
      [day('2026-11-01'), null],
      [5, null],
    ])
    expect([table.size, table.isSnapshot, table.distinctGroups]).toEqual([2, true, true])
    expect(readPartial([['1795132800000']], layout({ base: 'exact' })).keys).toEqual([[1795132800000]])
    expect(readPartial([], layout({ distinctGroups: false })).isSnapshot).toBe(false)
  })

  it('are days where buckets are, and nothing else', () => {
    expect(() => readPartial([['yesterday']], layout({ base: 'day' }))).toThrow(/not a day/)
  })
})

describe('states', () => {
  const opaque = <State>(aggregate: Aggregate<State>) => aggregate as Aggregate<unknown>

  it('are read from the parts of their row, and there is none where no row counts', () => {
    const rows: Cell[][] = [
      ['a', '2', '10', '4'],
      ['b', 0, null, null],
      ['c', '1', '7', null],
    ]
    const measures = [
      { key: 's', request: 's', aggregate: opaque(sum), presence: undefined, parts: [2] },
      { key: 'a', request: 'a', aggregate: opaque(average), presence: 1, parts: [2, 3] },
    ]
    const [sums, averages] = readPartial(rows, layout({ fields: [field({})], measures })).states
    expect(sums?.cells.map((cell) => (cell === undefined ? 'none' : sums.aggregate.finish(cell)))).toEqual([
      { units: 10n, scale: 0 },
      null,
      { units: 7n, scale: 0 },
    ])
    expect(averages?.cells.map((cell) => (cell === undefined ? 'none' : averages.aggregate.finish(cell)))).toEqual([
      2.5,
      'none',
      null,
    ])
  })

  it('are given their own parts and no others', () => {
    const seen: Cell[][] = []
    const spy: Aggregate<unknown> = { ...opaque(sum), read: (parts) => void seen.push([...parts]) }
    const measures = [{ key: 's', request: 's', aggregate: spy, presence: undefined, parts: [2, 1] }]
    readPartial([['k', '5', '6', '7']], layout({ fields: [field({})], measures }))
    expect(seen).toEqual([['6', '5']])
  })
})
