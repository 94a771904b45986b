import type { Advertiser, Fact, Key } from '../model.ts'
import type { Filter, Scalar } from '../question.ts'
import { isExact, type Measured, order, readExact } from './exact.ts'

/** A filter's verdict: null is unknown, and passes nothing, negated or not. */
type Verdict = boolean | null

/** Compares a value that is there with a listed one: negative, 0 or positive. */
type Against<V> = (value: V, listed: Exclude<Scalar, null>) => number

/** Whether a filter holds, read literally: `not` turns the verdict around, a null has none. */
export function verdict<V extends Key | Measured>(
  filter: Filter,
  read: (field: string) => V,
  against: Against<Exclude<V, null>>,
): Verdict {
  if (filter.and !== undefined) return all(filter.and.map((each) => verdict(each, read, against)))
  if (filter.or !== undefined) return not(all(filter.or.map((each) => not(verdict(each, read, against)))))
  if (filter.not !== undefined) return not(verdict(filter.not, read, against))
  return compare(filter, read(filter.field ?? ''), against)
}

function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false
  return verdicts.includes(null) ? null : true
}

function not(verdict: Verdict): Verdict {
  return verdict === null ? null : !verdict
}

function compare<V extends Key | Measured>(
  { op, values = [] }: Filter,
  value: V,
  against: Against<Exclude<V, null>>,
): Verdict {
  if (op === 'isNull') return value === null
  if (op === 'notNull') return value !== null
  if (value === null) return (op === 'in' || op === 'notIn') && values.includes(null) ? true : null
  const there = value as Exclude<V, null>
  const to = (listed: Scalar | undefined) =>
    listed === null || listed === undefined ? Number.NaN : against(there, listed)
  const [first, second] = values
  switch (op) {
    case 'eq':
      return to(first) === 0
    case 'ne':
      return to(first) !== 0
    case 'gt':
      return to(first) > 0
    case 'gte':
      return to(first) >= 0
    case 'lt':
      return to(first) < 0
    case 'lte':
      return to(first) <= 0
    case 'between':
      return to(first) >= 0 && to(second) <= 0
    case 'in':
      return values.some((listed) => to(listed) === 0)
    case 'notIn':
      return !values.some((listed) => to(listed) === 0)
    case 'contains':
      return String(there).includes(String(first))
    case 'startsWith':
      return String(there).startsWith(String(first))
    default:
      throw new RangeError(`the oracle does not know ${op}`)
  }
}

/** Texts by code point, integers as integers, dates as texts, false before true. */
export function orderKeys(a: Exclude<Key, null>, b: Exclude<Key, null>): number {
  if (typeof a === 'string' && typeof b === 'string') return orderTexts(a, b)
  return a < b ? -1 : a > b ? 1 : 0
}

function orderTexts(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)]
  for (const [i, character] of x.entries()) {
    const other = y[i]
    if (other === undefined) return 1
    const difference = (character.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return x.length - y.length
}

export function keyAgainst(key: Exclude<Key, null>, listed: Exclude<Scalar, null>): number {
  return orderKeys(key, typeof key === 'bigint' ? BigInt(listed) : (listed as string | boolean))
}

export function measuredAgainst(value: Exclude<Measured, null>, listed: Exclude<Scalar, null>): number {
  return isExact(value) ? order(value, readExact(String(listed))) : value - Number(listed)
}

/** The value of a dimension or of an attribute; an advertiser without a row has none. */
export function readField(fact: Fact, field: string, advertisers: ReadonlyMap<bigint, Advertiser>): Key {
  switch (field) {
    case 'channel':
    case 'advertiser':
    case 'due':
    case 'trial':
      return fact.keys[field]
    case 'advertiser.tier':
    case 'advertiser.active': {
      const key = fact.keys.advertiser
      const row = typeof key === 'bigint' ? advertisers.get(key) : undefined
      return (field === 'advertiser.tier' ? row?.tier : row?.active) ?? null
    }
    default:
      throw new RangeError(`the oracle does not know ${field}`)
  }
}
