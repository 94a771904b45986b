import type { AnswerTotals, Figures, Receipt, Subtotal } from '../gateway/answerTypes.ts'
import { type Chunk, spansOf } from './formats/blocks.ts'
import { cellWriter, type Numbers } from './formats/cells.ts'

/** How rows are written: an object a row, an array a row, or an array a column. */
export const SHAPES = ['records', 'rows', 'columns'] as const
export type Shape = (typeof SHAPES)[number]

/**
 * An answer as JSON text, block by block. Numbers are written digit for digit: exact integers and decimals never pass
 * through a float, which JSON.stringify would make of them.
 */
export function* writeAnswer(figures: Figures, receipt: Receipt, shape: Shape, numbers: Numbers): Generator<Chunk> {
  yield* writeParts(figures, shape, numbers)
  yield `"receipt":${JSON.stringify(receipt)}}`
}

/** All of an answer's text up to its receipt, which is the last of it and differs from time to time. */
export function writeFigures(figures: Figures, shape: Shape, numbers: Numbers = 'literal'): string {
  return [...writeParts(figures, shape, numbers)].join('')
}

/** Totals as a JSON object. */
export function writeTotals({ names, values, finality }: AnswerTotals, numbers: Numbers): string {
  const write = cellWriter(numbers)
  const cells = values.map((value, i) => `${JSON.stringify(names[i])}:${write(value)}`)
  return `{${[...cells, `"finality":"${finality}"`].join(',')}}`
}

function* writeParts(figures: Figures, shape: Shape, numbers: Numbers): Generator<string> {
  yield `{"columns":${JSON.stringify(figures.columns)},"rows":`
  yield* shape === 'columns' ? writeColumns(figures, numbers) : writeRows(figures, shape, numbers)
  const { freshness, notices, totals, subtotals, truncated, nextCursor } = figures
  const parts = [
    `"freshness":${JSON.stringify(freshness)}`,
    `"notices":${JSON.stringify(notices)}`,
    ...(totals === undefined ? [] : [`"totals":[${writeTotals(totals, numbers)}]`]),
    ...(subtotals === undefined
      ? []
      : [`"subtotals":[${subtotals.map((each) => writeSubtotal(each, numbers)).join(',')}]`]),
    `"truncated":${truncated}`,
    `"nextCursor":${JSON.stringify(nextCursor ?? null)}`,
  ]
  yield `,${parts.join(',')},`
}

/** Totals by some keys as a JSON object: their columns' names, and an object a row. */
export function writeSubtotal(subtotal: Subtotal, numbers: Numbers): string {
  const rows = [...writeRows(subtotal, 'records', numbers)].join('')
  return `{"by":${JSON.stringify(subtotal.by)},"rows":${rows}}`
}

type Written = Pick<Figures, 'columns' | 'values' | 'rowCount'>

function* writeRows({ columns, values, rowCount }: Written, shape: Shape, numbers: Numbers): Generator<string> {
  const write = cellWriter(numbers)
  const names = columns.map(({ name }) => JSON.stringify(name))
  yield '['
  for (const { from, to } of spansOf(rowCount, columns.length)) {
    const cells = values.map((column) => column.slice(from, to).map(write))
    const rows = Array.from({ length: to - from }, (_, row) => {
      if (shape === 'rows') return `[${cells.map((column) => column[row]).join(',')}]`
      return `{${cells.map((column, i) => `${names[i]}:${column[row]}`).join(',')}}`
    })
    yield `${from === 0 ? '' : ','}${rows.join(',')}`
  }
  yield ']'
}

function* writeColumns({ columns, values, rowCount }: Figures, numbers: Numbers): Generator<string> {
  const write = cellWriter(numbers)
  for (const [i, { name }] of columns.entries()) {
    yield `${i === 0 ? '{' : ','}${JSON.stringify(name)}:[`
    for (const { from, to } of spansOf(rowCount, 1)) {
      const cells = (values[i] ?? []).slice(from, to).map(write)
      yield `${from === 0 ? '' : ','}${cells.join(',')}`
    }
    yield ']'
  }
  yield columns.length === 0 ? '{}' : '}'
}
