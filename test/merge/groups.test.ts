import { describe, expect, it } from 'vitest'
import type { Aggregate } from '../../src/merge/aggregates/aggregate.ts'
import { sum } from '../../src/merge/aggregates/sum.ts'
import { type GroupTable, mergeGroups } from '../../src/merge/groups.ts'
import type { PartialTable } from '../../src/merge/partial.ts'
import { isDecimal, type Key } from '../../src/merge/value.ts'
import type { AtomicRequest } from '../../src/query/resolved.ts'

const requests = ['r', 's'].map((id) => ({ id, metric: { aggregation: 'sum', floats: false } }) as AtomicRequest)

interface Row {
  readonly keys: readonly Key[]
  /** Of each request; null where it has no row. */
  readonly r?: number | null
  readonly s?: number | null
}

/** What a statement gave: `of` names the requests that it was asked for. */
function partial(rows: readonly Row[], of: readonly ('r' | 's')[] = ['r', 's'], distinctGroups = true): PartialTable {
  const width = rows[0]?.keys.length ?? 0
  return {
    size: rows.length,
    distinctGroups,
    isSnapshot: false,
    keys: Array.from({ length: width }, (_, key) => rows.map(({ keys }) => keys[key] ?? null)),
    states: of.map((request) => ({
      key: request,
      request,
      aggregate: sum as Aggregate<unknown>,
      cells: rows.map((row) => (typeof row[request] === 'number' ? sum.read([row[request]]) : undefined)),
    })),
  }
}

/** `keys: r s` of each group, "-" where there is no state. */
function shown({ keys, size, states }: GroupTable): string[] {
  return Array.from({ length: size }, (_, group) => {
    const values = [...states.values()].map(({ aggregate, cells }) => {
      const value = cells[group] === undefined ? undefined : aggregate.finish(cells[group])
      return value !== undefined && isDecimal(value) ? Number(value.units) : '-'
    })
    return `${keys.map((column) => String(column[group])).join(' ')}: ${values.join(' ')}`
  })
}

describe('groups', () => {
  it('are joined on all keys, null with null; texts that only look alike are not', () => {
    const first = partial([
      { keys: ['a', null], r: 1, s: 2 },
      { keys: [null, 'a'], r: 3, s: null },
      { keys: ['1:x', 'y'], r: 10, s: 20 },
      { keys: ['a', 'b'], r: 30, s: null },
    ])
    const second = partial([
      { keys: [null, 'a'], r: 4, s: 5 },
      { keys: ['a', null], r: 6, s: null },
      { keys: ['null', 'a'], r: null, s: 7 },
      { keys: ['a', 'b'], r: 1, s: 40 },
      { keys: ['1', 'x;1:y'], r: 8, s: 9 },
    ])
    const expected = ['a null: 7 2', 'null a: 7 5', '1:x y: 10 20', 'a b: 31 40', 'null a: - 7', '1 x;1:y: 8 9']
    expect(shown(mergeGroups([first, second], 2, requests))).toEqual(expected)
  })

  it('are told apart by one key as by several', () => {
    const slices = [
      [
        { keys: ['a'], r: 1 },
        { keys: [null], r: 2 },
      ],
      [
        { keys: [null], r: 3 },
        { keys: ['null'], r: 4 },
      ],
    ]
    const merged = mergeGroups(
      slices.map((rows) => partial(rows)),
      1,
      requests,
    )
    expect(shown(merged)).toEqual(['a: 1 -', 'null: 5 -', 'null: 4 -'])
  })

  it('of one statement stand as they are, those of its rows are merged where they are not distinct', () => {
    const rows = [
      { keys: ['a'], r: 1 },
      { keys: ['b'], s: 2 },
      { keys: ['a'], r: 3, s: 4 },
    ]
    expect(shown(mergeGroups([partial(rows.slice(0, 2))], 1, requests))).toEqual(['a: 1 -', 'b: - 2'])
    expect(shown(mergeGroups([partial(rows, ['r', 's'], false)], 1, requests))).toEqual(['a: 4 4', 'b: - 2'])
  })

  it('have a column for every request, and for those that travel along', () => {
    const [r] = requests.slice(0, 1)
    const rows = [{ keys: ['a'], r: 1, s: 2 }]
    for (const tables of [[partial(rows)], [partial(rows), partial(rows)]]) {
      const { states } = mergeGroups(tables, 1, r === undefined ? [] : [r])
      expect([...states.keys()]).toEqual(['r', 's'])
      expect(states.get('s')?.cells.length).toBe(1)
    }
    expect(shown(mergeGroups([partial(rows, ['s'])], 1, requests))).toEqual(['a: - 2'])
    expect(shown(mergeGroups([], 1, requests))).toEqual([])
  })

  it('in which no request has a row are none, save for moments that are kept', () => {
    const rows = [{ keys: ['a'] }, { keys: ['b'], r: 1 }, { keys: ['c'] }, { keys: ['d'], s: 2 }, { keys: ['e'] }]
    const kept = ['b: 1 -', 'd: - 2']
    const all = ['a: - -', 'b: 1 -', 'c: - -', 'd: - 2', 'e: - -']
    for (const tables of [[partial(rows)], [partial(rows, ['r']), partial(rows, ['s'])]]) {
      expect(shown(mergeGroups(tables, 1, requests))).toEqual(kept)
      expect(shown(mergeGroups(tables, 1, requests, true))).toEqual(all)
    }
    // A column that ends before the groups do, and has every state up to there.
    const [begun, later] = [partial([{ keys: ['a'], r: 1 }], ['r']), partial([{ keys: ['b'] }], ['s'])]
    expect(shown(mergeGroups([begun, later], 1, requests))).toEqual(['a: 1 -'])
    // Every request has a row in every group.
    const full = [
      { keys: ['a'], r: 1, s: 2 },
      { keys: ['b'], r: 3, s: 4 },
    ]
    expect(shown(mergeGroups([partial(full)], 1, requests))).toEqual(['a: 1 2', 'b: 3 4'])
  })

  it('are exactly one where there are no keys', () => {
    const [empty, none, one] = [partial([]), partial([{ keys: [] }]), partial([{ keys: [], r: 3, s: 1 }])]
    for (const tables of [[], [empty], [none], [empty, none]])
      expect(shown(mergeGroups(tables, 0, requests))).toEqual([': - -'])
    expect(shown(mergeGroups([one], 0, requests))).toEqual([': 3 1'])
    expect(shown(mergeGroups([one, none, one], 0, requests))).toEqual([': 6 2'])
  })

  it('leave what was read as it was', () => {
    const tables = [partial([{ keys: ['a'], r: 1, s: 2 }]), partial([{ keys: ['a'], r: 1, s: 2 }])]
    expect(shown(mergeGroups(tables, 1, requests))).toEqual(['a: 2 4'])
    expect(shown(mergeGroups(tables, 1, requests))).toEqual(['a: 2 4'])
  })
})
