import { describe, expect, it } from 'vitest'
import type { Finality } from '../../src/base/finality.ts'
import { analyse, type WholeOf } from '../../src/merge/analyse.ts'
import type { FinishedTable } from '../../src/merge/table.ts'
import type { Value } from '../../src/merge/value.ts'
import type { AnalysisColumn } from '../../src/query/resolved.ts'
import { finished } from './answerKeys.ts'

const exact = (units: bigint, scale = 0): Value => ({ units, scale })

function column(kind: AnalysisColumn['kind'], more: Partial<AnalysisColumn> = {}): AnalysisColumn {
  const shown = { name: 'it', metric: 'a', type: 'decimal', unit: undefined, format: undefined, hidden: false } as const
  return { ...shown, kind, of: 'a', to: 'b', within: [], direction: 'desc', ...more }
}

const noWhole: WholeOf = () => ({ table: finished([]), names: [], times: [] })

function between(kind: 'delta' | 'ratio', a: Value, b: Value): Value | undefined {
  return analyse(column(kind), finished([['k']], ['a', [a]], ['b', [b]]), ['key'], noWhole).values[0]
}

describe('a delta', () => {
  it('is exact between exact numbers', () => {
    expect(between('delta', exact(9_007_199_254_740_993n), exact(5n, 1))).toEqual(exact(90_071_992_547_409_925n, 1))
  })

  it('is a double where one side is', () => {
    expect(between('delta', exact(75n, 1), 2.25)).toBe(5.25)
    expect(between('delta', 2.25, exact(75n, 1))).toBe(-5.25)
  })

  it('of null is null, on either side', () => {
    for (const [a, b] of [
      [null, exact(1n)],
      [exact(1n), null],
      [null, 1],
      [1, null],
      [null, null],
    ] as const)
      expect(between('delta', a, b)).toBeNull()
  })
})

describe('a ratio', () => {
  it('is a real division, null by 0 and of null', () => {
    expect(between('ratio', exact(1n), exact(4n))).toBe(0.25)
    expect(between('ratio', exact(3n, 1), 2)).toBe(0.15)
    for (const [a, b] of [
      [exact(1n), exact(0n)],
      [1, 0],
      [null, 1],
      [1, null],
    ] as const)
      expect(between('ratio', a, b)).toBeNull()
  })

  it('is as final as the worse of its sides', () => {
    const table = finished(
      [['x', 'y', 'z']],
      ['a', [1, 1, 1], ['final', 'provisional', 'final']],
      ['b', [1, 1, 1], ['final', 'final', 'missing']],
    )
    expect(analyse(column('ratio'), table, ['key'], noWhole).finality).toEqual(['final', 'provisional', 'missing'])
  })
})

/** Ranks by a second way: one more than the number of values before it. */
function ranksOf(values: readonly (number | null)[], groups: readonly string[], direction: 'asc' | 'desc') {
  return values.map((value, row) => {
    if (value === null) return null
    const before = values.filter(
      (other, i) =>
        groups[i] === groups[row] && other !== null && (direction === 'asc' ? other < value : other > value),
    )
    return before.length + 1
  })
}

describe('ranks', () => {
  const values = [0, 5, null, 5, 2, -3, 5, 2, null, 0, -3]
  const groups = ['x', 'x', 'x', 'y', 'x', 'y', 'x', 'x', 'y', 'y', 'y']

  it.each(['asc', 'desc'] as const)('%s: equal values share one and leave a gap', (direction: 'asc' | 'desc') => {
    const table = finished([groups, values.map((_, i) => i)], ['a', values])
    const numbers = (within: string[]) =>
      analyse(column('rank', { within, direction }), table, ['group', 'row'], noWhole).values.map((rank) =>
        typeof rank === 'object' && rank !== null ? Number(rank.units) : rank,
      )
    expect(numbers(['group'])).toEqual(ranksOf(values, groups, direction))
    expect(numbers([])).toEqual(
      ranksOf(
        values,
        groups.map(() => ''),
        direction,
      ),
    )
  })

  it('are as final as the least final value among which they were found', () => {
    const finality: Finality[] = ['final', 'final', 'provisional', 'final', 'missing']
    const table = finished([['x', 'y', 'x', 'y', 'z']], ['a', [1, 1, null, 2, 1], finality])
    expect(analyse(column('rank', { within: ['group'] }), table, ['group'], noWhole).finality).toEqual([
      'provisional',
      'final',
      'provisional',
      'final',
      'missing',
    ])
  })
})

describe('a share', () => {
  const table = finished(
    [
      ['mon', 'mon', 'tue', 'tue', 'wed'],
      ['x', 'y', 'x', null, 'x'],
    ],
    ['a', [1, 3, 4, 5, null], ['final', 'provisional', 'final', 'final', 'final']],
  )
  const byBoth: FinishedTable = finished(
    [
      ['x', 'x', null],
      ['tue', 'mon', 'tue'],
    ],
    ['a', [8, 4, 0], ['final', 'final', 'provisional']],
  )
  const byTime: FinishedTable = finished([['mon', 'tue']], ['a', [0, 0], ['missing', 'final']])

  it('is of the total whose keys the row bears; one without a row is as final as its time', () => {
    const asked: string[][] = []
    const whole: WholeOf = (within) => {
      asked.push([...within])
      if (within.length === 1) return { table: byTime, names: ['time'], times: ['time'] }
      return { table: byBoth, names: ['group', 'time'], times: ['time'] }
    }
    const { values, finality } = analyse(
      column('share', { within: ['group', 'time'] }),
      table,
      ['time', 'group'],
      whole,
    )
    expect(values).toEqual([0.25, null, 0.5, null, null])
    // (mon, y) has no total, and Monday is missing; (wed, x) has neither.
    expect(finality).toEqual(['final', 'missing', 'final', 'provisional', 'final'])
    expect(asked[0]).toEqual(['group', 'time'])
    expect(asked.at(-1)).toEqual(['time'])
  })
})
