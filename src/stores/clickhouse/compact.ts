import type { Cell, ResultSet } from '../port.ts'

/** The part of the JSONCompact format that is read. Nothing else arrives here: both engines are asked for it. */
export interface CompactAnswer {
  readonly meta?: readonly { readonly name: string }[]
  readonly data: readonly (readonly Cell[])[]
}

/** The answer as rows; a statement that returns nothing has no columns. */
export function readCompact({ meta, data }: CompactAnswer): ResultSet {
  return { columns: (meta ?? []).map((column) => column.name), rows: data }
}
