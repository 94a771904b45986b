import type { Table } from '../support/answersTable.ts'

/** What counts as the same number. */
export interface Closeness {
  /** Columns of doubles. */
  readonly floats: ReadonlySet<string>
  /** Relative to the larger. */
  readonly close: number
  /** True where every number is compared closely, not doubles alone. */
  readonly all: boolean
}

const MOST_SHOWN = 12

/** What is different between two tables, as a report for people; undefined when nothing is. */
export function differencesOf(expected: Table, got: Table, closeness: Closeness): string | undefined {
  if (expected.columns.join() !== got.columns.join()) {
    return `columns\n  expected ${expected.columns.join(', ')}\n  got      ${got.columns.join(', ')}`
  }
  const length = Math.max(expected.rows.length, got.rows.length)
  const same = (row: number): boolean => {
    const [a, b] = [expected.rows[row], got.rows[row]]
    if (a === undefined || b === undefined) return false
    return got.columns.every((column, i) => sameCell(a[i] ?? null, b[i] ?? null, column, closeness))
  }
  const differ = Array.from({ length }, (_, row) => row).filter((row) => !same(row))
  if (differ.length === 0) return undefined
  const lines = differ.slice(0, MOST_SHOWN).flatMap((row) => [
    ['expected', String(row), ...written(expected.rows[row])],
    ['got', String(row), ...written(got.rows[row])],
  ])
  const counts = `${expected.rows.length} rows expected, ${got.rows.length} rows got, ${differ.length} of them differ`
  return `${counts}\n${aligned([['', 'row', ...got.columns], ...lines])}${differ.length > MOST_SHOWN ? '\n...' : ''}`
}

function sameCell(a: string | null, b: string | null, column: string, { floats, close, all }: Closeness): boolean {
  if (a === b) return true
  if (a === null || b === null || !(all || floats.has(column))) return false
  const [x, y] = [Number(a), Number(b)]
  return Math.abs(x - y) <= close * Math.max(Math.abs(x), Math.abs(y))
}

function written(row: Table['rows'][number] | undefined): string[] {
  return row === undefined ? ['(no row)'] : row.map((cell) => cell ?? '∅')
}

function aligned(lines: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(...lines.map((line) => line[column]?.length ?? 0))
  return lines.map((line) => `  ${line.map((cell, i) => cell.padEnd(width(i))).join('  ')}`.trimEnd()).join('\n')
}
