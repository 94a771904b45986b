import { type Finality, worse } from '../base/finality.ts'
import type { Key, Value } from './value.ts'

/** A column of finished values, each with how final it is. */
export interface FinishedColumn {
  readonly name: string
  readonly values: readonly Value[]
  readonly finality: readonly Finality[]
}

/** Finished rows, column by column. */
export interface FinishedTable {
  readonly size: number
  readonly keys: readonly (readonly Key[])[]
  /** Hidden columns too. */
  readonly metrics: readonly FinishedColumn[]
  /** The worst of each row. */
  readonly finality: readonly Finality[]
  /** More rows were there than the limit lets through. */
  readonly truncated: boolean
  /** How many rows were left out because they are not final. */
  readonly withheld: number
  /** All rows, where a limit has cut this table. */
  readonly whole?: FinishedTable | undefined
}

/** A table of columns; a row is as final as the worst of its cells. */
export function tableOf(
  keys: readonly (readonly Key[])[],
  size: number,
  metrics: readonly FinishedColumn[],
): FinishedTable {
  const finality = new Array<Finality>(size).fill('final')
  for (const metric of metrics) {
    for (let row = 0; row < size; row++)
      finality[row] = worse(finalityAt(finality, row), finalityAt(metric.finality, row))
  }
  return { size, keys, metrics, finality, truncated: false, withheld: 0 }
}

/** How final a row is: every row has it, values or none. */
export function finalityAt(finality: readonly Finality[], row: number): Finality {
  const at = finality[row]
  if (at === undefined) throw new TypeError(`nothing tells how final row ${row} is`)
  return at
}

/** A column by its name. */
export function columnNamed(table: FinishedTable, name: string): FinishedColumn {
  const column = table.metrics.find((each) => each.name === name)
  if (column === undefined) throw new TypeError(`the answer has no column ${name}`)
  return column
}

/** The rows that a condition lets through, in their order. */
export function keep(table: FinishedTable, condition: (row: number) => boolean): FinishedTable {
  const rows: number[] = []
  for (let row = 0; row < table.size; row++) if (condition(row)) rows.push(row)
  return pick(table, rows)
}

/** The given rows, in the given order. */
export function pick(table: FinishedTable, rows: readonly number[]): FinishedTable {
  return {
    ...table,
    size: rows.length,
    keys: table.keys.map((column) => take(column, rows)),
    metrics: table.metrics.map(({ name, values, finality }) => ({
      name,
      values: take(values, rows),
      finality: rows.map((row) => finalityAt(finality, row)),
    })),
    finality: rows.map((row) => finalityAt(table.finality, row)),
  }
}

/** A plain loop: this runs for every cell of every answer. */
function take<T>(column: readonly (T | null)[], rows: readonly number[]): (T | null)[] {
  const taken: (T | null)[] = []
  for (const row of rows) taken.push(column[row] ?? null)
  return taken
}
