import { sql } from 'kysely'
import type { Dimension, DimensionTable } from '../../catalog/catalog.ts'
import type { DialectName, Statement } from '../port.ts'
import { dialectOf } from './dialects.ts'
import { expressionSql } from './facts.ts'
import { compileStatement } from './statement.ts'

export interface ValuesQuery {
  readonly dimension: Dimension
  readonly table: DimensionTable
  readonly search: string | undefined
  /** Only keys behind this one. */
  readonly after: string | undefined
  readonly limit: number
}

/** Keys and names of a dimension table in the order of keys. */
export function buildValues({ dimension, table, search, after, limit }: ValuesQuery, name: DialectName): Statement {
  const dialect = dialectOf(name)
  const key = sql.id(table.key)
  const attribute =
    dimension.nameAttribute === undefined ? undefined : dimension.attributes.get(dimension.nameAttribute)
  const label = attribute === undefined ? key : expressionSql(attribute.expression)
  const ordered = dialect.ordered(key, dimension.type)
  const conditions = [sql`${key} is not null`]
  if (after !== undefined) conditions.push(sql`${ordered} > ${dialect.value(after, dimension.type)}`)
  if (search !== undefined && search !== '') {
    const text = dialect.value(search, 'string')
    conditions.push(
      sql`(${dialect.containsFolded(dialect.keyText(key), text)} or ${dialect.containsFolded(label, text)})`,
    )
  }
  const columns = sql`${dialect.output(key, dimension.type)} as ${sql.id('value')}, ${label} as ${sql.id('label')}`
  return compileStatement(
    sql`select ${columns} from ${sql.table(table.table)} where ${sql.join(conditions, sql` and `)} order by ${ordered} limit ${sql.lit(limit)}`,
    dialect,
  )
}
