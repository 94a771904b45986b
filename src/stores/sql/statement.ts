import { sql } from 'kysely'
import type { Statement } from '../port.ts'
import type { Sql, SqlDialect } from './dialect.ts'

/** Text and values, frozen; what a driver runs. */
export function compileStatement(query: Sql, dialect: SqlDialect): Statement {
  const compiled = sql`${query}${sql.raw(dialect.suffix)}`.compile(dialect.compiler)
  return Object.freeze({
    dialect: dialect.name,
    text: compiled.sql,
    params: Object.freeze([...compiled.parameters]) as Statement['params'],
  })
}
