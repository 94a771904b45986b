import type { Cell } from '../../src/stores/port.ts'
import type { Random } from '../support/random.ts'
import {
  DATE,
  INSTANT,
  KEY_COLUMN,
  keyType,
  LONG,
  MONEY,
  TEXT,
  VERSION,
  VIEWER_COLUMN,
  viewerColumnType,
} from './columns.ts'
import type { DimensionName, EngineName, Fact, Key, ProcessModel } from './model.ts'
import { textOf } from './oracle/exact.ts'

/** A table ready to be made and filled. */
export interface Table {
  readonly name: string
  readonly columns: readonly (readonly [name: string, type: string])[]
  readonly rows: readonly (readonly Cell[])[]
  /** The table engine that ClickHouse keeps it in. */
  readonly clickhouse: string
}

export interface EventRow {
  readonly fact: Fact
  readonly version: number
}

export interface EventLayout {
  readonly name: string
  readonly dimensions: readonly DimensionName[]
  readonly day: boolean
  readonly version: boolean
}

export function eventTable(
  random: Random,
  layout: EventLayout,
  process: ProcessModel,
  engine: EngineName,
  rows: readonly EventRow[],
): Table {
  const { name, dimensions, day, version } = layout
  const partitioned = day && version && random.chance(0.4)
  return {
    name,
    columns: [
      ['event_id', TEXT[engine]],
      ['happened_at', engine === 'postgres' && random.chance(0.25) ? 'timestamp' : INSTANT[engine]],
      ...(day ? [['day', DATE[engine]] as const] : []),
      ...(version ? [['pv', VERSION[engine]] as const] : []),
      ...dimensions.map((each) => [KEY_COLUMN[each], loosened(random, each, engine)] as const),
      ['amount', MONEY[engine]],
      ['units', LONG[engine]],
      [VIEWER_COLUMN, viewerColumnType(process, engine)],
    ],
    rows: random
      .shuffled(rows)
      .map(({ fact, version: of }) => [
        fact.id,
        timeText(fact.at),
        ...(day ? [fact.day] : []),
        ...(version ? [of] : []),
        ...dimensions.map((each) => keyCell(fact.keys[each])),
        moneyCell(fact.amount),
        integerCell(fact.units),
        fact.viewer,
      ]),
    clickhouse: partitioned
      ? 'MergeTree partition by (day, pv) order by happened_at'
      : random.pick(['Memory', 'MergeTree order by happened_at']),
  }
}

/** Sometimes the type that people choose for few values. */
function loosened(random: Random, name: DimensionName, engine: EngineName): string {
  if (engine === 'clickhouse' && name === 'channel' && random.chance(0.3)) return 'LowCardinality(Nullable(String))'
  if (engine === 'clickhouse' && name === 'due' && random.chance(0.3)) return 'Nullable(Date)'
  return keyType(name, engine)
}

/** Both engines read this as UTC. */
function timeText(microseconds: number): string {
  const whole = Math.floor(microseconds / 1000)
  const rest = String(microseconds - whole * 1000).padStart(3, '0')
  return new Date(whole).toISOString().replace('T', ' ').replace('Z', rest)
}

export function keyCell(key: Key): Cell {
  return typeof key === 'bigint' ? key.toString() : key
}

export function moneyCell(hundredths: bigint | null): Cell {
  return hundredths === null ? null : textOf({ units: hundredths, scale: 2 })
}

export function integerCell(value: bigint | null): Cell {
  return value === null ? null : value.toString()
}
