import type { Answer, Column } from '../../src/gateway/answerTypes.ts'
import type { Value } from '../../src/merge/value.ts'
import type { Dataset } from './model.ts'
import type { Expected, GroupKey } from './oracle/answer.ts'
import { isoAt } from './oracle/calendar.ts'
import { isExact, type Measured, textOf } from './oracle/exact.ts'
import type { Asked } from './question.ts'

/** An answer or an expectation in one plain form, for comparing and for printing. */
export interface Plain {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly PlainCell[])[]
  readonly totals: readonly PlainCell[] | undefined
  readonly truncated: boolean
  readonly finalThrough: string | null
}

/** Exact numbers and integer keys are texts of their digits, floats are numbers. */
export type PlainCell = string | number | boolean | null

const FLOAT_TOLERANCE = 1e-12

export function plainAnswer(answer: Answer): Plain {
  const { columns, values, rowCount, totals, truncated, freshness } = answer
  return {
    columns: columns.map(describeColumn),
    rows: Array.from({ length: rowCount }, (_, row) =>
      columns.map((column, i) => plainValue(values[i]?.[row] ?? null, column.type)),
    ),
    totals:
      totals === undefined
        ? undefined
        : [...totals.values.map((value) => plainValue(value, 'decimal')), totals.finality],
    truncated,
    finalThrough: freshness.finalThrough,
  }
}

function describeColumn({ name, role, type, grain }: Column): string {
  return [name, role, type, ...(grain === undefined ? [] : [grain])].join(' ')
}

function plainValue(value: Value, type: string): PlainCell {
  if (value === null) return null
  if (typeof value === 'object') return textOf(value)
  return typeof value === 'bigint' || type === 'int64' ? String(value) : value
}

const NUMBER_COLUMN = { integer: 'int64', decimal: 'decimal', float: 'float64' } as const
const FIELD_COLUMN: Readonly<Record<string, string>> = {
  channel: 'string',
  advertiser: 'int64',
  'advertiser.tier': 'string',
  'advertiser.active': 'boolean',
  due: 'date',
  trial: 'boolean',
}

export function plainExpected(expected: Expected, question: Asked): Plain {
  const grain = question.time?.grain
  const below = grain === 'minute' || grain === 'hour'
  return {
    columns: [
      ...(grain === undefined ? [] : [`time time ${below ? 'timestamp' : 'date'} ${grain}`]),
      ...(question.dimensions ?? []).map((name) => `${name} dimension ${FIELD_COLUMN[name]}`),
      ...expected.columns.map(({ name, type }) => `${name} metric ${NUMBER_COLUMN[type]}`),
      'finality finality string',
    ],
    rows: expected.rows.map(({ keys, values, finality }) => [
      ...keys.map((key) => plainKey(key, expected.zone)),
      ...values.map(plainMeasured),
      finality,
    ]),
    totals:
      expected.totals === undefined
        ? undefined
        : [...expected.totals.values.map(plainMeasured), expected.totals.finality],
    truncated: expected.truncated,
    finalThrough: expected.finalThrough,
  }
}

function plainKey(key: GroupKey, zone: string): PlainCell {
  if (typeof key === 'number') return isoAt(key, zone)
  return typeof key === 'bigint' ? key.toString() : key
}

function plainMeasured(value: Measured): PlainCell {
  return isExact(value) ? textOf(value) : value
}

/** What differs, in words; undefined when nothing does. */
export function difference(got: Plain, wanted: Plain): string | undefined {
  if (got.columns.join('\n') !== wanted.columns.join('\n'))
    return `columns ${got.columns.join(', ')} instead of ${wanted.columns.join(', ')}`
  if (got.rows.length !== wanted.rows.length) return `${got.rows.length} rows instead of ${wanted.rows.length}`
  for (const [i, row] of got.rows.entries()) {
    const other = wanted.rows[i] ?? []
    const at = row.findIndex((cell, j) => !same(cell, other[j] ?? null))
    if (at >= 0) return `row ${i}, ${wanted.columns[at]}: ${show(row[at])} instead of ${show(other[at])}`
  }
  const total = (got.totals ?? []).findIndex((cell, i) => !same(cell, wanted.totals?.[i] ?? null))
  if (total >= 0 || got.totals?.length !== wanted.totals?.length) {
    return `totals ${JSON.stringify(got.totals)} instead of ${JSON.stringify(wanted.totals)}`
  }
  if (got.truncated !== wanted.truncated) return `truncated ${got.truncated} instead of ${wanted.truncated}`
  if (got.finalThrough !== wanted.finalThrough)
    return `finalThrough ${got.finalThrough} instead of ${wanted.finalThrough}`
  return undefined
}

function same(a: PlainCell, b: PlainCell): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b
  return a === b || Math.abs(a - b) <= FLOAT_TOLERANCE * Math.max(Math.abs(a), Math.abs(b))
}

function show(cell: PlainCell | undefined): string {
  return JSON.stringify(cell ?? null)
}

/** The same without what differs by right between two ways to the same values: how final they are. */
export function valuesOnly(plain: Plain): Plain {
  return {
    ...plain,
    rows: plain.rows.map((row) => row.slice(0, -1)),
    columns: plain.columns.slice(0, -1),
    totals: plain.totals?.slice(0, -1),
    finalThrough: null,
  }
}

/** True when finality decides which rows there are or how they stand. */
export function readsFinality({ finality = 'any', order = [] }: Asked): boolean {
  return finality !== 'any' || order.some(({ field }) => field === 'finality')
}

export type { Dataset }
