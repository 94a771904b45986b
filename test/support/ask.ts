import { answer } from '../../src/gateway/answer.ts'
import type { Answer } from '../../src/gateway/answerTypes.ts'
import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { toJson, type Value } from '../../src/merge/value.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { plainNumber, type Table } from './answersTable.ts'

/** An answer as tests look at it: every cell a text, exact numbers digit for digit. */
export interface Told {
  /** Without the column `finality`. */
  readonly table: Table
  /** Names of the columns that hold doubles. */
  readonly floats: ReadonlySet<string>
  /** Row by row. */
  readonly finality: readonly string[]
  /** One row of the metric columns; undefined when no totals were asked for. */
  readonly totals: Table | undefined
  readonly answer: Answer
}

/** Asks the way every door asks: the question's form is checked, and what comes back is what a caller would get. */
export async function ask(gateway: Gateway, question: unknown): Promise<Told> {
  const given = await answer(readQuestion(question), OPEN_CALLER, gateway)
  const shown = given.columns.filter(({ role }) => role !== 'finality')
  const at = (column: number, row: number): Value => given.values[column]?.[row] ?? null
  const rows = Array.from({ length: given.rowCount }, (_, row) => shown.map((_, column) => textOf(at(column, row))))
  return {
    table: { columns: shown.map(({ name }) => name), rows },
    floats: new Set(shown.filter(({ type }) => type === 'float64').map(({ name }) => name)),
    finality: (given.values.at(-1) ?? []).map(String),
    totals: given.totals && { columns: given.totals.names, rows: [given.totals.values.map(textOf)] },
    answer: given,
  }
}

function textOf(value: Value): string | null {
  if (value === null) return null
  return typeof value === 'string' ? value : plainNumber(toJson(value))
}
