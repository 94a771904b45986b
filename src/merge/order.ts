import type { ResolvedQuestion } from '../query/resolved.ts'
import type { FinishedTable } from './table.ts'
import { compareValues, isDecimal, type Value } from './value.ts'

/** The place of each row's value among the distinct values of its column; nulls have the last one. */
interface Ranks {
  readonly of: (row: number) => number
  /** Places, nulls included. */
  readonly count: number
}

/**
 * Orders rows in one place, after the merge, because engines order nulls and texts differently. Nulls come last in
 * both directions; ties are broken by the keys and then by the remaining columns, so that an order is total. Gives the
 * rows' numbers in order.
 *
 * Columns are ranked first, each value among the distinct ones of its column: few values are then compared, and rows
 * are compared as numbers.
 */
export function orderRows(
  table: Pick<FinishedTable, 'size' | 'keys' | 'metrics' | 'finality'>,
  by: ResolvedQuestion['order'],
  keyNames: readonly string[],
): readonly number[] {
  const columnOf = (name: string): readonly Value[] => {
    if (name === 'finality') return table.finality
    const key = keyNames.indexOf(name)
    return (key >= 0 ? table.keys[key] : table.metrics.find((metric) => metric.name === name)?.values) ?? []
  }
  const asked = new Set(by.map(({ column }) => column))
  // Rows differ in their keys, so that nothing behind the keys can break a tie.
  const ties = keyNames.filter((name) => !asked.has(name)).map((column) => ({ column, direction: 'asc' as const }))
  const ranks = [...by, ...ties].map(({ column, direction }) => rank(columnOf(column), direction === 'desc'))
  const places = ranks.reduce((product, { count }) => product * count, table.size)
  return Number.isSafeInteger(places) ? byNumber(ranks, table.size) : byColumns(ranks, table.size)
}

/** Each row as one number, its ranks the leading digits and its own number the last. */
function byNumber(ranks: readonly Ranks[], size: number): number[] {
  const leading = ranks.reduce(
    (numbers, { of, count }) => numbers.map((number, row) => number * count + of(row)),
    new Float64Array(size),
  )
  const numbers = leading.map((number, row) => number * size + row)
  return Array.from(numbers.sort(), (number) => number % size)
}

function byColumns(ranks: readonly Ranks[], size: number): number[] {
  const rows = Array.from({ length: size }, (_, row) => row)
  return rows.sort((a, b) => {
    for (const { of } of ranks) {
      const order = of(a) - of(b)
      if (order !== 0) return order
    }
    return a - b
  })
}

function rank(values: readonly Value[], descending: boolean): Ranks {
  const places = integerPlaces(values) ?? (values.some(isDecimal) ? rankEach(values) : rankDistinct(values))
  const last = places.count
  const of = (row: number): number => {
    const place = places.of[row]
    return place === undefined ? last : descending ? last - 1 - place : place
  }
  return { of, count: last + 1 }
}

/** A wider span would leave too little of a double to the other columns. */
const MOST_SPAN = 2 ** 31

interface Places {
  /** By row; undefined for null. */
  readonly of: readonly (number | undefined)[]
  readonly count: number
}

/** Days and integer keys of a small span are their own places. */
function integerPlaces(values: readonly Value[]): Places | undefined {
  const known = values.filter((value) => value !== null)
  if (!known.every(isInteger)) return undefined
  const [first = 0] = known
  const least = known.reduce((a, b) => Math.min(a, b), first)
  const count = known.reduce((a, b) => Math.max(a, b), first) - least + 1
  if (count >= MOST_SPAN) return undefined
  return { of: values.map((value) => (typeof value === 'number' ? value - least : undefined)), count }
}

function isInteger(value: Value): value is number {
  return Number.isSafeInteger(value)
}

/** Values that are equal as JavaScript values: each distinct one is placed once. */
function rankDistinct(values: readonly Value[]): Places {
  const distinct = sorted([...new Set(values)].filter((value) => value !== null))
  const places = new Map(distinct.map((value, place) => [value, place]))
  return { of: values.map((value) => places.get(value)), count: distinct.length }
}

/** Numbers and texts take the engine's own sorts, which are many times as fast as a comparison in JavaScript. */
function sorted(values: Value[]): readonly Value[] {
  if (values.every((value) => typeof value === 'number')) return Array.from(Float64Array.from(values).sort())
  // Without surrogates the order of UTF-16 units is that of code points.
  if (values.every((value) => typeof value === 'string' && !/[\ud800-\udfff]/.test(value))) return values.sort()
  return values.sort(compareValues)
}

/** Exact numbers are equal by value and not by identity. */
function rankEach(values: readonly Value[]): Places {
  const known = values.flatMap((value, row) => (value === null ? [] : [{ value, row }]))
  known.sort((a, b) => compareValues(a.value, b.value))
  const of = new Array<number | undefined>(values.length)
  let count = 0
  let before: Value = null
  for (const { value, row } of known) {
    if (before === null || compareValues(before, value) !== 0) count++
    before = value
    of[row] = count - 1
  }
  return { of, count }
}
