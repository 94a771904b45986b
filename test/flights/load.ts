import { fileURLToPath } from 'node:url'
import type { Store } from '../../src/stores/port.ts'

// The package exports no single files.
const DATA = fileURLToPath(new URL('../../node_modules/vega-datasets/data/', import.meta.url))
const fileOf = (name: string): string => `${DATA}${name}`

/** Airports beyond the contiguous states have no row: flights from there are unmatched. */
const AIRPORTS = `
  SELECT iata, name, city, state FROM file('${fileOf('airports.csv')}')
  WHERE state NOT IN ('AK', 'HI', 'PR', 'VI') AND iata IS NOT NULL`

/** Fills the offline store from the files. */
export async function loadOffline(store: Store): Promise<void> {
  for (const statement of [...TABLES, ...TRUTH]) await store.execute(statement)
}

const TABLES = [
  `CREATE TABLE flight ENGINE = MergeTree PARTITION BY toYYYYMM(departed) ORDER BY departed AS
   SELECT toDate(assumeNotNull(date)) AS day, toDateTime64(assumeNotNull(date), 3, 'UTC') AS departed,
     assumeNotNull(delay) AS delay, assumeNotNull(distance) AS distance,
     toLowCardinality(assumeNotNull(origin)) AS origin, toLowCardinality(assumeNotNull(destination)) AS destination
   FROM file('${fileOf('flights-3m.parquet')}')`,
  `CREATE TABLE flight_day ENGINE = MergeTree PARTITION BY toYYYYMM(day) ORDER BY (day, origin) AS
   SELECT day, origin, multiIf(delay >= 15, 'late', delay < 0, 'early', 'on_time') AS punctuality,
     count() AS flights, sum(delay) AS delay_sum, max(delay) AS delay_max, min(delay) AS delay_min,
     sum(flight.distance) AS distance
   FROM flight GROUP BY ALL`,
  `CREATE TABLE airport ENGINE = MergeTree ORDER BY iata AS
   SELECT assumeNotNull(iata) AS iata, assumeNotNull(name) AS name, city, state FROM (${AIRPORTS})`,
]

/** What the checks read: the files themselves, and nothing that was loaded. */
const TRUTH = [
  `CREATE VIEW flown AS SELECT date AS at, toDate(date) AS day, delay, distance, origin, destination
   FROM file('${fileOf('flights-3m.parquet')}')`,
  `CREATE VIEW known_airport AS ${AIRPORTS}`,
]

/** The first day that real time holds: one more than its retention promises. */
const LIVE_FROM = '2001-06-17'

/** Fills the real-time store with the same flights of the last two weeks, and the airports. */
export async function loadRealtime(store: Store, offline: Store): Promise<void> {
  await store.execute('CREATE TABLE airport (iata text PRIMARY KEY, name text, city text, state text)')
  await store.execute(
    'CREATE TABLE flight_live (departed timestamptz, delay integer, distance integer, origin text, destination text)',
  )
  await copy('SELECT iata, name, city, state FROM known_airport', 'airport', offline, store)
  await copy(
    `SELECT concat(toString(at), '+00') AS departed, delay, distance, origin, destination FROM flown
     WHERE at >= '${LIVE_FROM}'`,
    'flight_live',
    offline,
    store,
  )
  await store.execute('CREATE INDEX ON flight_live (departed)')
  await store.execute('ANALYZE')
}

async function copy(text: string, table: string, from: Store, to: Store): Promise<void> {
  const { columns, rows } = await from.query({ dialect: from.dialect, text, params: [] })
  await to.load(table, columns, rows)
}
