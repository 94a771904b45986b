import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely'
import { type DatePart, formatDay, type Grain } from '../../base/time.ts'
import type { TimeGrain } from '../../catalog/catalog.ts'
import { REST_BITS, type Sql, type SqlDialect } from './dialect.ts'

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
  sumBoolean: (of, when) =>
    sql`sum(case when (${of})::int <> 0 then 1 when ${of} is not null then 0 end)${filter(when)}`,
  variance: (of, _as, floats, when) => {
    const each = floats ? sql`(${of})::float8` : sql`(${of})::numeric`
    const count = sql`count(${of})${filter(when)}`
    if (!floats) return [count, sql`sum(${each})${filter(when)}`, sql`sum(${each} * ${each})${filter(when)}`]
    return [count, sql`avg(${each})${filter(when)}`, sql`var_pop(${each})${filter(when)} * ${count}`]
  },
  end: (which, of, time, tie, when) => {
    const order = which === 'first' ? sql`asc` : sql`desc`
    const by = sql`order by ${time} ${order}, ${tie ?? of} ${order}`
    const there = when === undefined ? sql`${of} is not null` : sql`${of} is not null and (${when})`
    const first = (value: Sql) => sql`(array_agg((${value})::text ${by}) filter (where ${there}))[1]`
    const moment = which === 'first' ? sql`min(${time})` : sql`max(${time})`
    const micros = sql`(extract(epoch from (${moment} filter (where ${there}))::timestamptz) * 1000000)::bigint::text`
    return [first(of), micros, tie === undefined ? sql`null::text` : first(tie)]
  },
  micros: (time) => sql`(extract(epoch from (${time})::timestamptz) * 1000000)::bigint::text`,
  part: (time, has, part, zone) => {
    const local = has === 'day' ? sql`${time}::timestamp` : sql`(${time}::timestamptz at time zone ${sql.val(zone)})`
    return sql`extract(${sql.raw(PART[part])} from ${local})::bigint`
  },
  // Both functions give their rows side by side.
  hashes: (of, sketch, hash) => {
    const half = (from: number): Sql => sql`('x' || substr(md5((${of})::text), ${sql.lit(from)}, 16))::bit(64)::bigint`
    return sql`generate_series(0, 1) as ${sketch}, unnest(array[${half(1)}, ${half(17)}]) as ${hash}`
  },
  // The lowest rest has the highest rank: so the place of its first 1 is looked for once a register.
  register: (sketch, hash) => {
    const lowest = sql`min(${hash} & ${sql.lit(REST_BITS)})`
    const rank = sql`coalesce(nullif(position(B'1' in ${lowest}::bit(50)), 0), 51)`
    return { register: sql`((${hash} >> 50) & 16383) + 16384 * ${sketch}`, rank }
  },
  block: (register, rank) => {
    const digits = sql`lpad(to_hex((${register} & 63) * 64 + ${rank}), 4, '0')`
    return { block: sql`(${register} >> 6)`, registers: sql`string_agg(${digits}, '')` }
  },
  histogramBucket: (of) => {
    const bits = sql`(('x' || encode(float8send(abs((${of})::float8)), 'hex'))::bit(64) >> 46)::bigint`
    return sql`case when (${of})::float8 < 0 then -${bits} else ${bits} end`
  },
  word: (of) => ({
    index: sql`(${of} >> 6)`,
    bits: sql`to_hex(bit_or(1::bigint << (${of} & 63)::int))`,
  }),
  output: (of) => of,
  rowsHash: (columns) =>
    sql`sum(('x' || substr(md5(row(${sql.join(columns)})::text), 1, 16))::bit(64)::bigint::numeric)::text`,
  nullable: (of) => of,
  keyText: (of) => sql`${of}::text`,
  contains: (of, text) => sql`position(${text} in ${of}::text) > 0`,
  containsFolded: (of, text) => sql`position(lower(${text}) in lower(${of}::text)) > 0`,
  startsWith: (of, text) => sql`starts_with(${of}::text, ${text})`,
  ordered: (of, type) => (type === 'string' ? sql`${of} collate "C"` : of),
  selectUnique: (columns, rest, unique) => sql`select distinct on (${unique}) ${columns} from ${rest}`,
}

const PART: Readonly<Record<DatePart, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  day: 'day',
  dow: 'isodow',
  doy: 'doy',
  hour: 'hour',
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
