import type { CatalogText } from '../../src/catalog/position.ts'
import type { Composition } from '../../src/compose.ts'
import type { Store } from '../../src/stores/port.ts'

/** A Friday; days through the 18th are out, the 19th is staged, and the stream still holds the 18th. */
export const VIEWS_NOW = '2026-11-20T23:59:59Z'
const FIRST = '2026-10-22'
const DAYS = 30
const PUBLISHED = 28
export const MONTH = ['2026-10-22', '2026-11-20'] as const

/** Shares whose approximate percentiles there are, by the name of the metric. */
export const QUANTILES: ReadonlyMap<string, number> = new Map([
  ['p01', 0.01],
  ['p25', 0.25],
  ['p50', 0.5],
  ['p90', 0.9],
  ['p99', 0.99],
  ['p999', 0.999],
])

/**
 * Views of a month by people who come back: older days in the offline store, the last ones in the stream, which overlaps
 * with them. `members_<n>` counts the same people by texts, salted so that every n hashes them otherwise.
 */
export function viewsCatalog(seeds: number): readonly CatalogText[] {
  const salted = Array.from({ length: seeds }, (_, seed) => seed + 1)
  const members = salted.map((n) => `      member_${n}: { sql: "concat('${n}:', member)" }`).join('\n')
  const measures = `    measures:
      viewer: viewer_id
      member: member
      text_or_id: text_or_id
      half: half
      is_paid: is_paid
      born: born
      seconds: seconds
${members}`
  const counts = (name: string, of: string) => `  - { metric: ${name}, agg: count_distinct, of: ${of} }`
  return [
    { path: 'dimensions/channel.yaml', text: 'dimension: channel\ntype: integer\n' },
    {
      path: 'metrics/view.yaml',
      text: `process: view
domain: video
zone: UTC
dimensions: [channel]
sources:
  - source: view_detail
    store: offline
    table: dwd_view
    time: { column: at, grain: instant, day: day }
    complete: published
    version: pv
    since: 2026-01-01
    dimensions: { channel: channel }
${measures}
  - source: view_event
    store: realtime
    kind: stream
    table: view_event
    time: { column: at, grain: instant }
    retention: 7 days
    dimensions: { channel: channel }
${measures}
metrics:
  - { metric: views, agg: count }
${counts('viewers', 'viewer')}
${counts('viewers_by_text', 'member')}
${counts('mixed_viewers', 'text_or_id')}
${counts('halves', 'half')}
${counts('paid_or_not', 'is_paid')}
${counts('birthdays', 'born')}
  - { metric: viewers_of_a_week, from: viewers, period: trailing 7 days }
  - { metric: viewers_to_date, from: viewers, period: month to date }
${salted.map((n) => `  - { metric: members_${n}, agg: count_distinct, algorithm: approximate, of: member_${n} }`).join('\n')}
${[...QUANTILES].map(([name, p]) => `  - { metric: ${name}, agg: percentile, percentile: { p: ${p}, method: discrete }, algorithm: approximate, of: seconds }`).join('\n')}
`,
    },
  ]
}

/** Columns of a view by its number; the same arithmetic in both engines, all of it in integers. */
function columns(rows: number, people: number, divide: (a: string, b: number) => string): string {
  // Squares, so that people are drawn as by chance, some often and some never.
  const draw = '((n * n % 4294967291 * 40503 + n * 2654435761) % 4294967291)'
  // Some ids are below 0: systems number their guests so.
  const person = `(${draw} % ${people} - 1000)`
  const tenth = divide(draw, 64)
  return `${divide(`n * ${DAYS * 86_400} `, rows)} as second, n % 8 as channel, ${person} as viewer,
    (${tenth} % 1000 + 1) * (${divide(draw, 65_536)} % 1000 + 1) as thousandths`
}

/** Fills both stores and publishes; `all_views` in the offline store holds each row that counts, once. */
export async function fillViews(
  { publications }: Pick<Composition, 'publications'>,
  { offline, realtime }: { readonly offline: Store; readonly realtime: Store },
  { rows, people }: { readonly rows: number; readonly people: number },
): Promise<void> {
  await fillOffline(offline, rows, people)
  await fillRealtime(realtime, rows, people)
  const days = Array.from({ length: PUBLISHED }, (_, i) => dayAt(i))
  await publications.publish([{ source: 'view_detail', days, version: 1 }])
}

async function fillOffline(store: Store, rows: number, people: number): Promise<void> {
  const shape =
    "day Date, pv UInt32, at DateTime64(3,'UTC'), channel Int64, viewer_id Int64, member String, text_or_id Int32, half Decimal(18,1), is_paid Bool, born Date, seconds Decimal(18,3)"
  const made = `select toDate(toDateTime('${FIRST} 00:00:00', 'UTC') + second) as day, 1 as pv,
      toDateTime64('${FIRST} 00:00:00', 3, 'UTC') + toIntervalSecond(second) as at, channel, viewer as viewer_id,
      toString(viewer) as member, viewer as text_or_id, toDecimal64(viewer % 10, 1) / 2 as half, viewer % 3 = 0 as is_paid,
      toDate('2000-01-01') + toIntervalDay(abs(viewer) % 365) as born, toDecimal64(thousandths, 3) / 1000 as seconds
    from (select ${columns(rows, people, (a, b) => `intDiv(${a}, ${b})`)} from (select toInt64(number) as n from numbers(${rows})))`
  await store.execute(`create table all_views (${shape}) engine = MergeTree order by at`)
  await store.execute(`insert into all_views ${made}`)
  await store.execute(`create table dwd_view (${shape}) engine = MergeTree partition by (day, pv) order by at`)
  // The first day that is not published is half there: it must not count.
  await store.execute(
    `insert into dwd_view select * from all_views where day < '${dayAt(PUBLISHED)}' or (day = '${dayAt(PUBLISHED)}' and channel < 4) settings max_partitions_per_insert_block = 0`,
  )
}

async function fillRealtime(store: Store, rows: number, people: number): Promise<void> {
  await store.execute(
    `create table view_event (at timestamptz not null, channel bigint, viewer_id bigint, member text, text_or_id text,
       half numeric(18,1), is_paid boolean, born date, seconds numeric(18,3));
     insert into view_event
     select timestamptz '${FIRST} 00:00:00Z' + second * interval '1 second', channel, viewer, viewer::text, viewer::text,
       (viewer % 10) / 2.0, viewer % 3 = 0, date '2000-01-01' + (abs(viewer) % 365)::int, thousandths / 1000.0
     from (select ${columns(rows, people, (a, b) => `(${a}) / ${b}`)}
           from generate_series(${Math.floor((rows * (PUBLISHED - 1)) / DAYS)}::bigint, ${rows - 1}) as n) as made;
     create index view_event_at on view_event (at)`,
  )
  await store.execute('vacuum analyze view_event')
}

/** YYYY-MM-DD of the n-th day. */
function dayAt(n: number): string {
  return new Date(Date.parse(FIRST) + n * 86_400_000).toISOString().slice(0, 10)
}
