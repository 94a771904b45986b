import type { Filter, Scalar } from '../model.ts'

/** A filter's verdict: null is unknown, and passes nothing, negated or not. */
export type Verdict = boolean | null
export type Key = string | number | boolean | null

/** How one comparison is decided; the rest is three-valued logic. */
export function verdict(filter: Filter, decide: (leaf: Filter) => Verdict): Verdict {
  const not = (of: Verdict): Verdict => (of === null ? null : !of)
  const all = (of: readonly Verdict[]): Verdict => (of.includes(false) ? false : of.includes(null) ? null : true)
  if (filter.and !== undefined) return all(filter.and.map((each) => verdict(each, decide)))
  if (filter.or !== undefined) return not(all(filter.or.map((each) => not(verdict(each, decide)))))
  if (filter.not !== undefined) return not(verdict(filter.not, decide))
  return decide(filter)
}

/** Compares a key with what is listed. */
export function compareKey({ op, values = [] }: Filter, key: Key): Verdict {
  const against = (listed: Scalar | undefined): number => orderKeys(key, listed ?? null)
  return compareWith(op, values, key === null, against, String(key))
}

/** By the operator, given how the value stands to a listed one. */
export function compareWith(
  op: string | undefined,
  values: readonly Scalar[],
  isNull: boolean,
  against: (listed: Scalar | undefined) => number,
  text: string,
): Verdict {
  if (op === 'isNull') return isNull
  if (op === 'notNull') return !isNull
  if (isNull) return (op === 'in' || op === 'notIn') && values.includes(null) ? true : null
  const [first, second] = values
  const listed = values.filter((value) => value !== null)
  switch (op) {
    case 'eq':
      return against(first) === 0
    case 'ne':
      return against(first) !== 0
    case 'gt':
      return against(first) > 0
    case 'gte':
      return against(first) >= 0
    case 'lt':
      return against(first) < 0
    case 'lte':
      return against(first) <= 0
    case 'between':
      return against(first) >= 0 && against(second) <= 0
    case 'in':
      return listed.some((value) => against(value) === 0)
    case 'notIn':
      return !listed.some((value) => against(value) === 0)
    case 'contains':
      return text.includes(String(first))
    default:
      throw new RangeError(`the oracle does not know ${op}`)
  }
}

/** Texts by code point, numbers by size, false before true. */
export function orderKeys(a: Key, b: Key): number {
  if (typeof a === 'number' || typeof b === 'number') return Number(a) - Number(b)
  if (typeof a === 'boolean' || typeof b === 'boolean') return Number(a) - Number(b)
  return Buffer.compare(Buffer.from(a ?? ''), Buffer.from(b ?? ''))
}

/** True when a filter speaks of an attribute that must be joined. */
export function isJoined(filter: Filter): boolean {
  const { field = '', and = [], or = [], not } = filter
  return field.includes('.') || [...and, ...or, ...(not === undefined ? [] : [not])].some(isJoined)
}

/** True when a filter speaks of the time that metrics line up on. */
export function isOnTime(filter: Filter): boolean {
  const { field, and = [], or = [], not } = filter
  return field === 'time' || [...and, ...or, ...(not === undefined ? [] : [not])].some(isOnTime)
}
