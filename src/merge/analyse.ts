import { fromInteger, subtract } from '../base/decimal.ts'
import { type Finality, worse } from '../base/finality.ts'
import type { AnalysisColumn } from '../query/resolved.ts'
import { textOf } from './rows.ts'
import { columnNamed, type FinishedColumn, type FinishedTable, finalityAt } from './table.ts'
import { asNumber, compareValues, isDecimal, type Value } from './value.ts'

/** The total of a column by some keys, over the whole answer, recomputed. */
export type WholeOf = (within: readonly string[]) => {
  readonly table: FinishedTable
  readonly names: readonly string[]
  /** Those of the names that are times. */
  readonly times: readonly string[]
}

/** A column computed from finished ones. */
export function analyse(
  column: AnalysisColumn,
  table: FinishedTable,
  keyNames: readonly string[],
  whole: WholeOf,
): FinishedColumn {
  const of = columnNamed(table, column.of)
  switch (column.kind) {
    case 'delta':
      return between(column, of, columnNamed(table, column.to ?? ''), deltaOf)
    case 'ratio':
      return between(column, of, columnNamed(table, column.to ?? ''), ratioOf)
    case 'share':
      return shares(column, of, table, keyNames, whole)
    case 'rank':
      return ranks(column, of, table, keyNames)
  }
}

function between(
  { name }: AnalysisColumn,
  a: FinishedColumn,
  b: FinishedColumn,
  value: (a: Value, b: Value) => Value,
): FinishedColumn {
  return {
    name,
    values: a.values.map((each, row) => value(each, b.values[row] ?? null)),
    finality: a.finality.map((each, row) => worse(each, finalityAt(b.finality, row))),
  }
}

function deltaOf(a: Value, b: Value): Value {
  if (isDecimal(a) && isDecimal(b)) return subtract(a, b)
  const [x, y] = [asNumber(a), asNumber(b)]
  return x === null || y === null ? null : x - y
}

function ratioOf(a: Value, b: Value): Value {
  const [x, y] = [asNumber(a), asNumber(b)]
  return x === null || y === null || y === 0 ? null : x / y
}

function shares(
  { name, of, within }: AnalysisColumn,
  column: FinishedColumn,
  table: FinishedTable,
  keyNames: readonly string[],
  whole: WholeOf,
): FinishedColumn {
  const all = whole(within)
  const total = lookUp(all, of, table, keyNames)
  // A total without a row is as final as everything of its time.
  let bucket: ((row: number) => Cell | undefined) | undefined
  const ofBucket = (row: number): Cell | undefined => {
    bucket ??= lookUp(whole(all.times), of, table, keyNames)
    return bucket(row)
  }
  return {
    name,
    values: column.values.map((value, row) => ratioOf(value, total(row)?.value ?? null)),
    finality: column.finality.map((each, row) => worse(each, (total(row) ?? ofBucket(row))?.finality ?? 'final')),
  }
}

interface Cell {
  readonly value: Value
  readonly finality: Finality
}

/** The cell of a total that a row of the answer belongs to, if there is one. */
function lookUp(
  { table: totals, names }: ReturnType<WholeOf>,
  of: string,
  table: FinishedTable,
  keyNames: readonly string[],
): (row: number) => Cell | undefined {
  const total = columnNamed(totals, of)
  const places = new Map(
    Array.from({ length: totals.size }, (_, row) => [textOf(totals.keys.map((key) => key[row] ?? null)), row]),
  )
  const indexes = names.map((each) => keyNames.indexOf(each))
  return (row) => {
    const place = places.get(textOf(indexes.map((i) => table.keys[i]?.[row] ?? null)))
    if (place === undefined) return undefined
    return { value: total.values[place] ?? null, finality: finalityAt(total.finality, place) }
  }
}

/** Competition ranks: equal values share one, and leave a gap behind them. */
function ranks(
  { name, within, direction }: AnalysisColumn,
  column: FinishedColumn,
  table: FinishedTable,
  keyNames: readonly string[],
): FinishedColumn {
  const indexes = within.map((each) => keyNames.indexOf(each))
  const groups = Map.groupBy(column.values.keys(), (row) => textOf(indexes.map((i) => table.keys[i]?.[row] ?? null)))
  const values: Value[] = column.values.map(() => null)
  const finality = [...column.finality]
  for (const rows of groups.values()) {
    const ranked = rows.flatMap((row) => {
      const value = column.values[row] ?? null
      return value === null ? [] : [{ row, value }]
    })
    ranked.sort((a, b) => compareValues(a.value, b.value))
    if (direction === 'desc') ranked.reverse()
    // A rank is as final as the least final value that it was found among.
    const least = rows.reduce<Finality>((all, row) => worse(all, finalityAt(column.finality, row)), 'final')
    let rank = 1
    let before: Value = null
    for (const [i, { row, value }] of ranked.entries()) {
      if (compareValues(before, value) !== 0) rank = i + 1
      before = value
      values[row] = fromInteger(rank)
    }
    for (const row of rows) finality[row] = least
  }
  return { name, values, finality }
}
