import type { QuestionKey, Top } from '../query/resolved.ts'
import type { Fold } from './evaluate.ts'
import { orderRows } from './order.ts'
import { textOf } from './rows.ts'
import type { FinishedTable } from './table.ts'
import type { Key } from './value.ts'

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
  const rows = orderRows(
    table,
    [{ column: by, direction }],
    fields.map(({ name }) => name),
  )
  const kept = new Set(rows.slice(0, n).map((row) => textOf(table.keys.map((column) => column[row] ?? null))))
  const rest = fields.map((key): Key => (key.kind === 'field' && key.field.type === 'string' ? OTHERS : null))
  return (keys) => (kept.has(textOf(keys)) ? keys : others ? rest : undefined)
}
