import type { Grain, Interval } from '../base/time.ts'
import { baseAt } from '../query/timeUnit.ts'
import { textOf } from './rows.ts'
import type { Key } from './value.ts'

/** Rows that bear the moment which their store kept for a base bucket and the dimensions it is kept of. */
export interface SnapshotRows {
  readonly bases: readonly Key[] | undefined
  readonly moments: readonly Key[]
  readonly by: readonly (readonly Key[])[]
  readonly size: number
}

/**
 * The rows of the last (first) moment within some intervals, for each value of `by`; and that moment, where there is one
 * for all. Rows without a state take part: a moment is kept whatever is left of it by filters on joined dimensions.
 */
export function keepMoments(
  table: SnapshotRows,
  intervals: readonly Interval[],
  base: Grain | undefined,
  zone: string,
  keep: 'last' | 'first',
): { readonly rows: readonly number[]; readonly moment: Key | undefined } {
  const ranges = intervals.map(({ from, to }) =>
    base === undefined
      ? ([-Infinity, Infinity] as const)
      : ([
          Number.isFinite(from) ? baseAt(from, base, zone) : from,
          Number.isFinite(to) ? baseAt(to - 1, base, zone) : to,
        ] as const),
  )
  const best = new Map<string, number>()
  const within: { row: number; by: string; moment: number }[] = []
  const better = keep === 'last' ? Math.max : Math.min
  for (let row = 0; row < table.size; row++) {
    const at = Number(table.bases?.[row] ?? 0)
    const moment = table.moments[row]
    if (typeof moment !== 'number' || !ranges.some(([first, last]) => first <= at && at <= last)) continue
    const by = textOf(table.by.map((column) => column[row] ?? null))
    within.push({ row, by, moment })
    best.set(by, better(best.get(by) ?? moment, moment))
  }
  const rows = within.flatMap(({ row, by, moment }) => (best.get(by) === moment ? [row] : []))
  const [only] = best.size === 1 ? best.values() : []
  return { rows, moment: only }
}
