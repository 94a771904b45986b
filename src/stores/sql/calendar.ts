import { sql } from 'kysely'
import type { Calendar } from '../../catalog/catalog.ts'
import type { DialectName, Statement } from '../port.ts'
import { dialectOf } from './dialects.ts'
import { compileStatement } from './statement.ts'

/** The days of a calendar's table and the labels of their periods. */
export function buildCalendar(table: NonNullable<Calendar['table']>, name: DialectName): Statement {
  const dialect = dialectOf(name)
  const day = sql.id(table.day)
  const columns = sql`${dialect.keyText(day)} as ${sql.id('day')}, ${dialect.keyText(sql.id(table.label))} as ${sql.id('label')}`
  return compileStatement(sql`select ${columns} from ${sql.table(table.table)} where ${day} is not null`, dialect)
}
