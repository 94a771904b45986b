import { didYouMean, nearest } from '../base/didYouMean.ts'
import { type FaultDetail, faultDetail, pointer } from '../base/faults.ts'
import type { Instant, Interval } from '../base/time.ts'
import type { FilterInput } from '../catalog/filterSchema.ts'
import { checkFilterValues, normalizeValue } from '../catalog/filterValues.ts'
import type { FilterOperator, ValueType } from '../catalog/schema.ts'
import type { NormalValue, Predicate } from './resolved.ts'

type Scalar = string | number | boolean | null
type Path = readonly PropertyKey[]

/** A field that can be compared. */
export interface Bound<F> {
  readonly field: F
  readonly type: ValueType | 'number'
  /** A time: reads what is written as the ends of a range are. */
  readonly edge: ((text: string, path: Path) => Interval) | undefined
}

/** Finds what a comparison names; each reports at `path` and gives undefined when there is no such thing. */
export interface FilterBinder<F> {
  field(filter: FilterInput, path: Path, faults: FaultDetail[]): Bound<F> | undefined
  /** A metric per entity, decided by the keys it holds for. */
  entity(filter: FilterInput, negated: boolean, path: Path, faults: FaultDetail[]): Predicate<F> | undefined
}

const NOTHING: Predicate<never> = { kind: 'all', items: [] }

/** Binds a filter and pushes `not` down to its comparisons. Faults are added to `faults`. */
export function bindFilter<F>(
  filter: FilterInput,
  path: Path,
  bind: FilterBinder<F>,
  faults: FaultDetail[],
  negated = false,
): Predicate<F> {
  if (filter.not !== undefined) return bindFilter(filter.not, [...path, 'not'], bind, faults, !negated)
  if (filter.and !== undefined || filter.or !== undefined) {
    const form = filter.and === undefined ? 'or' : 'and'
    const items = (filter.and ?? filter.or ?? []).map((item, i) =>
      bindFilter(item, [...path, form, i], bind, faults, negated),
    )
    return { kind: (form === 'and') === negated ? 'any' : 'all', items }
  }
  if (filter.metric !== undefined) return bind.entity(filter, negated, path, faults) ?? NOTHING
  const bound = bind.field(filter, path, faults)
  if (bound === undefined || filter.op === undefined) return NOTHING
  const values = filter.values ?? []
  const before = faults.length
  if (bound.edge === undefined) checkValues(filter.op, values, bound.type, path, faults)
  else checkTimes(filter.op, values, path, faults)
  if (faults.length > before) return NOTHING
  if (bound.edge !== undefined) return timeComparison(bound.field, filter.op, values, bound.edge, negated, path)
  return comparison(bound.field, filter.op, values, bound.type, negated)
}

/** Times are compared with texts like those of a range, for which texts stand here. */
function checkTimes(op: FilterOperator, values: readonly Scalar[], path: Path, faults: FaultDetail[]): void {
  if (op === 'contains' || op === 'startsWith') {
    faults.push(faultDetail('INVALID_VALUE', pointer([...path, 'op']), `${op} reads texts; this field is a time.`))
    return
  }
  for (const fault of checkFilterValues(op, values, 'string')) {
    const at = [...path, 'values', ...(fault.index === undefined ? [] : [fault.index])]
    faults.push(faultDetail('INVALID_VALUE', pointer(at), fault.message))
  }
}

function timeComparison<F>(
  field: F,
  op: FilterOperator,
  values: readonly Scalar[],
  edge: (text: string, path: Path) => Interval,
  negated: boolean,
  path: Path,
): Predicate<F> {
  const at = (i: number): Interval => edge(String(values[i]), [...path, 'values', i])
  const during = (from: Instant | undefined, to: Instant | undefined, not = negated): Predicate<F> => ({
    kind: 'during',
    field,
    from,
    to,
    negated: not,
  })
  switch (op) {
    case 'eq':
      return during(at(0).from, at(0).to)
    case 'ne':
      return during(at(0).from, at(0).to, !negated)
    case 'gt':
      return during(at(0).to, undefined)
    case 'gte':
      return during(at(0).from, undefined)
    case 'lt':
      return during(undefined, at(0).from)
    case 'lte':
      return during(undefined, at(0).to)
    case 'between':
      return during(at(0).from, at(1).to)
    case 'in':
    case 'notIn': {
      const not = (op === 'in') === negated
      const items = values.flatMap((value, i) => (value === null ? [] : [during(at(i).from, at(i).to, not)]))
      const listed: Predicate<F> = { kind: not ? 'all' : 'any', items }
      if (!values.includes(null)) return listed
      return negated ? listed : { kind: 'any', items: [listed, { kind: 'null', field, negated: false }] }
    }
    case 'isNull':
    case 'notNull':
      return { kind: 'null', field, negated: (op === 'notNull') !== negated }
    case 'contains':
    case 'startsWith':
      throw new TypeError('a time is not compared as a text')
  }
}

