import { formatNumber } from './numberFormat.ts'
import type { Look, Paint } from './paint.ts'
import { printable } from './paint.ts'
import { formatTable, type TableCell } from './table.ts'
import { NumberText, type WireAnswer, type WireFreshness, type WireNotices, type WireValue } from './wire.ts'

type WireColumn = WireAnswer['columns'][number]

const NOTHING: TableCell = { text: 'null', look: 'dim' }

/** An answer for people: the table, the totals, how many rows, how final they are and why. */
export function answerLines(answer: WireAnswer, paint: Paint): string[] {
  const { columns, rows, totals = [], subtotals = [], freshness, notices, receipt } = answer
  const table = formatTable(
    columns.map((column) => ({ title: column.name, align: isNumber(column) ? 'right' : 'left' })),
    rows.map((row) => columns.map((column) => cellOf(row[column.name] ?? null, column))),
    paint,
    [...subtotals.flatMap((each) => each.rows), ...totals].map((row) =>
      columns.map((column, i) => totalCell(row[column.name], column, i)),
    ),
  )
  return [
    ...table,
    '',
    countLine(answer),
    ...noticeLines(notices, paint),
    ...freshnessLines(freshness, paint),
    paint(`catalog ${receipt.catalogVersion}, epoch ${receipt.epoch.digits}`, 'dim'),
  ]
}

function isNumber({ type }: WireColumn): boolean {
  return type === 'int64' || type === 'decimal' || type === 'float64'
}

function cellOf(value: WireValue, { role, format }: WireColumn): TableCell {
  if (value === null) return NOTHING
  if (value instanceof NumberText) return { text: formatNumber(value.digits, format) }
  return { text: String(value), look: role === 'finality' ? lookOf(String(value)) : undefined }
}

/** Key columns have no total; the first of them says what the row is. */
function totalCell(value: WireValue | undefined, column: WireColumn, index: number): TableCell {
  if (value !== undefined) return cellOf(value, column)
  return { text: index === 0 ? 'total' : '' }
}

function lookOf(finality: string): Look | undefined {
  return finality === 'provisional' ? 'yellow' : finality === 'missing' ? 'red' : undefined
}

function countLine({ rows, truncated, nextCursor }: WireAnswer): string {
  const count = `${rows.length} row${rows.length === 1 ? '' : 's'}`
  const more = truncated || (nextCursor ?? null) !== null
  return more ? `${count}, and there are more: the answer is cut here (see --limit)` : count
}

/** What should be known of the days, one line each. */
export function noticeLines(notices: WireNotices, paint: Paint): string[] {
  return notices.map(({ message }) => `${paint('!', 'yellow')} ${printable(message)}`)
}

/** How far everything is final, and which days came from where. */
export function freshnessLines({ asOf, finalThrough, sources }: WireFreshness, paint: Paint): string[] {
  const wide = Math.max(0, ...sources.map(({ source }) => (source ?? 'no source').length))
  return [
    `${finalThrough === null ? 'nothing is final' : `final through ${finalThrough}`}, as of ${asOf}`,
    ...sources.map(({ source, from, to, finality, reason }) => {
      const days = from === to ? from.padEnd(24) : `${from} to ${to}`
      const why = reason === undefined ? '' : ` (${reason})`
      return `  ${(source ?? 'no source').padEnd(wide)}  ${days}  ${paint(finality, lookOf(finality))}${why}`
    }),
  ]
}
