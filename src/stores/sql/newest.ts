import { sql } from 'kysely'
import type { Instant } from '../../base/time.ts'
import type { Source } from '../../catalog/catalog.ts'
import type { DialectName, Statement } from '../port.ts'
import { dialectOf } from './dialects.ts'
import { expressionSql } from './facts.ts'
import { compileStatement } from './statement.ts'

/**
 * How many rows a source holds from a moment on, which may be -Infinity, up to another, and the newest of their times in
 * microseconds; that means nothing where there are none.
 */
export function buildNewest(source: Source, since: Instant, name: DialectName, until = Infinity): Statement {
  const dialect = dialectOf(name)
  const time = expressionSql(source.time.expression)
  const conditions = [
    ...(Number.isFinite(since) ? [sql`${time} >= ${dialect.instant(since)}`] : []),
    ...(Number.isFinite(until) ? [sql`${time} <= ${dialect.instant(until)}`] : []),
    ...(source.where === undefined ? [] : [sql`(${sql.raw(source.where)})`]),
  ]
  // A count tells nothing from something: the largest of nothing is a time in ClickHouse.
  const columns = sql`count(*) as ${sql.id('events')}, ${dialect.micros(sql`max(${time})`)} as ${sql.id('newest')}`
  const query = sql`select ${columns} from ${sql.table(source.table)} where ${sql.join([sql`1 = 1`, ...conditions], sql` and `)}`
  return compileStatement(query, dialect)
}
