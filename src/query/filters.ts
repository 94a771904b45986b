import { didYouMean, nearest } from '../base/didYouMean.ts'
import { type FaultDetail, faultDetail, pointer } from '../base/faults.ts'
import { checkFilterValues, normalizeValue } from '../catalog/filterValues.ts'
import type { FilterOperator, ValueType } from '../catalog/schema.ts'
import type { FilterInput } from './question.ts'
import type { NormalValue, Predicate } from './resolved.ts'

type Scalar = string | number | boolean | null
type Path = readonly PropertyKey[]

/** Finds what a filter's `field` names; reports at `path` and gives undefined when there is no such thing. */
export type BindField<F> = (
  name: string,
  path: Path,
  faults: FaultDetail[],
) => { field: F; type: ValueType | 'number' } | undefined

/** Binds a filter and pushes `not` down to its comparisons. Faults are added to `faults`. */
export function bindFilter<F>(
  filter: FilterInput,
  path: Path,
  bind: BindField<F>,
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
  const bound = bind(filter.field ?? '', [...path, 'field'], faults)
  if (bound === undefined || filter.op === undefined) return { kind: 'all', items: [] }
  const values = filter.values ?? []
  const before = faults.length
  checkValues(filter.op, values, bound.type, path, faults)
  if (faults.length > before) return { kind: 'all', items: [] }
  return comparison(bound.field, filter.op, values, bound.type, negated)
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
      // `in` with null listed matches null; so does `notIn` with null listed (SEMANTICS: "unless null is listed").
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
