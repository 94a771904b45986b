import type { Finality } from '../../src/base/finality.ts'
import type { FinishedTable } from '../../src/merge/table.ts'
import type { Key, Value } from '../../src/merge/value.ts'
import type { Field, QuestionKey } from '../../src/query/resolved.ts'

/** Group keys of an answer and finished tables, written in short for the tests of this room. */

export function field(name: string, type: Field['type'] = 'string'): Field {
  return {
    name,
    dimension: name,
    hops: [],
    attribute: undefined,
    type,
    time: undefined,
    isRelation: false,
    bucket: undefined,
    part: undefined,
    zone: undefined,
  }
}

export function fieldKey(name: string, type?: Field['type']): QuestionKey {
  return { kind: 'field', name, field: field(name, type), unit: undefined }
}

export const DAY: QuestionKey = { kind: 'time', name: 'time', unit: { kind: 'grain', grain: 'day' } }
export const MONTH: QuestionKey = { kind: 'time', name: 'month', unit: { kind: 'grain', grain: 'month' } }

/** A column of a table: its name, its values, and how final they are. */
export type ColumnInShort = readonly [string, readonly Value[], (readonly Finality[])?]

export function finished(keys: readonly (readonly Key[])[], ...columns: readonly ColumnInShort[]): FinishedTable {
  const size = Math.max(...keys.map(({ length }) => length), ...columns.map(([, { length }]) => length))
  const final = Array.from({ length: size }, (): Finality => 'final')
  return {
    size,
    keys,
    metrics: columns.map(([name, values, finality]) => ({ name, values, finality: finality ?? final })),
    finality: final,
    truncated: false,
    withheld: 0,
  }
}
