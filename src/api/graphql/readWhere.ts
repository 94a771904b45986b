import { Fault, faultDetail, pointer } from '../../base/faults.ts'
import type { Dimension } from '../../catalog/catalog.ts'
import type { FilterOperator } from '../../catalog/schema.ts'
import type { QuestionInput } from '../../query/question.ts'
import type { Places } from './places.ts'
import type { COMBINATORS, Condition, HavingInput, Operand, Scalar, WhereInput } from './schema/argumentTypes.ts'

type Filter = NonNullable<QuestionInput['filters']>[number]
type Path = readonly PropertyKey[]
type Combinator = (typeof COMBINATORS)[number]

/** A filter with where it stands in the document; places inside a question are known once it has its index. */
interface Placed {
  readonly filter: Filter
  readonly place: Path
  /** Filters inside, by their path in this one. */
  readonly inner: readonly { readonly path: Path; readonly placed: Placed }[]
}

/** `where` as the filters of a question, all of which hold. Faults: INVALID_VALUE. */
export function readWhere(where: WhereInput, keys: ReadonlyMap<string, Dimension>, places: Places): Filter[] {
  return enter('filters', placedWhere(where, keys, ['where']), places)
}

/** `having` likewise; `columnOf` gives the column that a name means, or throws. */
export function readHaving(
  having: readonly HavingInput[],
  columnOf: (name: string, place: Path) => string,
  places: Places,
): Filter[] {
  const placed = having.flatMap((each, i) => placedHaving(each, columnOf, ['having', i]))
  return enter('having', placed, places)
}

function enter(list: 'filters' | 'having', placed: readonly Placed[], places: Places): Filter[] {
  const visit = (each: Placed, path: Path): void => {
    places.set(path, each.place)
    if (each.filter.values !== undefined) {
      places.set([...path, 'values'], each.place)
      // One operand stands at its operator, a list is pointed into.
      if (!LISTS.has(each.filter.op ?? 'eq')) places.set([...path, 'values', 0], each.place)
    }
    for (const { path: below, placed: inner } of each.inner) visit(inner, [...path, ...below])
  }
  for (const [i, each] of placed.entries()) visit(each, [list, i])
  return placed.map(({ filter }) => filter)
}

function placedWhere(where: WhereInput, keys: ReadonlyMap<string, Dimension>, place: Path): Placed[] {
  return Object.entries(where).flatMap(([key, value]): Placed[] => {
    const at = [...place, key]
    if (value === undefined) return []
    if (value === null) throw nothing(at)
    const dimension = keys.get(key)
    if (dimension !== undefined) return placedDimension(dimension, value, at)
    const inside = (each: unknown, where: Path) => placedWhere(each as WhereInput, keys, where)
    return combined(key as Combinator, value, at, inside)
  })
}

/** Conditions on a dimension, or on its key and attributes. */
function placedDimension({ name, attributes }: Dimension, value: object, place: Path): Placed[] {
  if (attributes.size === 0) return comparisons(name, value, place)
  return Object.entries(value).flatMap(([key, inner]): Placed[] => {
    if (inner === undefined) return []
    if (inner === null) throw nothing([...place, key])
    return comparisons(key === 'key' ? name : `${name}.${key}`, inner as Condition, [...place, key])
  })
}

function comparisons(field: string, condition: Condition, place: Path): Placed[] {
  const entries = Object.entries(condition) as [FilterOperator, Operand | undefined][]
  return entries.flatMap(([op, operand]) =>
    operand === undefined ? [] : [comparison(field, op, operand, [...place, op])],
  )
}

function placedHaving(having: HavingInput, columnOf: (name: string, place: Path) => string, place: Path): Placed[] {
  const { field, and, or, not, ...operators } = having
  const given = Object.keys(operators)
  const inside = (each: unknown, where: Path) => placedHaving(each as HavingInput, columnOf, where)
  const groups = Object.entries({ and, or, not }).flatMap(([key, value]) => {
    if (value === undefined) return []
    if (value === null) throw nothing([...place, key])
    return combined(key as Combinator, value, [...place, key], inside)
  })
  if (given.length === 0) return groups
  if (field === undefined || field === null) {
    throw invalid(place, `Say which metric: "field" is missing beside ${given.join(', ')}.`)
  }
  const column = columnOf(field, [...place, 'field'])
  return [...comparisons(column, operators, place), ...groups]
}

function combined(
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

const LISTS: ReadonlySet<string> = new Set(['in', 'notIn', 'between'])
function comparison(field: string, op: FilterOperator, operand: Operand, place: Path): Placed {
  if (op === 'isNull' || op === 'notNull') {
    if (operand === null) throw invalid(place, `${op} takes true or false.`)
    return { filter: { field, op: (op === 'isNull') === operand ? 'isNull' : 'notNull' }, place, inner: [] }
  }
  if (LISTS.has(op) && operand === null) {
    throw invalid(place, `${op} takes a list, not null; leave it out to filter nothing.`)
  }
  const values: Scalar[] = Array.isArray(operand) ? [...operand] : [operand as Scalar]
  return { filter: { field, op, values }, place, inner: [] }
}

function nothing(place: Path): Fault {
  return invalid(place, 'null says nothing here; leave it out, or ask with {isNull: true}.')
}

function invalid(place: Path, message: string): Fault {
  return Fault.at([faultDetail('INVALID_VALUE', pointer(place), message)])
}
