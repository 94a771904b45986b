import { sql } from 'kysely'
import { dayOf } from '../../base/time.ts'
import type { TimeGrain } from '../../catalog/catalog.ts'
import type { Field, Predicate } from '../../query/resolved.ts'
import type { Sql, SqlDialect } from './dialect.ts'

/** How fields are written where a predicate stands. */
export interface PredicateColumns {
  column(field: Field): Sql
  /** A time as it stands in the rows, and how fine it is. */
  time(field: Field): { readonly of: Sql; readonly grain: TimeGrain; readonly zone: string }
}

/** A predicate as SQL. */
export function predicateSql(predicate: Predicate, columns: PredicateColumns, dialect: SqlDialect): Sql {
  const column = (field: Field): Sql => columns.column(field)
  switch (predicate.kind) {
    case 'all':
    case 'any': {
      if (predicate.items.length === 0) return predicate.kind === 'all' ? sql`1 = 1` : sql`1 = 0`
      const items = predicate.items.map((item) => predicateSql(item, columns, dialect))
      return sql`(${sql.join(items, predicate.kind === 'all' ? sql` and ` : sql` or `)})`
    }
    case 'compare': {
      const { type } = predicate.field
      const value = dialect.value(predicate.value, type)
      const of = column(predicate.field)
      const ordered = predicate.op === 'eq' || predicate.op === 'ne' ? of : dialect.ordered(of, type)
      return sql`${ordered} ${COMPARE[predicate.op]} ${value}`
    }
    case 'oneOf':
    case 'noneOf':
      return membership(predicate, column(predicate.field), dialect)
    case 'text': {
      const text = dialect.value(predicate.value, 'string')
      const of = column(predicate.field)
      const holds = predicate.op === 'contains' ? dialect.contains(of, text) : dialect.startsWith(of, text)
      return predicate.negated ? sql`not (${holds})` : holds
    }
    case 'null': {
      const { field } = predicate
      const of = field.time === undefined ? column(field) : columns.time(field).of
      return predicate.negated ? sql`${of} is not null` : sql`${of} is null`
    }
    case 'during':
      return during(predicate, columns, dialect)
  }
}

function during(
  { field, from, to, negated }: Extract<Predicate, { kind: 'during' }>,
  columns: PredicateColumns,
  dialect: SqlDialect,
): Sql {
  const { of, grain, zone } = columns.time(field)
  // A date is compared with the days that the interval begins and ends on.
  const edge = (instant: number): Sql =>
    grain === 'day' ? dialect.day(dayOf(instant, zone)) : dialect.instant(instant)
  const conditions = [
    ...(from === undefined ? [] : [sql`${of} >= ${edge(from)}`]),
    ...(to === undefined ? [] : [sql`${of} < ${edge(to)}`]),
  ]
  const within = sql`(${sql.join(conditions, sql` and `)})`
  return negated ? sql`not ${within}` : within
}

const COMPARE = { eq: sql`=`, ne: sql`<>`, gt: sql`>`, gte: sql`>=`, lt: sql`<`, lte: sql`<=` } as const

/** A null matches only where it is meant to; NOT IN with a null inside, which matches nothing, is never written. */
function membership(predicate: Extract<Predicate, { kind: 'oneOf' | 'noneOf' }>, of: Sql, dialect: SqlDialect): Sql {
  const { kind, values, matchNull, field } = predicate
  const list = values.map((value) => dialect.value(value, field.type))
  if (list.length === 0) {
    if (kind === 'oneOf') return matchNull ? sql`${of} is null` : sql`1 = 0`
    return matchNull ? sql`1 = 1` : sql`${of} is not null`
  }
  const inside = kind === 'oneOf' ? sql`${of} in (${sql.join(list)})` : sql`${of} not in (${sql.join(list)})`
  return matchNull ? sql`(${of} is null or ${inside})` : inside
}
