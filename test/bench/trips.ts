import type { CatalogText } from '../../src/catalog/position.ts'
import type { Store } from '../../src/stores/port.ts'

/** A million trips over thirty days, of ten thousand riders, in either engine; the same rows by the same arithmetic. */
export const ROWS = 1_000_000
export const NOW = '2026-11-20T10:00:00Z'
const FIRST = '2026-10-21'
const DAYS = 30

/** The catalog with the trips in a store of this name; the other store holds a process of no rows. */
export function tripCatalog(store: 'offline' | 'realtime'): readonly CatalogText[] {
  const time = store === 'offline' ? '{ column: at, grain: instant, day: day }' : '{ column: at, grain: instant }'
  return [
    {
      path: 'dimensions/city.yaml',
      text: `dimension: city\ntype: integer\ntable: { store: ${store}, table: dim_city, key: city_id }\nattributes: [ { attribute: region } ]\n`,
    },
    { path: 'dimensions/channel.yaml', text: 'dimension: channel\n' },
    { path: 'dimensions/rider.yaml', text: 'dimension: rider\ntype: integer\n' },
    {
      path: 'metrics/trip.yaml',
      text: `process: trip
domain: travel
zone: UTC
dimensions: [city, channel, rider]
sources:
  - source: trip
    store: ${store}
    table: trip
    time: ${time}
    dimensions: { city: city_id, channel: channel, rider: rider_id }
    measures: { fare: fare, rider: rider_id }
metrics:
  - { metric: trips, agg: count }
  - { metric: fares, agg: sum, of: fare }
  - { metric: riders, agg: count_distinct, of: rider }
  - { metric: fare_a_trip, formula: fares / trips }
`,
    },
    {
      path: 'metrics/idle.yaml',
      text: `process: idle
domain: travel
zone: UTC
sources:
  - { source: idle, store: ${store === 'offline' ? 'realtime' : 'offline'}, table: idle, time: { column: at, grain: instant } }
metrics: [ { metric: idles, agg: count } ]
`,
    },
  ]
}

export function fillTrips(store: Store): Promise<void> {
  return store.dialect === 'postgres' ? fillPostgres(store) : fillClickHouse(store)
}

async function fillPostgres(store: Store): Promise<void> {
  await store.execute(
    `create table trip (at timestamptz not null, city_id bigint, channel text, rider_id bigint, fare numeric(18,2));
     insert into trip
     select timestamptz '${FIRST} 00:00:00Z' + (n * ${DAYS * 86_400}.0 / ${ROWS}) * interval '1 second',
            n % 50, 'channel-' || n % 8, n::bigint * 7919 % 10000, (n % 5000) / 100.0
     from generate_series(0, ${ROWS - 1}) as n;
     create index trip_at on trip (at);
     create table dim_city (city_id bigint primary key, region text);
     insert into dim_city select n, 'region-' || n % 5 from generate_series(0, 49) as n`,
  )
  // ANALYZE marks what is visible, as autovacuum would have by now.
  await store.execute('vacuum analyze trip')
  await store.execute('vacuum analyze dim_city')
}

async function fillClickHouse(store: Store): Promise<void> {
  await store.execute(
    "create table trip (day Date, at DateTime64(3,'UTC'), city_id Int64, channel LowCardinality(String), rider_id Int64, fare Decimal(18,2)) engine = MergeTree partition by day order by at",
  )
  await store.execute(
    `insert into trip
     select toDate(at), at, n % 50, concat('channel-', toString(n % 8)), n * 7919 % 10000, toDecimal64(n % 5000, 2) / 100
     from (select number as n, toDateTime64('${FIRST} 00:00:00', 3, 'UTC') + toIntervalMillisecond(toInt64(number * ${DAYS * 86_400} / ${ROWS} * 1000)) as at
           from numbers(${ROWS}))`,
  )
  await store.execute('create table dim_city (city_id Int64, region String) engine = MergeTree order by city_id')
  await store.execute("insert into dim_city select number, concat('region-', toString(number % 5)) from numbers(50)")
}
