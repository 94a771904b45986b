import type { Figures } from '../../gateway/answerTypes.ts'
import { type Chunk, spansOf } from './blocks.ts'
import { cellWriter, type Numbers } from './cells.ts'

/** Newline-delimited JSON: an object a row, as `shape=records` writes it, and a line feed behind each. */
export function* writeNdjson({ columns, values, rowCount }: Figures, numbers: Numbers): Generator<Chunk> {
  const write = cellWriter(numbers)
  const names = columns.map(({ name }) => JSON.stringify(name))
  for (const { from, to } of spansOf(rowCount, columns.length)) {
    const cells = values.map((column) => column.slice(from, to).map(write))
    let text = ''
    for (let row = 0; row < to - from; row++) {
      text += `{${cells.map((column, i) => `${names[i]}:${column[row]}`).join(',')}}\n`
    }
    yield text
  }
}
