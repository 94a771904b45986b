import { sql } from 'kysely'
import { type Day, formatDay, startOfDay } from '../../base/time.ts'
import type { Source } from '../../catalog/catalog.ts'
import type { DialectName, Statement } from '../port.ts'
import type { Sql, SqlDialect } from './dialect.ts'
import { dialectOf } from './dialects.ts'
import { expressionSql } from './facts.ts'
import { compileStatement } from './statement.ts'

/** A version of a source's business day; a table without a version column has one of each day. */
export interface VersionedDay {
  readonly day: Day
  readonly version: number
}

/**
 * Counts the rows of versions and sums a hash of each of them over the columns named, which any change of any of them
 * changes, whatever the order of the rows. Columns: the day (YYYY-MM-DD), the version, the count, the sum. Days without rows give no line.
 */
export function buildAudit(
  source: Source,
  days: readonly VersionedDay[],
  columnNames: readonly string[],
  zone: string,
  name: DialectName,
): Statement {
  const dialect = dialectOf(name)
  const { time, version } = source
  const day =
    time.grain === 'day' ? expressionSql(time.expression) : time.day === undefined ? undefined : sql.id(time.day)
  // Without a column of days one statement is of one day.
  const shown = day ?? sql`${dialect.day(days[0]?.day ?? 0)}`
  const versions = version === undefined ? sql`0` : sql.id(version)
  const conditions = [
    sql`(${sql.join(
      days.map((each) => dayCondition(each, source, day, zone, dialect)),
      sql` or `,
    )})`,
    ...(source.where === undefined ? [] : [sql`(${sql.raw(source.where)})`]),
  ]
  const keys = [...(day === undefined ? [] : [day]), ...(version === undefined ? [] : [versions])]
  const columns = [
    sql`${dialect.output(shown, 'date')} as ${sql.id('business_day')}`,
    sql`${versions} as ${sql.id('row_version')}`,
    sql`count(*) as ${sql.id('row_count')}`,
    sql`${dialect.rowsHash(columnNames.map((column) => sql.id('audited', column)))} as ${sql.id('rows_hash')}`,
  ]
  const grouping = keys.length === 0 ? sql`` : sql` group by ${sql.join(keys)}`
  const from = sql`${sql.table(source.table)} as ${sql.id('audited')}`
  return compileStatement(
    sql`select ${sql.join(columns)} from ${from} where ${sql.join(conditions, sql` and `)}${grouping}`,
    dialect,
  )
}

/** True when one statement can be of several days. */
export function auditsManyDays({ time }: Source): boolean {
  return time.grain === 'day' || time.day !== undefined
}

function dayCondition(
  { day, version }: VersionedDay,
  source: Source,
  column: Sql | undefined,
  zone: string,
  dialect: SqlDialect,
): Sql {
  const time = expressionSql(source.time.expression)
  const ofDay =
    column === undefined
      ? sql`${time} >= ${dialect.instant(startOfDay(day, zone))} and ${time} < ${dialect.instant(startOfDay(day + 1, zone))}`
      : sql`${column} = ${dialect.day(day)}`
  const ofVersion =
    source.version === undefined ? sql`` : sql` and ${sql.id(source.version)} = ${dialect.integer(version)}`
  return sql`(${ofDay}${ofVersion})`
}

/** How an audited day is looked up. */
export function auditKey({ day, version }: VersionedDay): string {
  return `${formatDay(day)} ${version}`
}
