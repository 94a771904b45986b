import { type Finality, worse } from '../base/finality.ts'
import type { Fill } from '../catalog/catalog.ts'
import type { FormulaColumn, QuestionKey, ResolvedQuestion } from '../query/resolved.ts'
import { type EvaluateContext, type Evaluated, evaluate, type Fold, type SeriesValues } from './evaluate.ts'
import { addSpine, type FillContext, fillCells, groupsOf } from './fill.ts'
import { evaluator } from './formula.ts'
import { type FinishedColumn, type FinishedTable, tableOf } from './table.ts'
import type { Value } from './value.ts'

/** Columns that formulas give, by some of the question's keys; `fills` is off for totals. */
export function compute(
  context: EvaluateContext,
  keys: readonly QuestionKey[],
  options: { readonly fold?: Fold | undefined; readonly fills: boolean },
): FinishedTable {
  const { question } = context
  const evaluated = evaluate(context, keys, options.fold)
  const columns = question.metrics.filter((metric) => metric.kind === 'formula')
  const inputs = new Inputs(context, evaluated)
  if (options.fills) inputs.spines(columns)
  const finished = columns.map((column) => finishColumn(column, inputs, question, options.fills))
  const shown = finished.length > 0 ? finished : [inputs.presence()]
  return tableOf(evaluated.rows.columns, evaluated.rows.size, shown)
}

/** The finished series of an answer, filled as they are inputs of formulas. */
class Inputs {
  readonly evaluated: Evaluated
  readonly #context: EvaluateContext
  readonly #filled = new Map<string, SeriesValues>()

  constructor(context: EvaluateContext, evaluated: Evaluated) {
    this.#context = context
    this.evaluated = evaluated
  }

  of(id: string): SeriesValues {
    const known = this.#filled.get(id) ?? this.evaluated.series.get(id)
    if (known === undefined) throw new TypeError(`the answer has no series ${id}`)
    return known
  }

  /** How final the rows of a question without metrics are. */
  presence(): FinishedColumn {
    const [series] = this.evaluated.series.values()
    const finality = Array.from({ length: this.evaluated.rows.size }, (_, row) => series?.finality(row) ?? 'final')
    return { name: '', values: [], finality }
  }

  /** Rows of spines first, so that every fill sees every row; then the cells of inputs. */
  spines(columns: readonly FormulaColumn[]): void {
    const { question } = this.#context
    const spines = columns.flatMap((column) => [
      ...question.series.flatMap(({ id, fill }) => (column.reads.includes(id) ? [{ fill, reads: [id], column }] : [])),
      { fill: column.fill, reads: column.reads, column },
    ])
    const asked = spines.filter(({ fill }) => fill?.spine)
    const occurring = asked.length === 0 ? [] : groupsOf(this.evaluated.rows, this.evaluated.keys)
    for (const { fill, reads, column } of asked) if (fill) this.#spine(fill, reads, column, occurring)
    for (const { id, fill, request } of question.series) {
      const series = this.evaluated.series.get(id)
      if (fill === undefined || series === undefined) continue
      const { rows, keys } = this.evaluated
      const values = Array.from({ length: rows.size }, (_, row): Value => series.values[row] ?? null)
      const finality = values.map((_, row) => series.finality(row))
      fillCells(fill, request.metric.type, { values, finality }, { rows, keys, missing: question.missing })
      this.#filled.set(id, { values, finality: (row) => finality[row] ?? 'final' })
    }
  }

  #has(reads: readonly string[], row: number): boolean {
    return reads.some((id) => this.evaluated.series.get(id)?.values[row] !== undefined)
  }

  #spine(
    fill: Fill,
    reads: readonly string[],
    { conditions }: FormulaColumn,
    occurring: FillContext['occurring'],
  ): void {
    const { rows, keys, buckets } = this.evaluated
    const { filters, series } = this.#context.question
    const processes = new Set(series.flatMap(({ id, request }) => (reads.includes(id) ? [request.process.name] : [])))
    const context = {
      rows,
      keys,
      buckets: [...processes].flatMap(buckets),
      occurring,
      conditions: [...filters, ...conditions],
    }
    addSpine(fill, (row) => this.#has(reads, row), context)
  }
}

function finishColumn(
  column: FormulaColumn,
  inputs: Inputs,
  { missing, filterFinality }: ResolvedQuestion,
  fills: boolean,
): FinishedColumn {
  const { name, formula, reads, type, fill } = column
  const { rows, keys } = inputs.evaluated
  const series = new Map(reads.map((id) => [id, inputs.of(id)]))
  const used = [...series.values()]
  const run = evaluator(formula, type)
  let row = 0
  const input = (id: string): Value => series.get(id)?.values[row] ?? null
  const values: Value[] = []
  const finality: Finality[] = []
  // A plain loop: this runs for every cell of every answer.
  for (; row < rows.size; row++) {
    let least = filterFinality
    for (const each of used) least = worse(least, each.finality(row))
    finality.push(least)
    // A missing day leaves nothing to compute with: null, and never what coalesce makes of it.
    values.push(least === 'missing' && missing === 'null' ? null : run(input))
  }
  if (fills && fill !== undefined) fillCells(fill, type, { values, finality }, { rows, keys, missing })
  return { name, values, finality }
}
