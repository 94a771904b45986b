import type { Answer, AnswerTotals, Column } from '../gateway/assemble.ts'
import { toJson, type Value } from '../merge/value.ts'

/** How rows are written: an object a row, an array a row, or an array a column. */
export const SHAPES = ['records', 'rows', 'columns'] as const
export type Shape = (typeof SHAPES)[number]

/**
 * An answer as JSON text. Numbers are written digit for digit: exact integers and decimals never pass through a float,
 * which JSON.stringify would make of them.
 */
export function writeAnswer(answer: Answer, shape: Shape): string {
  const parts = [
    `"columns":${JSON.stringify(answer.columns)}`,
    `"rows":${writeRows(answer, shape)}`,
    `"freshness":${JSON.stringify(answer.freshness)}`,
    `"notices":${JSON.stringify(answer.notices)}`,
    ...(answer.totals === undefined ? [] : [`"totals":[${writeTotals(answer.totals)}]`]),
    `"truncated":${answer.truncated}`,
    `"nextCursor":null`,
    `"receipt":${JSON.stringify(answer.receipt)}`,
  ]
  return `{${parts.join(',')}}`
}

function writeRows(answer: Answer, shape: Shape): string {
  const columns = answer.values.map((values) => values.map(toJson))
  const names = answer.columns.map((column) => JSON.stringify(column.name))
  if (shape === 'columns') return `{${columns.map((cells, i) => `${names[i]}:[${cells.join(',')}]`).join(',')}}`
  const rows = Array.from({ length: answer.rowCount }, (_, row) => {
    if (shape === 'rows') return `[${columns.map((cells) => cells[row]).join(',')}]`
    return `{${columns.map((cells, i) => `${names[i]}:${cells[row]}`).join(',')}}`
  })
  return `[${rows.join(',')}]`
}

function writeTotals({ names, values, finality }: AnswerTotals): string {
  const cells = values.map((value, i) => `${JSON.stringify(names[i])}:${toJson(value)}`)
  return `{${[...cells, `"finality":"${finality}"`].join(',')}}`
}

/** The rows as plain objects whose exact numbers are text; for terminals, where a float is read by nobody's parser. */
export function printableRows(answer: Pick<Answer, 'columns' | 'values' | 'rowCount'>): Record<string, string>[] {
  return Array.from({ length: answer.rowCount }, (_, row) =>
    Object.fromEntries(
      answer.columns.map((column: Column, i) => [column.name, printable(answer.values[i]?.[row] ?? null)]),
    ),
  )
}

function printable(value: Value): string {
  return value === null ? '' : typeof value === 'string' ? value : toJson(value)
}
