import type { Answer, AnswerTotals, Figures, Receipt } from '../gateway/answerTypes.ts'
import { toJson } from '../merge/value.ts'

/** How rows are written: an object a row, an array a row, or an array a column. */
export const SHAPES = ['records', 'rows', 'columns'] as const
export type Shape = (typeof SHAPES)[number]

/**
 * An answer as JSON text. Numbers are written digit for digit: exact integers and decimals never pass through a float,
 * which JSON.stringify would make of them.
 */
export function writeAnswer(answer: Answer, shape: Shape): string {
  return `${writeFigures(answer, shape)}${writeReceipt(answer.receipt)}`
}

/** All of an answer's text up to its receipt, which is the last of it and differs from time to time. */
export function writeFigures(answer: Figures, shape: Shape): string {
  const parts = [
    `"columns":${JSON.stringify(answer.columns)}`,
    `"rows":${writeRows(answer, shape)}`,
    `"freshness":${JSON.stringify(answer.freshness)}`,
    `"notices":${JSON.stringify(answer.notices)}`,
    ...(answer.totals === undefined ? [] : [`"totals":[${writeTotals(answer.totals)}]`]),
    `"truncated":${answer.truncated}`,
    `"nextCursor":null`,
  ]
  return `{${parts.join(',')},`
}

/** What follows `writeFigures`. */
export function writeReceipt(receipt: Receipt): string {
  return `"receipt":${JSON.stringify(receipt)}}`
}

function writeRows(answer: Figures, shape: Shape): string {
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
