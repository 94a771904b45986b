import { sql } from 'kysely'
import { dayOf, type Grain, type Interval, isDayGrain, startOfDay } from '../../base/time.ts'
import type { Source, SourceExpression, SourceTime } from '../../catalog/catalog.ts'
import { fieldsOf } from '../../query/predicates.ts'
import type { Field, Predicate } from '../../query/resolved.ts'
import type { Slice, SliceRange } from '../../route/physical.ts'
import type { ReadTime } from '../../route/readTime.ts'
import type { Sql, SqlDialect } from './dialect.ts'
import { type PredicateColumns, predicateSql } from './predicate.ts'

/**
 * The inner select of a slice: the rows of one source, cut to the slice's days, versions, filters and scope, under
 * names of our own. What stands outside it (joins, grouping) can then not collide with the table's columns.
 */
export interface FactColumn {
  readonly name: string
  readonly of: Sql
}

/** How the inner select calls a dimension's key (the `part`th column of it), a time, the bucket and the moment. */
export const keyName = (dimension: string, part = 0): string =>
  part === 0 ? `key_${dimension}` : `key_${dimension}_${part}`
export const timeName = (time: string): string => `time_${time}`
export const BASE_NAME = 'bucket'
export const MOMENT_NAME = 'moment'

/** The rows of a slice under some columns; `inside` are further conditions on columns of the facts. */
export function factsOf(
  slice: Slice,
  dialect: SqlDialect,
  columns: readonly FactColumn[],
  inside: readonly Predicate[] = [],
): Sql {
  const { source } = slice
  const listed =
    columns.length > 0 ? columns.map(({ name, of }) => sql`${of} as ${sql.id(name)}`) : [sql`1 as ${sql.id('one')}`]
  const own = [...slice.filters, ...inside].filter((predicate) => !needsTable(predicate))
  const conditions = [
    timeSql(slice, dialect),
    ...otherTimeSql(slice, dialect),
    ...slice.scope.map((scope) => scopeSql(slice, scope, dialect)),
    ...(source.where === undefined ? [] : [sql`(${sql.raw(source.where)})`]),
    ...own.map((predicate) => predicateSql(predicate, factColumns(slice, dialect), dialect)),
  ]
  const rest = sql`${sql.table(source.table)} where ${sql.join(conditions, sql` and `)}`
  const list = sql.join(listed)
  return source.unique === undefined
    ? sql`select ${list} from ${rest}`
    : dialect.selectUnique(list, rest, sql.id(source.unique))
}

/** The bucket of a slice's base grain: for single events the microsecond. */
export function baseSql({ source, time }: Slice, dialect: SqlDialect): Sql | undefined {
  if (time.base === undefined) return undefined
  const of = timeOf(source, time.other?.name ?? 'time')
  if (time.base === 'exact') return dialect.micros(expressionSql(of.expression))
  return bucketSql(of, time.base, time, dialect)
}

/** Where the table repeats its business day, a bucket of business days need not be computed from an instant. */
export function bucketSql(
  { expression, grain: has, day }: SourceTime,
  grain: Grain,
  { zone, businessZone }: Pick<ReadTime, 'zone' | 'businessZone'>,
  dialect: SqlDialect,
): Sql {
  if (day !== undefined && isDayGrain(grain) && zone === businessZone) {
    return dialect.bucket(sql.id(day), 'day', grain, zone)
  }
  return dialect.bucket(expressionSql(expression), has, grain, zone)
}

/** A time of a source by its name. */
export function timeOf(source: Source, name: string): SourceTime {
  const time = name === 'time' ? source.time : source.times.get(name)
  if (time === undefined) throw new TypeError(`${source.name} was routed to without the time ${name}`)
  return time
}

/** Keys and times as they are written among the facts. */
function factColumns({ source, time }: Slice, dialect: SqlDialect): PredicateColumns {
  const raw = (field: Field) => {
    const of = timeOf(source, field.time ?? 'time')
    return { of: expressionSql(of.expression), grain: of.grain, zone: field.zone ?? time.zone }
  }
  return {
    time: raw,
    column: (field) =>
      field.time === undefined && field.bucket === undefined && field.part === undefined
        ? keySql(source, field.dimension)
        : lookedAt(field, field.time === undefined ? dateKey(source, field, time) : raw(field), dialect),
  }
}

function dateKey(source: Source, field: Field, time: ReadTime) {
  return { of: keySql(source, field.dimension), grain: 'day' as const, zone: field.zone ?? time.zone }
}

