import type { CatalogText } from '../../src/catalog/position.ts'
import type { Cell, Store } from '../../src/stores/port.ts'
import { type Composed, composed } from '../support/composed.ts'

/**
 * The mint: two processes of the same form. Every row of version v bears the value v, and real time bears 0, so that an
 * answer shows for each process, day and channel which version it was read from. Version v has v + 2 rows a channel.
 */
export const ADMIN_KEY = 'a-key-of-the-mint'
export const NOW = '2026-11-20T10:31:07+08:00'
/** Published together; the second is yesterday. */
export const DAYS = ['2026-11-18', '2026-11-19'] as const
export const VERSIONS = 40
export const SOURCES = ['coin_day', 'note_day'] as const
const CHANNELS = 5

const processText = (noun: string): string => `process: ${noun}
domain: mint
zone: Asia/Shanghai
dimensions: [channel]
sources:
  - source: ${noun}_day
    store: offline
    table: ${noun}_day
    time: { column: at, grain: instant, day: day }
    complete: published
    version: pv
    since: 2026-11-01
    dimensions: { channel: channel }
    measures: { value: value }
  - source: ${noun}_event
    store: realtime
    kind: stream
    table: ${noun}_event
    time: { column: at, grain: instant }
    retention: 7 days
    dimensions: { channel: channel }
    measures: { value: value }
metrics:
  - { metric: ${noun}s, agg: count }
  - { metric: ${noun}_low, agg: min, of: value }
  - { metric: ${noun}_high, agg: max, of: value }
`

const MINT: readonly CatalogText[] = [
  { path: 'dimensions/channel.yaml', text: 'dimension: channel\n' },
  { path: 'metrics/coin.yaml', text: processText('coin') },
  { path: 'metrics/note.yaml', text: processText('note') },
]

export const openMint = (postgres: string): Promise<Composed> =>
  composed(MINT, postgres, { ONESERVICE_ADMIN_KEY: ADMIN_KEY, ONESERVICE_NOW: NOW })

/** Makes the tables and stages every version; none is published. */
export async function fillMint({ offline, realtime, composition: { publications } }: Composed): Promise<void> {
  for (const noun of ['coin', 'note']) {
    await offline.execute(
      `create table ${noun}_day (day Date, pv UInt32, at DateTime64(3,'UTC'), channel String, value Decimal(18,2)) engine = MergeTree partition by (day, pv) order by at`,
    )
    await realtime.execute(`create table ${noun}_event (at timestamptz, channel text, value numeric(18,2))`)
    await offline.load(`${noun}_day`, ['day', 'pv', 'at', 'channel', 'value'], versionRows())
    await loadEvents(realtime, `${noun}_event`)
  }
  const versions = Array.from({ length: VERSIONS }, (_, i) => i + 1)
  await publications.stage(
    SOURCES.flatMap((source) =>
      DAYS.flatMap((day) =>
        versions.map((version) => ({ source, day, version, rowCount: CHANNELS * rowsOf(version) })),
      ),
    ),
  )
}

/** Rows a channel and day. */
export const rowsOf = (version: number): number => version + 2

function versionRows(): Cell[][] {
  return DAYS.flatMap((day) =>
    Array.from({ length: VERSIONS }, (_, i) => i + 1).flatMap((version) =>
      perChannel(rowsOf(version)).map((channel) => [day, String(version), `${day} 03:00:00`, channel, `${version}.00`]),
    ),
  )
}

const perChannel = (rows: number): string[] =>
  Array.from({ length: CHANNELS }, (_, channel) => Array.from({ length: rows }, () => `channel-${channel}`)).flat()

async function loadEvents(realtime: Store, table: string): Promise<void> {
  const rows = DAYS.flatMap((day) => perChannel(rowsOf(0)).map((channel) => [`${day} 03:00:00+00`, channel, '0.00']))
  await realtime.load(table, ['at', 'channel', 'value'], rows)
}

/** What a whole answer to QUESTION must be when the processes stand at these versions; 0 is real time. */
export function stateOf(coin: number, note: number): unknown[] {
  const finality = coin > 0 && note > 0 ? 'final' : 'provisional'
  return DAYS.flatMap((day) =>
    Array.from({ length: CHANNELS }, (_, channel) => [
      day,
      `channel-${channel}`,
      ...[coin, note].flatMap((version) => [rowsOf(version), version, version]),
      finality,
    ]),
  )
}

export const QUESTION = {
  metrics: ['coins', 'coin_low', 'coin_high', 'notes', 'note_low', 'note_high'],
  dimensions: ['channel'],
  time: { range: DAYS, grain: 'day' },
}
