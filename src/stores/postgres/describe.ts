import type { Cell, ColumnDescription, Statement } from '../port.ts'
import { quoteTable } from './names.ts'

const COLUMNS = `
  SELECT a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull
  FROM pg_catalog.pg_attribute AS a
  WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
  ORDER BY a.attnum`

/** Asks for a table's columns, in order. */
export function describeStatement(table: string): Statement {
  return { dialect: 'postgres', text: COLUMNS, params: [quoteTable(table)] }
}

/** Reads the answer; undefined when there is no such table. */
export function readDescription(rows: readonly (readonly Cell[])[]): readonly ColumnDescription[] | undefined {
  if (rows.length === 0) return undefined
  return rows.map(([name, type, nullable]) => ({ name: String(name), type: String(type), nullable: nullable === true }))
}
