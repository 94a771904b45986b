import { parseDecimal } from '../base/decimal.ts'
import { type Finality, worse } from '../base/finality.ts'
import type { Fill } from '../catalog/catalog.ts'
import type { NumberType } from '../catalog/schema.ts'
import { fieldsOf } from '../query/predicates.ts'
import type { Predicate, QuestionKey, ResolvedQuestion } from '../query/resolved.ts'
import type { Bucket } from './buckets.ts'
import type { Rows } from './rows.ts'
import { textOf } from './rows.ts'
import { together } from './truth.ts'
import type { Key, Value } from './value.ts'

/** What a fill knows of the answer it fills. */
export interface FillContext {
  readonly rows: Rows
  readonly keys: readonly QuestionKey[]
  readonly buckets: readonly Bucket[]
  /** The groups of the answer before anything is filled. */
  readonly occurring: readonly (readonly Key[])[]
  /** Conditions of the question and of the metric: they hold on filled rows too. */
  readonly conditions: readonly Predicate[]
}

/** Makes the rows of a spine: every bucket of time for every group that occurs, or one row with null dimensions. */
export function addSpine(fill: Fill, has: (row: number) => boolean, context: FillContext): void {
  const { rows, keys, buckets, occurring } = context
  const hasFields = keys.some(({ kind }) => kind === 'field')
  const nobody: Key[][] = nullsMayStand(context) ? [[]] : []
  const groups = hasFields && fill.groups === 'each' ? occurring : nobody
  const filled = fill.groups === null ? filledTimes(rows, keys, has) : undefined
  for (const bucket of buckets) {
    if (filled?.has(textOf(bucket.keys)) === true) continue
    for (const group of groups) rows.at(assemble(keys, bucket.keys, group))
  }
}

/** Groups of the answer, by their field keys. */
export function groupsOf(rows: Rows, keys: readonly QuestionKey[]): Key[][] {
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

/**
 * Fills empty cells in place: with a value, or with the one before in the same group, and then as final as that is and
 * all that it is carried over. A value that is carried over a missing bucket is missing as well, and null unless the
 * question asks for what there is.
 */
export function fillCells(
  fill: Fill,
  type: NumberType,
  { values, finality }: { readonly values: Value[]; readonly finality: Finality[] },
  { rows, keys, missing }: FilledTable,
): void {
  if (fill.value === null) return
  const isEmpty = values.map((value) => value === null)
  if (fill.value !== 'previous') {
    const value = numberOf(fill.value, type)
    for (let row = 0; row < rows.size; row++) if (isEmpty[row] && finality[row] !== 'missing') values[row] = value
    return
  }
  for (const line of linesOf(rows, keys)) {
    let last: number | undefined
    let since: Finality = 'final'
    for (const row of line) {
      const own = finality[row] ?? 'final'
      since = isEmpty[row] ? worse(since, own) : own
      if (!isEmpty[row]) last = row
      else if (last !== undefined) {
        finality[row] = since
        const isShown = since !== 'missing' || (missing === 'partial' && own !== 'missing')
        if (isShown) values[row] = values[last] ?? null
      }
    }
  }
}

/** The rows that a column is filled by. */
export interface FilledTable {
  readonly rows: Rows
  readonly keys: readonly QuestionKey[]
  readonly missing: ResolvedQuestion['missing']
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
