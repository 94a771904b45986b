import { Fault } from '../../base/faults.ts'
import { unknownName } from '../../query/filters.ts'
import type { ColumnBook } from './columnBook.ts'

/** The columns that the names in `by` of subtotals mean. Faults: UNKNOWN_COLUMN. */
export function columnsBy(names: readonly string[], book: ColumnBook, place: readonly PropertyKey[]): string[] {
  return names.map((name, i) => {
    const column = book.column(name)
    if (column !== undefined) return column
    throw Fault.at([unknownName('UNKNOWN_COLUMN', 'selected field', name, book.names(), [...place, i])])
  })
}
