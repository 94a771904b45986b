import type { CatalogText } from '../../../src/catalog/position.ts'
import type { DialectName } from '../../../src/stores/port.ts'
import { type Day, HOUR, plus } from '../../crown/oracle/calendar.ts'

/**
 * The mill: two processes in two zones, each with a batch table by versions and a stream that forgets. `grain` says
 * since when its table holds anything; `flour` does not, so that its first published day does.
 */
export const FIRST_DAY: Day = '2026-11-02'
/** Business days of a life, the first included. */
export const DAYS: readonly Day[] = Array.from({ length: 11 }, (_, i) => plus(FIRST_DAY, i))
/** When a life begins: the fifth day of both zones. */
export const BEGINS = Date.parse('2026-11-06T02:00:00Z')
/** No step goes beyond it. */
export const ENDS = Date.parse('2026-11-12T23:00:00Z')

export const PROCESSES = ['grain', 'flour'] as const
export type ProcessName = (typeof PROCESSES)[number]

/** What the catalog says of a process, as the model needs it. */
export interface ProcessForm {
  readonly zone: string
  /** Milliseconds that the stream keeps. */
  readonly retention: number
  readonly since: Day | undefined
}

export const FORMS: Readonly<Record<ProcessName, ProcessForm>> = {
  grain: { zone: 'Asia/Shanghai', retention: 72 * HOUR, since: plus(FIRST_DAY, 1) },
  flour: { zone: 'America/New_York', retention: 120 * HOUR, since: undefined },
}

export const batchOf = (process: ProcessName): string => `${process}_day`
export const streamOf = (process: ProcessName): string => `${process}_event`

const processText = (name: ProcessName): string => {
  const { zone, retention, since } = FORMS[name]
  return `process: ${name}
domain: mill
zone: ${zone}
sources:
  - source: ${batchOf(name)}
    store: offline
    table: ${batchOf(name)}
    time: { column: at, grain: instant, day: day }
    complete: published
    version: pv
${since === undefined ? '' : `    since: ${since}\n`}    measures: { kilos: kilos }
  - source: ${streamOf(name)}
    store: realtime
    kind: stream
    table: ${streamOf(name)}
    time: { column: at, grain: instant }
    retention: ${retention / HOUR} hours
    measures: { kilos: kilos }
metrics:
  - { metric: ${name}_sacks, agg: count }
  - { metric: ${name}_kilos, agg: sum, of: kilos }
`
}

/** The catalog, as its author would write it. */
export const MILL: readonly CatalogText[] = [
  ...PROCESSES.map((name) => ({ path: `metrics/${name}.yaml`, text: processText(name) })),
  {
    path: 'metrics/composites.yaml',
    text: 'metrics:\n  - { metric: all_kilos, formula: grain_kilos + flour_kilos, domain: mill }\n',
  },
]

/** The tables of both stores, empty. */
export const OFFLINE_TABLES: Readonly<Record<DialectName, readonly string[]>> = {
  clickhouse: batchTables(
    (name) => `create table ${name} (day Date, pv UInt32, at DateTime64(3,'UTC'), kilos Int64)
    engine = MergeTree partition by (day, pv) order by at`,
  ),
  postgres: batchTables((name) => `create table ${name} (day date, pv integer, at timestamptz, kilos bigint)`),
}
export const STREAM_TABLES: readonly string[] = PROCESSES.flatMap((name) => [
  `drop table if exists ${streamOf(name)}`,
  `create table ${streamOf(name)} (at timestamptz, kilos bigint)`,
])

function batchTables(create: (table: string) => string): string[] {
  return PROCESSES.flatMap((name) => [`drop table if exists ${batchOf(name)}`, create(batchOf(name))])
}
