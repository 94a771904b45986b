import type { Store } from '../../src/stores/port.ts'

/** Definitions that the reference shows and the sample business has no use for; they stand beside its own files. */
export const SMALL_CATALOG: Readonly<Record<string, string>> = {
  'metrics/stock.yaml': `
process: stock
domain: trade
description: One fact a count of a warehouse, which tells how many pieces are there at that moment.
zone: Asia/Shanghai
dimensions: [warehouse]
sources:
  - source: stock_counts
    store: offline
    table: stock_counts
    time: { column: counted_at, grain: instant, day: day }
    complete: watermark
    watermark: SELECT toDate('2026-11-18')
    dimensions: { warehouse: warehouse }
    measures: { quantity: quantity }
  - source: stock_live
    store: realtime
    kind: stream
    table: stock_live
    time: { column: counted_at, grain: instant }
    retention: 7 days
    dimensions: { warehouse: warehouse }
    measures: { quantity: quantity }
metrics:
  - { metric: stock, agg: sum, of: quantity, type: integer, snapshot: { keep: last } }
  - { metric: stock_each, agg: sum, of: quantity, type: integer, snapshot: { keep: last, by: [warehouse] } }
  - { metric: stock_variance, agg: variance, of: quantity }
`,
  'metrics/further.yaml': `
metrics:
  - { metric: gmv_next_3d, from: gmv, period: leading 3 days }
  - { metric: direct_orders_each_day, from: direct_orders, fill: { spine: true, value: 0 } }
`,
  'dimensions/warehouse.yaml': 'dimension: warehouse\n',
}

/** Warehouse `south` was not counted on the 19th. */
const COUNTS = [
  ['2026-11-17', '2026-11-17T10:00:00Z', 'north', 40],
  ['2026-11-17', '2026-11-17T10:00:00Z', 'south', 12],
  ['2026-11-18', '2026-11-18T02:00:00Z', 'south', 15],
  ['2026-11-18', '2026-11-18T10:00:00Z', 'north', 36],
  ['2026-11-19', '2026-11-19T10:00:00Z', 'north', 51],
] as const

/** Makes its tables: days through the 18th offline, the 19th live. */
export async function createSmallTables(offline: Store, realtime: Store): Promise<void> {
  const values = (days: typeof COUNTS | readonly (typeof COUNTS)[number][], withDay: boolean, cut: number): string =>
    days
      .map(([day, at, name, count]) => `(${withDay ? `'${day}', ` : ''}'${at.slice(0, cut)}', '${name}', ${count})`)
      .join(', ')
  const [out, live] = [COUNTS.filter(([day]) => day <= '2026-11-18'), COUNTS.filter(([day]) => day > '2026-11-18')]
  await offline.execute(
    "CREATE TABLE stock_counts (day Date, counted_at DateTime64(3, 'UTC'), warehouse String, quantity Int64) " +
      'ENGINE = MergeTree ORDER BY day',
  )
  await offline.execute(`INSERT INTO stock_counts VALUES ${values(out, true, 19)}`)
  await realtime.execute('CREATE TABLE stock_live (counted_at timestamptz, warehouse text, quantity bigint)')
  await realtime.execute(`INSERT INTO stock_live VALUES ${values(live, false, 20)}`)
}
