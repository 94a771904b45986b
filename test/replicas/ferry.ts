import type { CatalogText } from '../../src/catalog/position.ts'
import type { Store } from '../../src/stores/port.ts'

/**
 * The ferry: passages by line. Published days bear the value of their version in every row, and version v has v rows a
 * line, so that an answer shows which version it was read from. Today grows by one passage at a time.
 */
export const NOW = '2026-11-20T10:00:00Z'
/** Published together. */
export const DAYS = ['2026-11-18', '2026-11-19'] as const
/** The day that is not over. */
export const TODAY = '2026-11-20'
/** Versions 1 to this one can be published. */
export const VERSIONS = 30
const LINES = ['north', 'south']

const PROCESS = `process: ferry
domain: harbour
zone: UTC
dimensions: [line]
sources:
  - source: ferry_day
    store: offline
    table: ferry_day
    time: { column: at, grain: instant, day: day }
    complete: published
    version: pv
    since: 2026-11-01
    dimensions: { line: line }
    measures: { value: value }
  - source: ferry_event
    store: realtime
    kind: stream
    table: ferry_event
    time: { column: at, grain: instant }
    retention: 7 days
    dimensions: { line: line }
    measures: { value: value }
metrics:
  - { metric: passages, agg: count }
  - { metric: value_low, agg: min, of: value }
  - { metric: value_high, agg: max, of: value }
`

/** Each row takes as many seconds to read as it says; each day has one. */
const SLOW = `process: snail
domain: garden
zone: UTC
dimensions: [line]
sources:
  - source: snail_event
    store: realtime
    kind: stream
    table: snail_event
    where: pg_sleep(seconds) is not null
    time: { column: at, grain: instant }
    dimensions: { line: line }
metrics:
  - { metric: snails, agg: count }
`

/** Days of the slow table. */
export const SNAILS = [
  { day: '2026-11-17', seconds: 1.5 },
  { day: '2026-11-18', seconds: 30 },
] as const

/** The file that tests edit. */
export const PROCESS_FILE = 'metrics/ferry.yaml'

/** The catalog. */
export const FERRY: readonly CatalogText[] = [
  { path: 'dimensions/line.yaml', text: 'dimension: line\n' },
  { path: PROCESS_FILE, text: PROCESS },
  { path: 'metrics/snail.yaml', text: SLOW },
]

/** The process with one metric more. */
export const withMetric = (name: string): string => `${PROCESS}  - { metric: ${name}, agg: count }\n`

/** Makes the tables of an empty database and fills every version of the published days. */
export async function fillFerry(store: Store): Promise<void> {
  const versions = Array.from({ length: VERSIONS }, (_, i) => i + 1)
  await store.execute('create table ferry_day (day date, pv integer, at timestamptz, line text, value numeric(18,2))')
  await store.execute('create table ferry_event (at timestamptz, line text, value numeric(18,2))')
  await store.execute('create table snail_event (at timestamptz, line text, seconds double precision)')
  await store.load(
    'ferry_day',
    ['day', 'pv', 'at', 'line', 'value'],
    versions.flatMap((version) =>
      DAYS.flatMap((day) =>
        LINES.flatMap((line) =>
          Array.from({ length: version }, () => [day, String(version), `${day} 03:00:00+00`, line, `${version}.00`]),
        ),
      ),
    ),
  )
  await store.load(
    'snail_event',
    ['at', 'line', 'seconds'],
    SNAILS.map(({ day, seconds }) => [`${day} 03:00:00+00`, 'north', String(seconds)]),
  )
}

/** Commits one passage of today. */
export const passOne = (store: Store): Promise<void> =>
  store.load('ferry_event', ['at', 'line', 'value'], [[`${TODAY} 04:00:00+00`, 'north', '0.00']])

/** Published days, in rows of [day, passages, low, high, finality]. */
export const PUBLISHED = {
  metrics: ['passages', 'value_low', 'value_high'],
  time: { range: [...DAYS], grain: 'day' },
}

/** What PUBLISHED is answered with while this version is out. */
export const rowsOf = (version: number): unknown[] =>
  DAYS.map((day) => [day, LINES.length * version, version, version, 'final'])

/** How many passages there were today. */
export const LIVE = { metrics: ['passages'], time: { range: [TODAY, TODAY] } }
