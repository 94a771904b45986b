/** A table of texts, as an answer and the SQL that checks it are compared. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** How far two doubles may lie apart, relative to the larger: sums of doubles depend on the order of their terms. */
const CLOSE = 1e-12
const MOST_SHOWN = 12

/** What is different, as a report for people; undefined when nothing is. `floats` names the columns of doubles. */
export function differences(expected: Table, got: Table, floats: ReadonlySet<string>): string | undefined {
  if (expected.columns.join() !== got.columns.join()) {
    return `columns\n  expected ${expected.columns.join(', ')}\n  got      ${got.columns.join(', ')}`
  }
  const length = Math.max(expected.rows.length, got.rows.length)
  const differ = Array.from({ length }, (_, row) => row).filter(
    (row) => !sameRow(expected.rows[row], got.rows[row], got.columns, floats),
  )
  if (differ.length === 0) return undefined
  const shown = differ.slice(0, MOST_SHOWN)
  const lines = [
    ['', 'row', ...got.columns],
    ...shown.flatMap((row) => [
      ['expected', String(row), ...written(expected.rows[row])],
      ['got', String(row), ...written(got.rows[row])],
    ]),
  ]
  const counts = `${expected.rows.length} rows expected, ${got.rows.length} rows got, ${differ.length} of them differ`
  return `${counts}\n${aligned(lines)}${differ.length > shown.length ? '\n...' : ''}`
}

/** A number without what does not count: 12.50 is 12.5, 7.00 is 7. Any other text is left as it is. */
export function plainNumber(text: string): string {
  const match = /^(-?\d+)\.(\d*?)0*$/.exec(text)
  if (match === null) return text
  const [, whole = '', fraction = ''] = match
  return fraction === '' ? whole.replace(/^-0$/, '0') : `${whole}.${fraction}`
}

type Row = Table['rows'][number] | undefined

function sameRow(a: Row, b: Row, columns: readonly string[], floats: ReadonlySet<string>): boolean {
  if (a === undefined || b === undefined) return false
  return columns.every((column, i) => sameCell(a[i] ?? null, b[i] ?? null, floats.has(column)))
}

function sameCell(a: string | null, b: string | null, float: boolean): boolean {
  if (a === b) return true
  if (!float || a === null || b === null) return false
  const [x, y] = [Number(a), Number(b)]
  return Math.abs(x - y) <= CLOSE * Math.max(Math.abs(x), Math.abs(y))
}

function written(row: Row): string[] {
  return row === undefined ? ['(no row)'] : row.map((cell) => cell ?? '∅')
}

function aligned(lines: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...lines.map((line) => line[column]?.length ?? 0))
  return lines.map((line) => `  ${line.map((cell, i) => cell.padEnd(width(i))).join('  ')}`.trimEnd()).join('\n')
}
