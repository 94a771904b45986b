import {
  Batch,
  Column,
  columnFromArray,
  type DataType,
  Endianness,
  type Field,
  field,
  Table,
  tableFromColumns,
  tableToIPC,
  utf8,
  Version,
} from '@uwdata/flechette'
import type { Column as AnswerColumn, Figures } from '../../../gateway/answerTypes.ts'
import type { Aside } from '../asides.ts'
import { type Chunk, type Span, spansOf } from '../blocks.ts'
import { type ArrowColumn, arrowColumn } from './column.ts'

/**
 * An answer as an Arrow IPC stream: the schema with the asides in its metadata, one dictionary for each column of texts,
 * a record batch a block, the mark of the end. The library writes whole streams only, so each block is written as a
 * stream of its own, and what stands around its record batch is left away.
 *
 *   head    schema, dictionaries, an empty record batch | end
 *   block   schema | record batch | end
 */
export function* writeArrow(figures: Figures, asides: readonly Aside[]): Generator<Chunk> {
  const { columns, values, rowCount } = figures
  const arrow = columns.map(({ type }, i) => arrowColumn(type, values[i] ?? []))
  const head = streamOf(headOf(columns, arrow, asides))
  const end = head.subarray(-END_BYTES)
  yield head.subarray(0, -END_BYTES)
  for (const span of spansOf(rowCount, columns.length)) {
    const block = streamOf(blockOf(figures, arrow, span))
    yield block.subarray(schemaBytes(block), -END_BYTES)
  }
  yield end
}

/** The mark of the end: a continuation and a length of zero. */
const END_BYTES = 8

/** A stream begins with its schema: a continuation, the length of the message in 32 bits, the message; it has no body. */
function schemaBytes(stream: Uint8Array): number {
  const { buffer, byteOffset } = stream
  return 8 + new DataView(buffer, byteOffset).getInt32(4, true)
}

function streamOf(table: Table): Uint8Array {
  const bytes = tableToIPC(table, { format: 'stream' })
  if (bytes === null) throw new TypeError('the Arrow library wrote nothing')
  return bytes
}

function headOf(columns: readonly AnswerColumn[], arrow: readonly ArrowColumn[], asides: readonly Aside[]): Table {
  const fields = arrow.map(({ type }, i) => fieldOf(columns[i], type))
  const metadata = new Map(asides.map(({ name, text }) => [`oneservice.${name}`, text]))
  const schema = { version: Version.V5, endianness: Endianness.Little, fields, metadata }
  return new Table(schema, arrow.map(emptyColumn))
}

/** A field says of its column what `columns` of a JSON answer say: `oneservice.role`, `oneservice.unit` and so on. */
function fieldOf(column: AnswerColumn | undefined, type: DataType): Field {
  const { name = '', ...rest } = column ?? {}
  return field(name, type, true, new Map(Object.entries(rest).map(([key, of]) => [`oneservice.${key}`, String(of)])))
}

/** A column without rows, with the whole of its dictionary. */
function emptyColumn({ type, dictionary }: ArrowColumn): Column<unknown> {
  const nothing = { length: 0, nullCount: 0, type, validity: new Uint8Array(0), values: new Uint8Array(0) }
  const batch = new Batch<unknown>({ ...nothing, offsets: new Int32Array(1) })
  if (dictionary === undefined) return new Column([batch], type)
  // The library finds a column's dictionary by the type of its values. Readers wait for one, also where all is null.
  const texts = 'dictionary' in type ? type.dictionary : utf8()
  const entries = columnFromArray(dictionary.length === 0 ? [''] : [...dictionary], texts)
  return new Column([Object.assign(batch, { dictionary: entries })], type)
}

function blockOf({ columns, values }: Figures, arrow: readonly ArrowColumn[], { from, to }: Span): Table {
  return tableFromColumns(
    arrow.map(({ stored, cell }, i): [string, Column<unknown>] => {
      const cells = (values[i] ?? []).slice(from, to).map(cell)
      return [columns[i]?.name ?? '', columnFromArray(cells, stored)]
    }),
  )
}
