import { describe, expect, it } from 'vitest'
import { fromInteger, toText } from '../../src/base/decimal.ts'
import { count } from '../../src/merge/aggregates/count.ts'
import { convert } from '../../src/merge/convert.ts'
import type { GroupTable } from '../../src/merge/groups.ts'
import { isDecimal, type Key } from '../../src/merge/value.ts'
import type { Convert } from '../../src/plan/logical.ts'
import type { Predicate } from '../../src/query/resolved.ts'

/** Microseconds of a time of the day of 2026-11-03 (UTC). */
const at = (text: string) => Date.parse(`2026-11-03T${text}Z`) * 1000

/** Rows of (time, entity, what must match, ..., fields ..., number of events). */
function tableOf(id: string, rows: readonly (readonly Key[])[]): GroupTable {
  const width = (rows[0]?.length ?? 1) - 1
  return {
    size: rows.length,
    keys: Array.from({ length: width }, (_, i) => rows.map((row) => row[i] ?? null)),
    states: new Map([
      [id, { aggregate: count as never, cells: rows.map((row) => fromInteger(Number(row[width] ?? 0))) }],
    ]),
  }
}

interface Asked {
  readonly within?: number
  readonly credit?: 'latest' | 'first' | 'every'
  readonly match?: readonly string[]
  readonly base?: 'minute' | 'hour' | 'day' | 'month'
  readonly selects?: readonly Predicate[]
}

function converted(
  base: readonly (readonly Key[])[],
  follow: readonly (readonly Key[])[],
  asked: Asked = {},
): unknown[] {
  const { within, credit = 'latest', match = [], selects = [] } = asked
  const node = {
    id: 'c',
    conversion: { base: { id: 'visit' }, follow: { id: 'buy' }, entity: 'who', within, match, credit },
    window: { zone: 'Asia/Shanghai' },
    base: asked.base,
    selects,
  } as unknown as Convert
  const { keys, size, states } = convert(node, tableOf('visit', base), tableOf('buy', follow))
  const cells = states.get('c')?.cells ?? []
  return Array.from({ length: size }, (_, row) => {
    const cell = cells[row] as never
    return [...keys.map((column) => column[row]), isDecimal(cell) ? Number(toText(cell)) : cell]
  })
}

const HOUR = 3_600_000

describe('a conversion', () => {
  const visits = [
    [at('12:00'), 'u1', 'c', 1],
    [at('10:00'), 'u1', 'a', 1],
    [at('11:00'), 'u1', 'b', 1],
  ]

  it('is credited to the latest, the first or every base event at or before it', () => {
    const buys = [[at('11:30'), 'u1', 1]]
    expect(converted(visits, buys)).toEqual([['b', 1]])
    expect(converted(visits, buys, { credit: 'first' })).toEqual([['a', 1]])
    expect(converted(visits, buys, { credit: 'every' })).toEqual([
      ['a', 1],
      ['b', 1],
    ])
    expect(converted(visits, [[at('11:00'), 'u1', 1]])).toEqual([['b', 1]])
    expect(converted(visits, [[at('09:59'), 'u1', 1]])).toEqual([])
  })

  it('looks back less than the window, and ever without one', () => {
    expect(converted(visits, [[at('13:00'), 'u1', 1]], { within: HOUR })).toEqual([])
    expect(converted(visits, [[at('13:00') - 1, 'u1', 1]], { within: HOUR })).toEqual([['c', 1]])
    expect(converted(visits, [[at('13:00'), 'u1', 1]], { within: 2 * HOUR, credit: 'first' })).toEqual([['c', 1]])
    expect(converted(visits, [[at('13:00') + 1e15, 'u1', 1]])).toEqual([['c', 1]])
  })

  it('adds up, and counts base events of one moment each where every one is credited', () => {
    const twice = [[at('10:00'), 'u1', 'a', 2]]
    const buys = [
      [at('10:30'), 'u1', 3],
      [at('10:40'), 'u1', 4],
    ]
    expect(converted(twice, buys)).toEqual([['a', 7]])
    expect(converted(twice, buys, { credit: 'first' })).toEqual([['a', 7]])
    expect(converted(twice, buys, { credit: 'every' })).toEqual([['a', 14]])
  })

  it('is of one entity and of what must match; null is nobody', () => {
    const looked = [
      [at('10:00'), 'u1', 'p', 1],
      [at('10:00'), null, 'p', 1],
      [at('10:00'), 'u3', null, 1],
      [null, 'u4', 'p', 1],
    ]
    const match = ['product']
    expect(converted(looked, [[at('11:00'), 'u1', 'p', 1]], { match })).toEqual([[1]])
    for (const [who, what] of [
      ['u1', 'q'],
      ['u2', 'p'],
      [null, 'p'],
      ['u3', null],
      ['u4', 'p'],
    ] as const)
      expect(converted(looked, [[at('11:00'), who, what, 1]], { match })).toEqual([])
    expect(converted(looked, [[null, 'u1', 'p', 1]], { match })).toEqual([])
  })

  it('counts in the bucket of the base event, in the zone of the answer', () => {
    const late = [[at('16:30'), 'u1', 1]]
    const buys = [[at('23:00'), 'u1', 1]]
    const day = Date.parse('2026-11-04') / 86_400_000
    expect(converted(late, buys, { base: 'day' })).toEqual([[day, 1]])
    expect(converted(late, buys, { base: 'month' })).toEqual([[day - 3, 1]])
    expect(converted(late, buys, { base: 'hour' })).toEqual([[at('16:00') / 1000, 1]])
    expect(converted(late, buys, { base: 'minute' })).toEqual([[at('16:30') / 1000, 1]])
    expect(converted([[at('16:30') + 59_999_999, 'u1', 1]], buys, { base: 'minute' })).toEqual([
      [at('16:30') / 1000, 1],
    ])
    expect(converted(late, buys)).toEqual([[1]])
  })

  it('is credited to selected base events only', () => {
    const until: Predicate = {
      kind: 'during',
      field: {} as never,
      from: at('10:00') / 1000,
      to: at('11:00') / 1000,
      negated: false,
    }
    const buys = [[at('13:00'), 'u1', 1]]
    expect(converted(visits, buys, { selects: [until] })).toEqual([['a', 1]])
    expect(converted([[at('10:59') + 59_999_999, 'u1', 'z', 1]], buys, { selects: [until] })).toEqual([['z', 1]])
    expect(converted([[at('11:00') + 1, 'u1', 'z', 1]], buys, { selects: [until] })).toEqual([])
    expect(converted(visits, buys, { selects: [until, { ...until, negated: true }] })).toEqual([])
  })
})
