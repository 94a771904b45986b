import { sql } from 'kysely'
import type { Field, Predicate } from '../../query/resolved.ts'
import type { Sql, SqlDialect } from './dialect.ts'

/** A predicate as SQL; `column` says how a field is written where the predicate stands. */
export function predicateSql(predicate: Predicate, column: (field: Field) => Sql, dialect: SqlDialect): Sql {
  switch (predicate.kind) {
    case 'all':
    case 'any': {
      if (predicate.items.length === 0) return predicate.kind === 'all' ? sql`1 = 1` : sql`1 = 0`
      const items = predicate.items.map((item) => predicateSql(item, column, dialect))
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
    case 'null':
      return predicate.negated ? sql`${column(predicate.field)} is not null` : sql`${column(predicate.field)} is null`
  }
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
