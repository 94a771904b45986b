import type { QuestionKey, Top } from '../query/resolved.ts'
import type { Fold } from './evaluate.ts'
import { textOf } from './rows.ts'
import { columnNamed, type FinishedTable } from './table.ts'
import { compareValues, type Key } from './value.ts'

/** The key of the group that the rest is folded into; keys that are no texts are null there. */
export const OTHERS = 'others'

/**
 * Which groups are kept: the n with the largest (smallest) value over the whole question, nulls last, ties by their
 * keys. The rest is left out, or folded into one group, whose values are computed from its states.
 */
export function topGroups(
  table: FinishedTable,
  fields: readonly QuestionKey[],
  { n, by, direction, others }: Top,
): Fold {
  const { values } = columnNamed(table, by)
  const sign = direction === 'desc' ? -1 : 1
  const rows = Array.from({ length: table.size }, (_, row) => row).sort((a, b) => {
    const [x, y] = [values[a] ?? null, values[b] ?? null]
    if (x === null || y === null) return x === y ? compareKeys(table, a, b) : x === null ? 1 : -1
    return sign * compareValues(x, y) || compareKeys(table, a, b)
  })
  const kept = new Set(rows.slice(0, n).map((row) => textOf(table.keys.map((column) => column[row] ?? null))))
  const rest = fields.map((key): Key => (key.kind === 'field' && key.field.type === 'string' ? OTHERS : null))
  return (keys) => (kept.has(textOf(keys)) ? keys : others ? rest : undefined)
}

function compareKeys(table: FinishedTable, a: number, b: number): number {
  for (const column of table.keys) {
    const [x, y] = [column[a] ?? null, column[b] ?? null]
    if (x === y) continue
    if (x === null || y === null) return x === null ? 1 : -1
    const order = compareValues(x, y)
    if (order !== 0) return order
  }
  return 0
}
