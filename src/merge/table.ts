import type { Finality } from '../base/finality.ts'
import type { Key, Value } from './value.ts'

/** Finished rows, column by column: keys, then metrics, then finality. */
export interface FinishedTable {
  readonly size: number
  readonly keys: readonly (readonly Key[])[]
  readonly metrics: readonly (readonly Value[])[]
  readonly finality: readonly Finality[]
  /** More rows were there than the limit lets through. */
  readonly truncated: boolean
  /** How many rows were left out because they are not final. */
  readonly withheld: number
}

/** The rows that a condition lets through, in their order. */
export function keep(table: FinishedTable, condition: (row: number) => boolean): FinishedTable {
  const rows: number[] = []
  for (let row = 0; row < table.size; row++) if (condition(row)) rows.push(row)
  return rows.length === table.size ? table : pick(table, rows)
}

/** The given rows, in the given order. */
export function pick(table: FinishedTable, rows: readonly number[]): FinishedTable {
  return {
    ...table,
    size: rows.length,
    keys: table.keys.map((column) => take(column, rows)),
    metrics: table.metrics.map((column) => take(column, rows)),
    finality: rows.map((row) => table.finality[row] ?? 'final'),
  }
}

/** A plain loop: this runs for every cell of every answer. */
function take<T>(column: readonly (T | null)[], rows: readonly number[]): (T | null)[] {
  const taken = new Array<T | null>(rows.length)
  for (let i = 0; i < rows.length; i++) taken[i] = column[rows[i] ?? 0] ?? null
  return taken
}