function checkValues(
  op: FilterOperator,
  values: readonly Scalar[],
  type: ValueType | 'number',
  path: Path,
  faults: FaultDetail[],
): void {
  if (type === 'number') {
    checkNumbers(op, values, path, faults)
    return
  }
  for (const fault of checkFilterValues(op, values, type)) {
    const at = [...path, 'values', ...(fault.index === undefined ? [] : [fault.index])]
    faults.push(faultDetail('INVALID_VALUE', pointer(at), fault.message))
  }
}

/** `having` compares finished metrics: numbers, or texts that are numbers digit for digit. */
function checkNumbers(op: FilterOperator, values: readonly Scalar[], path: Path, faults: FaultDetail[]): void {
  const shapes = checkFilterValues(
    op,
    values.map(() => 0),
    'integer',
  ).filter((fault) => fault.index === undefined)
  for (const fault of shapes) faults.push(faultDetail('INVALID_VALUE', pointer([...path, 'values']), fault.message))
  for (const [i, value] of values.entries()) {
    if (value === null && (op === 'in' || op === 'notIn')) continue
    if (asNumberText(value) !== undefined) continue
    faults.push(faultDetail('INVALID_VALUE', pointer([...path, 'values', i]), 'A metric is compared with a number.'))
  }
}

function asNumberText(value: Scalar): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && /^-?\d{1,60}(\.\d{1,30})?$/.test(value) ? value : undefined
}

function normal(value: Scalar | undefined, type: ValueType | 'number'): NormalValue {
  const text = type === 'number' ? asNumberText(value ?? null) : undefined
  const normalized =
    text ?? (value === null || value === undefined || type === 'number' ? undefined : normalizeValue(value, type))
  if (normalized === undefined) throw new TypeError('a filter value passed its check and does not fit')
  return normalized
}

const OPPOSITE = { eq: 'ne', ne: 'eq', gt: 'lte', gte: 'lt', lt: 'gte', lte: 'gt' } as const

function comparison<F>(
  field: F,
  op: FilterOperator,
  values: readonly Scalar[],
  type: ValueType | 'number',
  negated: boolean,
): Predicate<F> {
  const value = (index: number) => normal(values[index], type)
  switch (op) {
    case 'eq':
    case 'ne':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return { kind: 'compare', field, op: negated ? OPPOSITE[op] : op, value: value(0) }
    case 'between': {
      const low: Predicate<F> = { kind: 'compare', field, op: negated ? 'lt' : 'gte', value: value(0) }
      const high: Predicate<F> = { kind: 'compare', field, op: negated ? 'gt' : 'lte', value: value(1) }
      return { kind: negated ? 'any' : 'all', items: [low, high] }
    }
    case 'in':
    case 'notIn': {
      const listed = values.filter((each) => each !== null).map((each) => normal(each, type))
      // `in` and `notIn` match null where null is listed, and only there.
      // Whoever negates one of them by `not` negates that match too.
      const listsNull = values.includes(null)
      return {
        kind: (op === 'in') === negated ? 'noneOf' : 'oneOf',
        field,
        values: listed,
        matchNull: listsNull && !negated,
      }
    }
    case 'contains':
    case 'startsWith':
      return { kind: 'text', field, op, value: String(value(0)), negated }
    case 'isNull':
    case 'notNull':
      return { kind: 'null', field, negated: (op === 'notNull') !== negated }
  }
}

/** The fault of a name that nothing bears. */
export function unknownName(
  code: 'UNKNOWN_METRIC' | 'UNKNOWN_DIMENSION' | 'UNKNOWN_MODIFIER' | 'UNKNOWN_COLUMN',
  what: string,
  name: string,
  known: Iterable<string>,
  path: Path,
): FaultDetail {
  const near = nearest(name, known)
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name
  return faultDetail(code, pointer(path), `There is no ${what} "${shown}".${didYouMean(near)}`, near)
}
