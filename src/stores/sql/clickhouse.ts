import { DefaultQueryCompiler, DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, sql } from 'kysely'
import { type DatePart, formatDay, type Grain } from '../../base/time.ts'
import type { TimeGrain } from '../../catalog/catalog.ts'
import { REST_BITS, type Sql, type SqlDialect } from './dialect.ts'
import type { NumberKind } from './numberKind.ts'

/** A value with the ClickHouse type its placeholder declares. */
class Typed {
  readonly value: string | number | boolean
  readonly type: string

  constructor(value: string | number | boolean, type: string) {
    this.value = value
    this.type = type
  }
}

const typed = (value: string | number | boolean, type: string): Sql => sql`${sql.val(new Typed(value, type))}`

/** Writes bound values as {p1:Type}, {p2:Type}, ... */
class ClickHouseQueryCompiler extends DefaultQueryCompiler {
  protected override appendValue(parameter: unknown): void {
    const { value, type } = parameter instanceof Typed ? parameter : new Typed(String(parameter), 'String')
    this.addParameter(value)
    this.append(`{p${this.numParameters}:${type}}`)
  }
}

/** The last day that a Date holds, 2149-06-06; compared with one, a Date column need not be widened row by row. */
const LAST_DATE = 65_535

const TYPE = { string: 'String', integer: 'Int64', boolean: 'Bool', date: 'Date32' } as const

/** ClickHouse 24.3 and later; measured with 26.7. */
export const clickhouseDialect: SqlDialect = {
  name: 'clickhouse',
  compiler: new Kysely({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new ClickHouseQueryCompiler(),
    },
  }),
  // Week and month starts before 1970 are not clamped.
  suffix: ' SETTINGS enable_extended_results_for_datetime_functions = 1',
  value: (value, type) => typed(value, TYPE[type]),
  instant: (instant) => sql`fromUnixTimestamp64Milli(${typed(instant, 'Int64')}, 'UTC')`,
  day: (day) => typed(formatDay(day), day >= 0 && day <= LAST_DATE ? 'Date' : 'Date32'),
  integer: (value) => typed(value, 'Int64'),
  bucket,
  sum: (of, as, when) => aggregate('sumOrNull', widened(of, as), when),
  min: (of, when) => aggregate('minOrNull', of, when),
  max: (of, when) => aggregate('maxOrNull', of, when),
  count: (of, when) => aggregate('count', of, when),
  countDistinct: (of, when) => aggregate('uniqExact', of, when),
  sumBoolean: (of, when) => aggregate('sumOrNull', sql`toInt64(${of} != 0)`, when),
  variance: (of, as, floats, when) => {
    const count = aggregate('count', of, when)
    if (floats || as?.kind === 'float') {
      const each = sql`toFloat64(${of})`
      if (!floats)
        return [count, aggregate('sumOrNull', each, when), aggregate('sumOrNull', sql`${each} * ${each}`, when)]
      const spread = conditional(
        'varPopStable',
        sql`ifNull(${each}, nan)`,
        when === undefined ? sql`isNotNull(${of})` : sql`isNotNull(${of}) and ${when}`,
      )
      const mean = conditional('avgOrNull', each, when)
      return [count, sql`toString(${mean})`, sql`toString(${spread} * ${conditional('count', of, when)})`]
    }
    const each = as?.kind === 'decimal' ? sql`toDecimal256(${of}, ${sql.lit(as.scale)})` : sql`toInt256(${of})`
    return [count, aggregate('sumOrNull', each, when), aggregate('sumOrNull', sql`${each} * ${each}`, when)]
  },
  end: (which, of, time, tie, when) => {
    const there = when === undefined ? sql`isNotNull(${of})` : sql`isNotNull(${of}) and ${when}`
    const name = which === 'first' ? 'argMinOrNullIf' : 'argMaxOrNullIf'
    const by = sql`(${time}, ${tie ?? sql`assumeNotNull(${of})`})`
    const at = (value: Sql) => sql`${sql.raw(name)}(toString(${value}), ${by}, ${there})`
    const moment = sql`${sql.raw(which === 'first' ? 'minOrNullIf' : 'maxOrNullIf')}(${micros(time)}, ${there})`
    return [at(of), sql`toString(${moment})`, tie === undefined ? sql`CAST(NULL AS Nullable(String))` : at(tie)]
  },
  micros: (time) => sql`toString(${micros(time)})`,
  part: (time, has, part, zone) =>
    has === 'day'
      ? sql`toInt64(${sql.raw(PART[part])}(${time}))`
      : sql`toInt64(${sql.raw(PART[part])}(toTimeZone(${time}, ${typed(zone, 'String')})))`,
  // A later column of a select may read an earlier one by its name.
  hashes: (of, sketch, hash) => {
    const half = sql`substring(MD5(toString(${of})), 1 + 8 * ${sketch}, 8)`
    return sql`arrayJoin([0, 1]) as ${sketch}, reinterpretAsUInt64(reverse(${half})) as ${hash}`
  },
  // The lowest rest has the highest rank: so the place of its first 1 is looked for once a register.
  register: (sketch, hash) => {
    const lowest = sql`min(bitAnd(${hash}, ${sql.lit(REST_BITS)}))`
    const first = sql`position(leftPad(bin(${lowest}), 64, '0'), '1')`
    const register = sql`bitShiftRight(${hash}, 50) + 16384 * ${sketch}`
    return { register, rank: sql`if(${lowest} = 0, 51, ${first} - 14)` }
  },
  block: (register, rank) => {
    const digits = sql`leftPad(hex(toUInt16(bitAnd(${register}, 63) * 64 + ${rank})), 4, '0')`
    const block = sql`toString(bitShiftRight(${register}, 6))`
    return { block, registers: sql`arrayStringConcat(groupArray(${digits}))` }
  },
  histogramBucket: (of) => {
    const bits = sql`toInt64(bitShiftRight(reinterpretAsUInt64(abs(toFloat64(${of}))), 46))`
    return sql`toString(if(toFloat64(${of}) < 0, -${bits}, ${bits}))`
  },
  // Of a tuple, because a hash of a null would be none. The sum wraps at 2^64, as it may.
  rowsHash: (columns) => sql`toString(sum(cityHash64(tuple(${sql.join(columns)}))))`,
  // Without the zeros in front, as PostgreSQL writes it.
  word: (of) => ({
    index: sql`bitShiftRight(${of}, 6)`,
    bits: sql`trim(leading '0' from lower(hex(groupBitOr(bitShiftLeft(toUInt64(1), bitAnd(${of}, 63))))))`,
  }),
  output: (of, type) => (type === 'integer' ? sql`toString(${of})` : of),
  // Where no row matches a column gets its type's default, which is null for these alone.
  nullable: (of) => sql`toNullable(${of})`,
  keyText: (of) => sql`toString(${of})`,
  contains: (of, text) => sql`position(${of}, ${text}) > 0`,
  containsFolded: (of, text) => sql`positionCaseInsensitiveUTF8(toString(${of}), ${text}) > 0`,
  startsWith: (of, text) => sql`startsWith(${of}, ${text})`,
  ordered: (of) => of,
  selectUnique: (columns, rest, unique) => sql`select ${columns} from ${rest} limit 1 by ${unique}`,
}

