import { parseDecimal } from '../base/decimal.ts'
import { type Finality, worse } from '../base/finality.ts'
import type { Fill } from '../catalog/catalog.ts'
import type { NumberType } from '../catalog/schema.ts'
import { fieldsOf } from '../query/predicates.ts'
import type { Predicate, QuestionKey } from '../query/resolved.ts'
import type { Bucket } from './buckets.ts'
import type { Rows } from './rows.ts'
import { textOf } from './rows.ts'
import { finalityAt } from './table.ts'
import { together } from './truth.ts'
import type { Key, Value } from './value.ts'

/** What a fill knows of the answer it fills. */
export interface FillContext {
  readonly rows: Rows
  readonly keys: readonly QuestionKey[]
  readonly buckets: readonly Bucket[]
  /** Conditions of the question and of the metric: they hold on filled rows too. */
  readonly conditions: readonly Predicate[]
}

/** Makes the rows of a spine: every bucket of time for every group that occurs, or one row with null dimensions. */
export function addSpine(fill: Fill, has: (row: number) => boolean, context: FillContext): void {
  const { rows, keys, buckets } = context
  const hasFields = keys.some(({ kind }) => kind === 'field')
  const nobody: Key[][] = nullsMayStand(context) ? [[]] : []
  const groups = hasFields && fill.groups === 'each' ? groupsOf(rows, keys) : nobody
  const filled = fill.groups === null ? filledTimes(rows, keys, has) : undefined
  for (const bucket of buckets) {
    if (filled?.has(textOf(bucket.keys)) === true) continue
    for (const group of groups) rows.at(assemble(keys, bucket.keys, group))
  }
}

/** Groups of the answer, by their field keys. */
function groupsOf(rows: Rows, keys: readonly QuestionKey[]): Key[][] {
  const groups = rowsOf(rows).map((row) => keysOf('field', rows, keys, row))
  return [...new Map(groups.map((group) => [textOf(group), group])).values()]
}

function filledTimes(rows: Rows, keys: readonly QuestionKey[], has: (row: number) => boolean): Set<string> {
  const filled = rowsOf(rows).filter(has)
  return new Set(filled.map((row) => textOf(keysOf('time', rows, keys, row))))
}

function rowsOf({ size }: Rows): number[] {
  return Array.from({ length: size }, (_, row) => row)
}

function keysOf(kind: QuestionKey['kind'], rows: Rows, keys: readonly QuestionKey[], row: number): Key[] {
  return rows.keysOf(row).filter((_, i) => keys[i]?.kind === kind)
}

function assemble(keys: readonly QuestionKey[], times: readonly Key[], fields: readonly Key[]): Key[] {
  let time = 0
  let field = 0
  return keys.map(({ kind }) => (kind === 'time' ? times[time++] : fields[field++]) ?? null)
}

/** A row with null dimensions, which no event made, stands only where the conditions on those dimensions hold for null. */
function nullsMayStand({ keys, conditions }: FillContext): boolean {
  const grouped = new Set(keys.flatMap((key) => (key.kind === 'field' ? [key.field.name] : [])))
  return conditions.every((condition) => {
    const fields = [...fieldsOf(condition)]
    return !fields.every(({ name }) => grouped.has(name)) || holdsForNull(condition) === true
  })
}

function holdsForNull(predicate: Predicate): boolean | null {
  switch (predicate.kind) {
    case 'all':
    case 'any':
      return together(predicate.kind, predicate.items.map(holdsForNull))
    case 'null':
      return !predicate.negated
    case 'oneOf':
    case 'noneOf':
      return predicate.matchNull ? true : null
    case 'compare':
    case 'text':
    case 'during':
      return null
  }
}

/** Fills empty cells in place: with a value, or with the one before in the same group, and then as final as that is. */
export function fillCells(
  fill: Fill,
  type: NumberType,
  values: Value[],
  finality: Finality[],
  rows: Rows,
  keys: readonly QuestionKey[],
  isEmpty: (row: number) => boolean,
): void {
  if (fill.value === null) return
  if (fill.value !== 'previous') {
    const value = numberOf(fill.value, type)
    for (const row of values.keys()) if (isEmpty(row) && finality[row] !== 'missing') values[row] = value
    return
  }
  for (const line of linesOf(rows, keys)) {
    let last: { readonly value: Value; readonly finality: Finality } | undefined
    for (const row of line) {
      const own = finalityAt(finality, row)
      if (!isEmpty(row)) {
        last = { value: values[row] ?? null, finality: own }
      } else if (last !== undefined) {
        // An empty bucket that is not final may yet hold a value: what is carried over it is no more final.
        last = { value: last.value, finality: worse(last.finality, own) }
        if (own === 'missing') continue
        values[row] = last.value
        finality[row] = last.finality
      }
    }
  }
}

function numberOf(text: string, type: NumberType): Value {
  return type === 'float' ? Number(text) : (parseDecimal(text) ?? null)
}

/** Rows of each group in order of time. */
function linesOf(rows: Rows, keys: readonly QuestionKey[]): number[][] {
  const lines = Map.groupBy(rowsOf(rows), (row) => textOf(keysOf('field', rows, keys, row)))
  // A day that a calendar does not know has no place in time; fields are the same within a line.
  const at = (column: readonly Key[], row: number): number => Number(column[row] ?? Infinity)
  const before = (a: number, b: number): number =>
    rows.columns.reduce((order, column) => order || at(column, a) - at(column, b), 0)
  return [...lines.values()].map((line) => line.sort(before))
}
