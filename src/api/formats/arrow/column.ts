import { bool, type DataType, dateDay, dictionary, float64, int32, utf8 } from '@uwdata/flechette'
import { DAY, parseDay } from '../../../base/time.ts'
import type { Column } from '../../../gateway/answerTypes.ts'
import { asNumber, toJson, type Value } from '../../../merge/value.ts'
import { exactText, exactTypeOf } from './exact.ts'

/** A cell in the form in which the Arrow library takes it. */
export type Cell = string | number | bigint | boolean | null

/** A column of an answer as a column of Arrow. */
export interface ArrowColumn {
  /** As the schema has it. */
  readonly type: DataType
  /** The distinct texts that its cells point to; undefined where cells are the values. */
  readonly dictionary: readonly string[] | undefined
  /** As it lies in a record batch: of a dictionary there are only indexes, which lie there like integers. */
  readonly stored: DataType
  readonly cell: (value: Value) => Cell
}

/**
 * How a column is put into Arrow so that nothing of it is lost. Its values decide where its type alone does not:
 *
 *   date       date32; utf8 where one is no day of the calendar
 *   timestamp  utf8, the ISO text with its offset: a timestamp of Arrow keeps the instant and one zone for the column,
 *              and the offset of a row would have to be computed by the reader
 *   string     dictionary of utf8 with int32 indexes
 *   int64      int64 where all are within 64 bits, else as decimal
 *   decimal    decimal128 with the column's largest scale, decimal256 beyond 38 digits, utf8 beyond 76
 *   float64    float64
 *   boolean    bool
 */
export function arrowColumn(type: Column['type'], values: readonly Value[]): ArrowColumn {
  switch (type) {
    case 'string':
      return textsColumn(values)
    case 'timestamp':
      return plain(utf8(), textOf)
    case 'date':
      return values.every((value) => value === null || dayOf(value) !== null)
        ? plain(dateDay(), dayOf)
        : plain(utf8(), textOf)
    case 'int64':
    case 'decimal': {
      const exact = exactTypeOf(values, type)
      return exact === undefined ? plain(utf8(), exactText) : plain(exact.type, exact.cell)
    }
    case 'float64':
      return plain(float64(), floatOf)
    case 'boolean':
      return plain(bool(), (value) => (typeof value === 'boolean' ? value : null))
  }
}

function plain(type: DataType, cell: (value: Value) => Cell): ArrowColumn {
  return { type, dictionary: undefined, stored: type, cell }
}

function textsColumn(values: readonly Value[]): ArrowColumn {
  const indexes = new Map<string, number>()
  for (const value of values) {
    const text = textOf(value)
    if (text !== null && !indexes.has(text)) indexes.set(text, indexes.size)
  }
  return {
    type: dictionary(utf8(), int32()),
    dictionary: [...indexes.keys()],
    stored: int32(),
    cell: (value) => {
      const text = textOf(value)
      return text === null ? null : (indexes.get(text) ?? null)
    },
  }
}

function textOf(value: Value): string | null {
  return value === null || typeof value === 'string' ? value : toJson(value)
}

/** Milliseconds since the epoch, as the library takes days; null where it is no day. */
function dayOf(value: Value): number | null {
  const day = typeof value === 'string' ? parseDay(value) : undefined
  return day === undefined ? null : day * DAY
}

/** What JSON can't write is a null here too, and there is one zero. */
function floatOf(value: Value): number | null {
  const number = asNumber(value)
  if (number === null || !Number.isFinite(number)) return null
  return number === 0 ? 0 : number
}