const PART: Readonly<Record<DatePart, string>> = {
  year: 'toYear',
  quarter: 'toQuarter',
  month: 'toMonth',
  day: 'toDayOfMonth',
  dow: 'toDayOfWeek',
  doy: 'toDayOfYear',
  hour: 'toHour',
}

function micros(time: Sql): Sql {
  return sql`toUnixTimestamp64Micro(toDateTime64(${time}, 6, 'UTC'))`
}

/** ClickHouse sums 64-bit integers and wide decimals into their own type and wraps in silence: they are widened. */
function widened(of: Sql, as: NumberKind | 'whole' | undefined): Sql {
  if (as === undefined) return of
  // Costs nothing measurable, and refuses what is not an integer.
  if (as === 'whole') return sql`accurateCast(${of}, 'Nullable(Int128)')`
  if (as.kind === 'integer') return sql`toInt128(${of})`
  return as.kind === 'decimal' && as.wide ? sql`toDecimal256(${of}, ${sql.lit(as.scale)})` : of
}

function conditional(name: string, of: Sql, when: Sql | undefined): Sql {
  return when === undefined ? sql`${sql.raw(name)}(${of})` : sql`${sql.raw(name)}If(${sql.join([of, when])})`
}

/** Exact numbers travel as text: as JSON numbers they come unquoted and lose digits. */
function aggregate(name: string, of: Sql | undefined, when: Sql | undefined): Sql {
  const call = sql.raw(when === undefined ? name : `${name}If`)
  const args = [of, when].filter((part) => part !== undefined)
  return sql`toString(${call}(${sql.join(args)}))`
}

const TRUNCATE = {
  week: 'toMonday',
  month: 'toStartOfMonth',
  quarter: 'toStartOfQuarter',
  year: 'toStartOfYear',
  hour: 'toStartOfHour',
  minute: 'toStartOfMinute',
} as const

function bucket(time: Sql, has: TimeGrain, grain: Grain, zone: string): Sql {
  const inZone = typed(zone, 'String')
  if (grain === 'minute' || grain === 'hour') {
    return sql`toString(toUnixTimestamp64Milli(toDateTime64(${sql.raw(TRUNCATE[grain])}(${time}, ${inZone}), 3)))`
  }
  if (has === 'day') return grain === 'day' ? time : sql`${sql.raw(TRUNCATE[grain])}(${time})`
  return grain === 'day' ? sql`toDate32(${time}, ${inZone})` : sql`${sql.raw(TRUNCATE[grain])}(${time}, ${inZone})`
}
