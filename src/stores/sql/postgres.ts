import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely'
import { formatDay, type Grain } from '../../base/time.ts'
import type { TimeGrain } from '../../catalog/catalog.ts'
import type { Sql, SqlDialect } from './dialect.ts'

const CAST = { string: sql``, integer: sql`::bigint`, boolean: sql`::boolean`, date: sql`::date` } as const

/** PostgreSQL, Hologres and PGlite. Sessions stand in UTC, so a timestamp without zone is read as UTC. */
export const postgresDialect: SqlDialect = {
  name: 'postgres',
  compiler: new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
  suffix: '',
  value: (value, type) => sql`${sql.val(value)}${CAST[type]}`,
  instant: (instant) => sql`${sql.val(new Date(instant).toISOString())}::timestamptz`,
  day: (day) => sql`${sql.val(formatDay(day))}::date`,
  integer: (value) => sql`${sql.val(value)}::bigint`,
  bucket,
  sum: (of, _as, when) => sql`sum(${of})${filter(when)}`,
  min: (of, when) => sql`min(${of})${filter(when)}`,
  max: (of, when) => sql`max(${of})${filter(when)}`,
  count: (of, when) => sql`count(${of ?? sql`*`})${filter(when)}`,
  countDistinct: (of, when) => sql`count(distinct ${of})${filter(when)}`,
  output: (of) => of,
  nullable: (of) => of,
  keyText: (of) => sql`${of}::text`,
  contains: (of, text) => sql`position(${text} in ${of}::text) > 0`,
  containsFolded: (of, text) => sql`position(lower(${text}) in lower(${of}::text)) > 0`,
  startsWith: (of, text) => sql`starts_with(${of}::text, ${text})`,
  ordered: (of, type) => (type === 'string' ? sql`${of} collate "C"` : of),
  selectUnique: (columns, rest, unique) => sql`select distinct on (${unique}) ${columns} from ${rest}`,
}

function filter(when: Sql | undefined): Sql {
  return when === undefined ? sql`` : sql` filter (where ${when})`
}

function bucket(time: Sql, has: TimeGrain, grain: Grain, zone: string): Sql {
  if (grain === 'minute' || grain === 'hour') {
    // Three-argument date_trunc keeps the two hours apart that the clocks show twice; `at time zone` would merge them.
    const start = sql`date_trunc(${sql.lit(grain)}, ${time}::timestamptz, ${sql.val(zone)})`
    return sql`(extract(epoch from ${start}) * 1000)::bigint`
  }
  const local = has === 'day' ? sql`${time}::timestamp` : sql`(${time}::timestamptz at time zone ${sql.val(zone)})`
  return grain === 'day' ? sql`${local}::date` : sql`date_trunc(${sql.lit(grain)}, ${local})::date`
}
