import { parseDay } from '../base/time.ts'
import type { FilterOperator, ValueType } from './schema.ts'

/** A value of a filter that does not fit; `index` points into the values, undefined means their number is wrong. */
export interface ValueFault {
  readonly index: number | undefined
  readonly message: string
}

type Scalar = string | number | boolean | null

/** How many values an operator takes. */
const COUNT: Readonly<Record<FilterOperator, readonly [number, number]>> = {
  eq: [1, 1],
  ne: [1, 1],
  in: [0, 10_000],
  notIn: [0, 10_000],
  gt: [1, 1],
  gte: [1, 1],
  lt: [1, 1],
  lte: [1, 1],
  between: [2, 2],
  contains: [1, 1],
  startsWith: [1, 1],
  isNull: [0, 0],
  notNull: [0, 0],
}

const LONGEST_TEXT = 1000

/** Checks number and types of a filter's values. Null stands in `in` and `notIn` only. */
export function checkFilterValues(op: FilterOperator, values: readonly Scalar[], type: ValueType): ValueFault[] {
  const [least, most] = COUNT[op]
  if (values.length < least || values.length > most) {
    const wanted =
      least === most ? (least === 0 ? 'no values' : `${least} value${least > 1 ? 's' : ''}`) : `at most ${most} values`
    return [{ index: undefined, message: `${op} takes ${wanted}, not ${values.length}.` }]
  }
  if ((op === 'contains' || op === 'startsWith') && type !== 'string') {
    return [{ index: undefined, message: `${op} reads texts; this field is of type ${type}.` }]
  }
  if (type === 'boolean' && (op === 'gt' || op === 'gte' || op === 'lt' || op === 'lte' || op === 'between')) {
    return [{ index: undefined, message: `${op} needs an order; this field is of type boolean.` }]
  }
  return values.flatMap((value, index) => {
    const message = faultOf(op, value, type)
    return message === undefined ? [] : [{ index, message }]
  })
}

function faultOf(op: FilterOperator, value: Scalar, type: ValueType): string | undefined {
  if (value === null) {
    return op === 'in' || op === 'notIn' ? undefined : `${op} never matches null; use isNull or notNull.`
  }
  if (typeof value === 'string' && value.length > LONGEST_TEXT) return `A text has at most ${LONGEST_TEXT} characters.`
  // PostgreSQL texts can't hold it, and nothing a caller means does.
  if (typeof value === 'string' && value.includes('\u0000')) return 'A text can not hold the character U+0000.'
  if (typeof value === 'string' && !value.isWellFormed()) return 'The text is not well-formed Unicode.'
  if (normalizeValue(value, type) !== undefined) return undefined
  const shown = typeof value === 'string' ? `"${value.slice(0, 40)}"` : String(value)
  return `${shown} is not ${ARTICLE[type]}.`
}

const ARTICLE: Readonly<Record<ValueType, string>> = {
  string: 'a text',
  integer: 'an integer',
  boolean: 'true or false',
  date: 'a day like 2026-11-20',
}

const INT64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n }

/** The value as stores are given it: integers as digits, days as YYYY-MM-DD; undefined when it does not fit. */
export function normalizeValue(value: string | number | boolean, type: ValueType): string | boolean | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'date':
      return typeof value === 'string' && parseDay(value) !== undefined ? value : undefined
    case 'integer': {
      if (typeof value === 'boolean') return undefined
      if (typeof value === 'number' ? !Number.isSafeInteger(value) : !/^-?\d{1,19}$/.test(value)) return undefined
      const integer = BigInt(value)
      return integer >= INT64.least && integer <= INT64.most ? integer.toString() : undefined
    }
  }
}
