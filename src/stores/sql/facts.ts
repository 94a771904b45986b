import { sql } from 'kysely'
import { type Grain, isDayGrain, startOfDay } from '../../base/time.ts'
import type { Source, SourceExpression } from '../../catalog/catalog.ts'
import { fieldsOf } from '../../query/predicates.ts'
import type { Field, Predicate, Window } from '../../query/resolved.ts'
import type { Slice, SliceRange } from '../../route/physical.ts'
import type { Sql, SqlDialect } from './dialect.ts'
import { predicateSql } from './predicate.ts'

/**
 * The inner select of a slice: the rows of one source, cut to the slice's days, versions, filters and scope, under
 * names of our own. What stands outside it (joins, grouping) can then not collide with the table's columns.
 */
export interface Facts {
  readonly select: Sql
  /** Predicates that need a dimension table, and so apply outside. */
  readonly outside: readonly Predicate[]
}

/** How the inner select calls a dimension's key, the time bucket and a measure's parts. */
export const keyName = (dimension: string): string => `key_${dimension}`
export const TIME_NAME = 'bucket'

export function factsOf(
  slice: Slice,
  dialect: SqlDialect,
  keys: readonly string[],
  values: readonly { readonly name: string; readonly of: SourceExpression }[],
): Facts {
  const { source, window } = slice
  const columns: Sql[] = []
  if (window.grain !== undefined) columns.push(sql`${bucketSql(slice, window.grain, dialect)} as ${sql.id(TIME_NAME)}`)
  for (const key of keys) columns.push(sql`${keySql(source, key)} as ${sql.id(keyName(key))}`)
  for (const { name, of } of values) columns.push(sql`${expressionSql(of)} as ${sql.id(name)}`)
  if (columns.length === 0) columns.push(sql`1 as ${sql.id('one')}`)

  const inside = slice.filters.filter((predicate) => !needsTable(predicate))
  const conditions = [
    timeSql(slice, dialect),
    ...slice.scope.map((scope) => scopeSql(slice, scope, dialect)),
    ...(source.where === undefined ? [] : [sql`(${sql.raw(source.where)})`]),
    ...inside.map((predicate) => predicateSql(predicate, (field) => keySql(source, field.dimension), dialect)),
  ]
  const rest = sql`${sql.table(source.table)} where ${sql.join(conditions, sql` and `)}`
  const list = sql.join(columns)
  const select =
    source.unique === undefined
      ? sql`select ${list} from ${rest}`
      : dialect.selectUnique(list, rest, sql.id(source.unique))
  return { select, outside: slice.filters.filter(needsTable) }
}

/** Where the table repeats its business day, a bucket of business days need not be computed from an instant. */
function bucketSql({ source, window }: Slice, grain: Grain, dialect: SqlDialect): Sql {
  const { expression, grain: has, day } = source.time
  if (day !== undefined && isDayGrain(grain) && window.zone === window.businessZone) {
    return dialect.bucket(sql.id(day), 'day', grain, window.zone)
  }
  return dialect.bucket(expressionSql(expression), has, grain, window.zone)
}

/** A column is quoted; SQL of the catalog's author stands in brackets. */
export function expressionSql(of: SourceExpression): Sql {
  return of.kind === 'column' ? sql.id(of.column) : sql`(${sql.raw(of.sql)})`
}

/** The key of a dimension in the rows of a source. */
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

/**
 * One range: its time, bounded on both sides, and its version. Whole business days are read by the column that repeats
 * them, where there is one: partitions are pruned by it, and reading the instant besides would cost as much again.
 */
function rangeSql(range: SliceRange, { source, window }: Slice, dialect: SqlDialect): Sql {
  const { expression, grain, day } = source.time
  const time = expressionSql(expression)
  const days = grain === 'day' ? time : day === undefined ? undefined : sql.id(day)
  const bounded = Number.isFinite(range.interval.from)
  const conditions: Sql[] = []
  if (days !== undefined) {
    if (bounded) conditions.push(sql`${days} >= ${dialect.day(range.firstDay)}`)
    conditions.push(sql`${days} <= ${dialect.day(range.lastDay)}`)
  }
  if (days === undefined || (grain !== 'day' && !isWhole(range, window))) {
    if (bounded) conditions.push(sql`${time} >= ${dialect.instant(range.interval.from)}`)
    conditions.push(sql`${time} < ${dialect.instant(range.interval.to)}`)
  }
  if (source.version !== undefined) {
    if (range.version === undefined) throw new TypeError(`${source.name} is read without a pinned version`)
    conditions.push(sql`${sql.id(source.version)} = ${dialect.integer(range.version)}`)
  }
  return sql`(${sql.join(conditions, sql` and `)})`
}

function isWhole({ firstDay, lastDay, interval }: SliceRange, { businessZone }: Window): boolean {
  const begins = !Number.isFinite(interval.from) || interval.from === startOfDay(firstDay, businessZone)
  return begins && interval.to === startOfDay(lastDay + 1, businessZone)
}
