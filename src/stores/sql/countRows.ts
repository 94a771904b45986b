import { sql } from 'kysely'
import { type Day, startOfDay } from '../../base/time.ts'
import type { Source } from '../../catalog/catalog.ts'
import type { DialectName, Statement } from '../port.ts'
import { dialectOf } from './dialects.ts'
import { expressionSql } from './facts.ts'
import { compileStatement } from './statement.ts'

/** Counts the rows that a source holds of one business day and version. */
export function buildCountRows(source: Source, day: Day, version: number, zone: string, name: DialectName): Statement {
  const dialect = dialectOf(name)
  const time = expressionSql(source.time.expression)
  const conditions =
    source.time.grain === 'day'
      ? [sql`${time} = ${dialect.day(day)}`]
      : [
          sql`${time} >= ${dialect.instant(startOfDay(day, zone))}`,
          sql`${time} < ${dialect.instant(startOfDay(day + 1, zone))}`,
        ]
  if (source.version !== undefined) conditions.push(sql`${sql.id(source.version)} = ${dialect.integer(version)}`)
  if (source.where !== undefined) conditions.push(sql`(${sql.raw(source.where)})`)
  const query = sql`select ${dialect.count(undefined, undefined)} as ${sql.id('row_count')} from ${sql.table(source.table)}`
  return compileStatement(sql`${query} where ${sql.join(conditions, sql` and `)}`, dialect)
}
