import type { Cell, ColumnDescription, Statement } from '../port.ts'

const COLUMNS = `
  SELECT name, type
  FROM system.columns
  WHERE database = if({p1:String} = '', currentDatabase(), {p1:String}) AND table = {p2:String}
  ORDER BY position`

/** Asks for a table's columns, in order; without a database it is the connection's own. */
export function describeStatement(table: string): Statement {
  const dot = table.indexOf('.')
  return { dialect: 'clickhouse', text: COLUMNS, params: [table.slice(0, Math.max(0, dot)), table.slice(dot + 1)] }
}

/** Reads the answer; undefined when there is no such table. */
export function readDescription(rows: readonly (readonly Cell[])[]): readonly ColumnDescription[] | undefined {
  if (rows.length === 0) return undefined
  return rows.map(([name, type]) => ({
    name: String(name),
    type: String(type),
    nullable: /^(LowCardinality\()?Nullable\(/.test(String(type)),
  }))
}
