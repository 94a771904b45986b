import type { Cell } from '../../src/stores/port.ts'
import type { Random } from '../support/random.ts'
import {
  COUNT,
  DATE,
  KEY_COLUMN,
  keyType,
  LONG,
  MONEY,
  MUCH_MONEY,
  VERSION,
  VIEWER_COLUMN,
  viewerColumnType,
  WIDE,
} from './columns.ts'
import { type EventRow, integerCell, keyCell, moneyCell, type Table } from './eventTable.ts'
import type { EngineName, ProcessModel, SourceModel } from './model.ts'

/** A table of days: the events of each version, day and keys as one row of sums, counts and extremes. */
export function dayTable(
  random: Random,
  source: SourceModel,
  process: ProcessModel,
  engine: EngineName,
  rows: readonly EventRow[],
): Table {
  const { dimensions, keyed } = source
  const identity = ({ fact, version }: EventRow): string =>
    JSON.stringify([fact.day, version, ...dimensions.map((each) => keyCell(fact.keys[each])), keyed ? fact.viewer : 0])
  const groups = [...Map.groupBy(rows, identity).values()]
  return {
    name: source.table,
    columns: [
      ['day', DATE[engine]],
      ['pv', VERSION[engine]],
      ...dimensions.map((each) => [KEY_COLUMN[each], keyType(each, engine)] as const),
      ['row_count', COUNT[engine]],
      ['amount_count', COUNT[engine]],
      ['amount_sum', MUCH_MONEY[engine]],
      ['amount_min', MONEY[engine]],
      ['amount_max', MONEY[engine]],
      ['units_count', COUNT[engine]],
      ['units_sum', WIDE[engine]],
      ['units_min', LONG[engine]],
      ['units_max', LONG[engine]],
      ...(keyed ? [[VIEWER_COLUMN, viewerColumnType(process, engine)] as const] : []),
    ],
    rows: groups.map((group) => rowOf(group, source)),
    clickhouse: random.pick(['Memory', 'MergeTree order by day', 'MergeTree partition by (day, pv) order by day']),
  }
}

function rowOf(group: readonly EventRow[], { dimensions, keyed }: SourceModel): Cell[] {
  const [first] = group
  if (first === undefined) throw new RangeError('a group has rows')
  const amounts = group.flatMap(({ fact }) => fact.amount ?? [])
  const units = group.flatMap(({ fact }) => fact.units ?? [])
  return [
    first.fact.day,
    first.version,
    ...dimensions.map((each) => keyCell(first.fact.keys[each])),
    group.length,
    amounts.length,
    moneyCell(sum(amounts)),
    moneyCell(extreme(amounts, (a, b) => a < b)),
    moneyCell(extreme(amounts, (a, b) => a > b)),
    units.length,
    integerCell(sum(units)),
    integerCell(extreme(units, (a, b) => a < b)),
    integerCell(extreme(units, (a, b) => a > b)),
    ...(keyed ? [first.fact.viewer] : []),
  ]
}

function sum(values: readonly bigint[]): bigint | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0n)
}

function extreme(values: readonly bigint[], wins: (a: bigint, b: bigint) => boolean): bigint | null {
  return values.length === 0 ? null : values.reduce((a, b) => (wins(b, a) ? b : a))
}
