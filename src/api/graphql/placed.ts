import { Fault, faultDetail, pointer } from '../../base/faults.ts'
import type { FilterOperator } from '../../catalog/schema.ts'
import type { QuestionInput } from '../../query/question.ts'
import type { Places } from './places.ts'
import type { COMBINATORS, Condition, Operand, Scalar } from './schema/argumentTypes.ts'

export type Filter = NonNullable<QuestionInput['filters']>[number]
export type Path = readonly PropertyKey[]
export type Combinator = (typeof COMBINATORS)[number]

/** A filter with where it stands in the document; places inside a question are known once it has its index. */
export interface Placed {
  readonly filter: Filter
  readonly place: Path
  /** Where its own keys stand, when they are written beside its operator. */
  readonly keys?: Path | undefined
  /** Filters inside, by their path in this one. */
  readonly inner: readonly { readonly path: Path; readonly placed: Placed }[]
}

const LISTS: ReadonlySet<string> = new Set(['in', 'notIn', 'between'])
const OWN_KEYS = ['metric', 'per', 'modifiers'] as const

/** Enters filters into the list of a question at `list`, and gives them. */
export function enter(list: Path, placed: readonly Placed[], places: Places): Filter[] {
  const visit = (each: Placed, path: Path): void => {
    places.set(path, each.place)
    places.set([...path, 'field'], each.place)
    if (each.filter.values !== undefined) {
      places.set([...path, 'values'], each.place)
      // One operand stands at its operator, a list is pointed into.
      if (!LISTS.has(each.filter.op ?? 'eq')) places.set([...path, 'values', 0], each.place)
    }
    for (const key of OWN_KEYS) if (each.keys !== undefined) places.set([...path, key], [...each.keys, key])
    for (const { path: below, placed: inner } of each.inner) visit(inner, [...path, ...below])
  }
  for (const [i, each] of placed.entries()) visit(each, [...list, i])
  return placed.map(({ filter }) => filter)
}

/** `and`, `or` or `not` of what `inside` reads. Faults: INVALID_VALUE. */
export function combined(
  key: Combinator,
  value: unknown,
  place: Path,
  inside: (value: unknown, at: Path) => Placed[],
): Placed[] {
  if (key === 'not') {
    const one = together(inside(value, place), place)
    return [{ filter: { not: one.filter }, place, inner: [{ path: ['not'], placed: one }] }]
  }
  const items = (value as readonly unknown[]).map((each, i) => together(inside(each, [...place, i]), [...place, i]))
  if (items.length === 0) throw invalid(place, `"${key}" needs at least one condition.`)
  const inner = items.map((placed, i) => ({ path: [key, i], placed }))
  return [{ filter: { [key]: items.map(({ filter }) => filter) }, place, inner }]
}

/** Several conditions of one object as one filter. An empty object in or, and, not would decide in silence. */
function together(all: readonly Placed[], place: Path): Placed {
  const [first] = all
  if (first === undefined) throw invalid(place, 'This condition is empty; leave it out or say what must hold.')
  if (all.length === 1) return first
  const inner = all.map((placed, i) => ({ path: ['and', i], placed }))
  return { filter: { and: all.map(({ filter }) => filter) }, place, inner }
}

/** What is compared: a field, a look at a time, a metric per entity. */
export type Compared = Omit<Filter, 'op' | 'values' | 'and' | 'or' | 'not'>

/** Every operator of a condition, each as a filter. Faults: INVALID_VALUE. */
export function comparisons(of: Compared, condition: Condition, place: Path): Placed[] {
  const entries = Object.entries(condition) as [FilterOperator, Operand | undefined][]
  return entries.flatMap(([op, operand]) =>
    operand === undefined ? [] : [comparison(of, op, operand, [...place, op])],
  )
}

function comparison(of: Compared, op: FilterOperator, operand: Operand, place: Path): Placed {
  if (op === 'isNull' || op === 'notNull') {
    if (operand === null) throw invalid(place, `${op} takes true or false.`)
    return { filter: { ...of, op: (op === 'isNull') === operand ? 'isNull' : 'notNull' }, place, inner: [] }
  }
  if (LISTS.has(op) && operand === null) {
    throw invalid(place, `${op} takes a list, not null; leave it out to filter nothing.`)
  }
  const values: Scalar[] = Array.isArray(operand) ? [...operand] : [operand as Scalar]
  return { filter: { ...of, op, values }, place, inner: [] }
}

/** A condition that is null. */
export function nothing(place: Path): Fault {
  return invalid(place, 'null says nothing here; leave it out, or ask with {isNull: true}.')
}

export function invalid(place: Path, message: string): Fault {
  return Fault.at([faultDetail('INVALID_VALUE', pointer(place), message)])
}
