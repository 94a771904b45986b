import type { ResolvedQuestion } from '../query/resolved.ts'
import type { FinishedTable } from './table.ts'
import { compareValues, isDecimal, type Value } from './value.ts'

/** The place of each row's value among the distinct values of its column; nulls have the last one. */
interface Ranks {
  readonly of: Uint32Array
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
  const ranks = [...by, ...ties].map(({ column, direction }) =>
    rank(columnOf(column), table.size, direction === 'desc'),
  )
  const places = ranks.reduce((product, { count }) => product * count, table.size)
  return Number.isSafeInteger(places) ? byNumber(ranks, table.size) : byColumns(ranks, table.size)
}

/** Each row as one number, its ranks the leading digits and its own number the last. */
function byNumber(ranks: readonly Ranks[], size: number): number[] {
  const numbers = new Float64Array(size)
  for (const { of, count } of ranks)
    for (let row = 0; row < size; row++) numbers[row] = (numbers[row] ?? 0) * count + (of[row] ?? 0)
  for (let row = 0; row < size; row++) numbers[row] = (numbers[row] ?? 0) * size + row
  return Array.from(numbers.sort(), (number) => number % size)
}

function byColumns(ranks: readonly Ranks[], size: number): number[] {
  const rows = Array.from({ length: size }, (_, row) => row)
  return rows.sort((a, b) => {
    for (const { of } of ranks) {
      const order = (of[a] ?? 0) - (of[b] ?? 0)
      if (order !== 0) return order
    }
    return a - b
  })
}

function rank(values: readonly Value[], size: number, descending: boolean): Ranks {
  const first = values.find((value) => value !== null)
  const places =
    integerPlaces(values) ?? (first !== undefined && isDecimal(first) ? rankEach(values) : rankDistinct(values))
  const last = places.count
  const of = new Uint32Array(size)
  for (let row = 0; row < size; row++) {
    const place = places.of(row)
    of[row] = place === undefined ? last : descending ? last - 1 - place : place
  }
  return { of, count: last + 1 }
}

/** Ranks are unsigned 32-bit integers. */
const MOST_SPAN = 2 ** 31

interface Places {
  /** undefined for null. */
  readonly of: (row: number) => number | undefined
  readonly count: number
}

/** Days and integer keys of a small span are their own places. */
function integerPlaces(values: readonly Value[]): Places | undefined {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value === null) continue
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return undefined
    if (value < least) least = value
    if (value > most) most = value
  }
  const count = most - least + 1
  if (!(count > 0 && count < MOST_SPAN)) return undefined
  const of = (row: number): number | undefined => {
    const value = values[row]
    return typeof value === 'number' ? value - least : undefined
  }
  return { of, count }
}

/** Values that are equal as JavaScript values: each distinct one is placed once. */
function rankDistinct(values: readonly Value[]): Places {
  const distinct = sorted([...new Set(values)].filter((value) => value !== null))
  const places = new Map(distinct.map((value, place) => [value, place]))
  return { of: (row) => places.get(values[row] ?? null), count: distinct.length }
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
  const rows = values.flatMap((value, row) => (value === null ? [] : [row]))
  rows.sort((a, b) => compareValues(values[a] ?? null, values[b] ?? null))
  const places = new Map<number, number>()
  let place = -1
  let before: Value = null
  for (const row of rows) {
    const value = values[row] ?? null
    if (before === null || compareValues(before, value) !== 0) place++
    before = value
    places.set(row, place)
  }
  return { of: (row) => places.get(row), count: place + 1 }
}
