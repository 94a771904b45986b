import type { Cell, Statement } from '../port.ts'
import { quoteName, quoteTable } from './names.ts'

/** Rows of one INSERT: large enough that the round trip does not count, small enough for the server's memory. */
const CHUNK_ROWS = 20_000

/** The casts keep no length or scale (-1), so that the column's own is applied as it is to any inserted value. */
const TYPES = `
  SELECT a.attname, format_type(a.atttypid, -1)
  FROM pg_catalog.pg_attribute AS a
  WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`

/** Asks for the type every column's text is cast to. */
export function typesStatement(table: string): Statement {
  return { dialect: 'postgres', text: TYPES, params: [quoteTable(table)] }
}

/** The INSERTs that append `rows`: one bound array a column, however many rows. `types` answers typesStatement. */
export function* loadStatements(
  table: string,
  columns: readonly string[],
  types: readonly (readonly Cell[])[],
  rows: readonly (readonly Cell[])[],
): Generator<Statement> {
  const typeOf = new Map(types.map(([name, type]) => [String(name), String(type)]))
  const names = columns.map(quoteName)
  const aliases = columns.map((_, index) => `c${index}`)
  const casts = columns.map((column, index) => `u.c${index}::${typeOf.get(column) ?? 'text'}`)
  const arrays = columns.map((_, index) => `$${index + 1}::text::text[]`)
  const text =
    `INSERT INTO ${quoteTable(table)} (${names.join(', ')}) ` +
    `SELECT ${casts.join(', ')} FROM unnest(${arrays.join(', ')}) AS u(${aliases.join(', ')})`
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const chunk = rows.slice(start, start + CHUNK_ROWS)
    yield { dialect: 'postgres', text, params: columns.map((_, index) => arrayLiteral(chunk, index)) }
  }
}

function arrayLiteral(rows: readonly (readonly Cell[])[], index: number): string {
  const elements = rows.map((row) => {
    const cell = row[index]
    return cell === null || cell === undefined ? 'NULL' : `"${String(cell).replace(/["\\]/g, '\\$&')}"`
  })
  return `{${elements.join(',')}}`
}