/** A time or date by the first day of a bucket, or by a part. */
export function lookedAt(
  { bucket, part }: Field,
  { of, grain, zone }: ReturnType<PredicateColumns['time']>,
  dialect: SqlDialect,
): Sql {
  if (part !== undefined) return dialect.part(of, grain, part, zone)
  return bucket === undefined ? of : dialect.bucket(of, grain, bucket, zone)
}

/** A column is quoted; SQL of the catalog's author stands in brackets. */
export function expressionSql(of: SourceExpression): Sql {
  return of.kind === 'column' ? sql.id(of.column) : sql`(${sql.raw(of.sql)})`
}

/** The key of a dimension in the rows of a source: what is asked under its name. */
export function keySql(source: Source, dimension: string): Sql {
  const expression = source.dimensions.get(dimension)
  if (expression === undefined) throw new TypeError(`${source.name} was routed to without ${dimension}`)
  return expressionSql(expression)
}

/** True when a predicate reads an attribute, which stands in a dimension table. */
export function needsTable(predicate: Predicate): boolean {
  return fieldsOf(predicate).some((field: Field) => field.attribute !== undefined)
}

/** Stands before each predicate of a scope; nothing else writes it, and callers' texts are never part of a statement. */
export const SCOPE_MARK = '/* scope */'

/** The caller's scope. No values means no rows: a scope never widens by being empty. */
function scopeSql(slice: Slice, scope: Slice['scope'][number], dialect: SqlDialect): Sql {
  const mark = sql.raw(SCOPE_MARK)
  if (scope.values.length === 0) return sql`${mark} 1 = 0`
  const list = scope.values.map((value) => dialect.value(value, scope.type))
  return sql`${mark} ${keySql(slice.source, scope.dimension)} in (${sql.join(list)})`
}

function timeSql(slice: Slice, dialect: SqlDialect): Sql {
  const ranges = slice.ranges.map((range) => rangeSql(range, slice, dialect))
  return ranges.length === 1 ? sql`${ranges[0]}` : sql`(${sql.join(ranges, sql` or `)})`
}

/** The stretches of a further time; rows without it belong to none. */
function otherTimeSql({ source, time }: Slice, dialect: SqlDialect): Sql[] {
  if (time.other === undefined) return []
  const { name, reads } = time.other
  const { expression, grain } = timeOf(source, name)
  const of = expressionSql(expression)
  const edge = (instant: number): Sql =>
    grain === 'day' ? dialect.day(dayOf(instant, time.zone)) : dialect.instant(instant)
  const within = reads.map(({ from, to }: Interval) => {
    const ends = [
      sql`${of} is not null`,
      ...(Number.isFinite(from) ? [sql`${of} >= ${edge(from)}`] : []),
      ...(Number.isFinite(to) ? [sql`${of} < ${edge(to)}`] : []),
    ]
    return sql`(${sql.join(ends, sql` and `)})`
  })
  return [within.length === 0 ? sql`1 = 0` : sql`(${sql.join(within, sql` or `)})`]
}

/**
 * One range: its time, bounded on both sides, and its version. Whole business days are read by the column that repeats
 * them, where there is one: partitions are pruned by it, and reading the instant besides would cost as much again.
 */
function rangeSql(range: SliceRange, { source, time: read }: Slice, dialect: SqlDialect): Sql {
  const { expression, grain, day } = source.time
  const time = expressionSql(expression)
  const days = grain === 'day' ? time : day === undefined ? undefined : sql.id(day)
  const bounded = Number.isFinite(range.interval.from)
  const conditions: Sql[] = []
  if (days !== undefined) {
    if (bounded) conditions.push(sql`${days} >= ${dialect.day(range.firstDay)}`)
    conditions.push(sql`${days} <= ${dialect.day(range.lastDay)}`)
  }
  if (days === undefined || (grain !== 'day' && !isWhole(range, read))) {
    if (bounded) conditions.push(sql`${time} >= ${dialect.instant(range.interval.from)}`)
    conditions.push(sql`${time} < ${dialect.instant(range.interval.to)}`)
  }
  if (source.version !== undefined) {
    if (range.version === undefined) throw new TypeError(`${source.name} is read without a pinned version`)
    conditions.push(sql`${sql.id(source.version)} = ${dialect.integer(range.version)}`)
  }
  return sql`(${sql.join(conditions, sql` and `)})`
}

function isWhole({ firstDay, lastDay, interval }: SliceRange, { businessZone }: ReadTime): boolean {
  const begins = !Number.isFinite(interval.from) || interval.from === startOfDay(firstDay, businessZone)
  return begins && interval.to === startOfDay(lastDay + 1, businessZone)
}
