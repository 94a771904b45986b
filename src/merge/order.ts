import type { ResolvedQuestion } from '../query/resolved.ts'
import type { FinishedTable } from './table.ts'
import { compareValues, type Value } from './value.ts'

/**
 * Orders rows in one place, after the merge, because engines order nulls and texts differently. Nulls come last in
 * both directions; ties are broken by the keys and then by the remaining columns, so that an order is total.
 */
export function compareRows(
  table: Pick<FinishedTable, 'keys' | 'metrics' | 'finality'>,
  by: ResolvedQuestion['order'],
  keyNames: readonly string[],
  metricNames: readonly string[],
): (a: number, b: number) => number {
  const columnOf = (name: string): readonly Value[] => {
    if (name === 'finality') return table.finality
    const key = keyNames.indexOf(name)
    return (key >= 0 ? table.keys[key] : table.metrics[metricNames.indexOf(name)]) ?? []
  }
  const asked = by.map(({ column, direction }) => ({ values: columnOf(column), sign: direction === 'desc' ? -1 : 1 }))
  const ties = [...keyNames, ...metricNames]
    .filter((name) => !by.some(({ column }) => column === name))
    .map((name) => ({ values: columnOf(name), sign: 1 }))
  const columns = [...asked, ...ties]
  return (a, b) => {
    for (const { values, sign } of columns) {
      const order = compareNullable(values[a] ?? null, values[b] ?? null, sign)
      if (order !== 0) return order
    }
    return 0
  }
}

function compareNullable(a: Value, b: Value, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return sign * compareValues(a, b)
}
