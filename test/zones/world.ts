import { type Composed, composed } from '../support/composed.ts'
import { startPostgres } from '../support/servers.ts'
import { CHANGES, daysAround, labelOf, type Row, rowsAround, textOf, ZONES, type Zone } from './rows.ts'

const NOW = '2026-11-04T12:00:00Z'

/** The process whose business days are cut in a zone. */
export function processOf(zone: Zone): string {
  return (zone.split('/').at(-1) ?? zone).toLowerCase()
}

/** A process with a published table of single events in ClickHouse and a stream in PostgreSQL, of the same rows. */
function processText(zone: Zone): string {
  const name = processOf(zone)
  return `process: ${name}
domain: clocks
zone: ${zone}
sources:
  - { source: ${name}_detail, store: offline, table: ${name}_detail, time: { column: at, grain: instant, day: day }, complete: published, version: pv, since: 2026-01-01, measures: { amount: amount, person: person } }
  - { source: ${name}_event, store: realtime, kind: stream, table: ${name}_event, time: { column: at, grain: instant }, measures: { amount: amount, person: person } }
metrics:
  - { metric: ${name}_hits, agg: count }
  - { metric: ${name}_amount, agg: sum, of: amount }
  - { metric: ${name}_people, agg: count_distinct, of: person }
`
}

export interface ZoneWorld {
  readonly world: Composed
  readonly rows: readonly Row[]
  publish(zone: Zone, days: readonly string[]): Promise<void>
  stop(): Promise<void>
}

/** Everything stands in both stores, and nothing is published; each day has a second version of what is not true. */
export async function openZoneWorld(): Promise<ZoneWorld> {
  const postgres = await startPostgres()
  const files = ZONES.map((zone) => ({ path: `metrics/${processOf(zone)}.yaml`, text: processText(zone) }))
  const world = await composed(files, postgres.url, { ONESERVICE_NOW: NOW })
  const rows = CHANGES.flatMap(rowsAround)
  for (const zone of ZONES) await fill(world, zone, rows)
  const { publications } = world.composition
  return {
    world,
    rows,
    async publish(zone, days) {
      const source = `${processOf(zone)}_detail`
      await publications.stage(days.map((day) => ({ source, day, version: 1 })))
      await publications.publish([{ source, days }])
    },
    async stop() {
      await world.close()
      await postgres.stop()
    },
  }
}

async function fill({ offline, realtime }: Composed, zone: Zone, rows: readonly Row[]): Promise<void> {
  const name = processOf(zone)
  await realtime.execute(`create table ${name}_event (at timestamptz not null, amount numeric(18,2), person text)`)
  await offline.execute(
    `create table ${name}_detail (day Date, pv UInt32, at DateTime64(6, 'UTC'), amount Decimal(18, 2), person String) engine = MergeTree partition by (day, pv) order by at`,
  )
  const cells = rows.map((row) => ({ row, at: textOf(row), amount: (row.cents / 100).toFixed(2) }))
  await realtime.load(
    `${name}_event`,
    ['at', 'amount', 'person'],
    cells.map(({ row, at, amount }) => [`${at}+00`, amount, row.person]),
  )
  const days = new Set(CHANGES.flatMap(daysAround))
  const batch = cells.map(({ row, ...cell }) => ({ ...cell, person: row.person, day: labelOf(row, 'day', zone) }))
  for (const [version, factor] of [
    [1, 1],
    [2, 3],
  ] as const)
    await offline.load(
      `${name}_detail`,
      ['day', 'pv', 'at', 'amount', 'person'],
      batch
        .filter(({ day }) => days.has(day))
        .map(({ day, at, amount, person }) => [day, version, at, (Number(amount) * factor).toFixed(2), person]),
    )
}
