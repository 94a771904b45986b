import type { Figures } from '../../gateway/answerTypes.ts'
import { toJson, type Value } from '../../merge/value.ts'
import { type Chunk, spansOf } from './blocks.ts'

const LINE_END = '\r\n'
const TO_QUOTE = /[",\r\n]/

/**
 * CSV (RFC 4180): a line of column names, then a line a row. A null is an empty cell; an empty text is "", which tells
 * them apart. Numbers are written digit for digit.
 */
export function* writeCsv({ columns, values, rowCount }: Figures): Generator<Chunk> {
  yield columns.map(({ name }) => writeText(name)).join(',') + LINE_END
  for (const { from, to } of spansOf(rowCount, columns.length)) {
    const cells = values.map((column) => column.slice(from, to).map(writeCell))
    let text = ''
    for (let row = 0; row < to - from; row++) text += cells.map((column) => column[row]).join(',') + LINE_END
    yield text
  }
}

function writeCell(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'string') return writeText(value)
  // A float that is no number is a null everywhere.
  return typeof value === 'number' && !Number.isFinite(value) ? '' : toJson(value)
}

function writeText(text: string): string {
  return text === '' || TO_QUOTE.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
