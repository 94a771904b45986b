import { type Look, type Paint, printable } from './paint.ts'
import { widthOf } from './width.ts'

export interface TableColumn {
  readonly title: string
  readonly align: 'left' | 'right'
}

export interface TableCell {
  readonly text: string
  readonly look?: Look | undefined
}

const GAP = '  '

/**
 * Rows under their titles, aligned; nothing is cut, however wide it becomes. `footer` stands under a line of its own.
 */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  paint: Paint,
  footer: readonly (readonly TableCell[])[] = [],
): string[] {
  const titles = columns.map(({ title }): TableCell => ({ text: title, look: 'bold' }))
  const lines = [titles, ...rows, ...footer].map((row) =>
    row.map(({ text, look }) => ({ text: printable(text), look })),
  )
  const widths = columns.map((_, i) => Math.max(...lines.map((row) => widthOf(row[i]?.text ?? ''))))
  const written = lines.map((row) => formatRow(row, columns, widths, paint))
  const rule = paint(widths.map((width) => '─'.repeat(width)).join(GAP), 'dim')
  const [head = '', ...body] = written
  const end = body.length - footer.length
  return [head, rule, ...body.slice(0, end), ...(footer.length === 0 ? [] : [rule]), ...body.slice(end)]
}

function formatRow(
  row: readonly TableCell[],
  columns: readonly TableColumn[],
  widths: readonly number[],
  paint: Paint,
): string {
  const cells = columns.map(({ align }, i) => {
    const { text, look } = row[i] ?? { text: '', look: undefined }
    const space = ' '.repeat((widths[i] ?? 0) - widthOf(text))
    const last = i === columns.length - 1
    return align === 'right' ? `${space}${paint(text, look)}` : `${paint(text, look)}${last ? '' : space}`
  })
  return cells.join(GAP).trimEnd()
}
