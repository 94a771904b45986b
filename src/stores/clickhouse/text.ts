import { Readable } from 'node:stream'
import type { Cell, Parameter } from '../port.ts'

/** Rows of one piece of TSV text. */
const CHUNK_ROWS = 10_000

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
}

/** One value as ClickHouse reads it from TSV and from the value of a parameter. */
export function escapeValue(value: Cell | Parameter): string {
  if (value === null) return '\\N'
  if (typeof value === 'boolean') return value ? '1' : '0'
  return String(value).replace(/[\\\t\n\r\0]/g, (character) => ESCAPES[character] ?? character)
}

/** Trusted text, or a value that was escaped before, as a string literal. */
export function quoteText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}

/** Quotes an identifier as ClickHouse reads it. */
export function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``
}

/** Quotes a table name, with its database or without. */
export function quoteTable(table: string): string {
  return table.split('.').map(quoteName).join('.')
}

/** The rows as a stream of TSV, so that a large load is never one string. */
export function tsvStream(rows: readonly (readonly Cell[])[]): Readable {
  return Readable.from(tsvChunks(rows), { objectMode: false })
}

function* tsvChunks(rows: readonly (readonly Cell[])[]): Generator<string> {
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const lines = rows.slice(start, start + CHUNK_ROWS).map((row) => `${row.map(escapeValue).join('\t')}\n`)
    yield lines.join('')
  }
}
