import { sql } from 'kysely'
import type { Instant } from '../../base/time.ts'
import type { Source } from '../../catalog/catalog.ts'
import type { DialectName, Statement } from '../port.ts'
import { dialectOf } from './dialects.ts'
import { expressionSql } from './facts.ts'
import { compileStatement } from './statement.ts'

/**
 * How many rows a source holds from a moment on, which may be -Infinity, and up to another; and the newest of their times
 * in microseconds, which means nothing where there are none.
 */
export function buildNewest(source: Source, since: Instant, name: DialectName, until = Infinity): Statement {
  return buildEnd(source, 'max', { '>=': since, '<=': until }, name)
}

/** The oldest time that a source holds of those before a moment, in microseconds; null when it holds nothing so old. */
export function buildOldest(source: Source, before: Instant, name: DialectName): Statement {
  return buildEnd(source, 'min', { '<': before }, name)
}

function buildEnd(
  source: Source,
  end: 'min' | 'max',
  bounds: Readonly<Partial<Record<'>=' | '<=' | '<', Instant>>>,
  name: DialectName,
): Statement {
  const dialect = dialectOf(name)
  const time = expressionSql(source.time.expression)
  const finite = Object.entries(bounds).filter(([, moment]) => Number.isFinite(moment))
  const conditions = [
    ...finite.map(([compared, moment]) => sql`${time} ${sql.raw(compared)} ${dialect.instant(moment)}`),
    ...(source.where === undefined ? [] : [sql`(${sql.raw(source.where)})`]),
  ]
  const where = conditions.length === 0 ? sql`` : sql` where ${sql.join(conditions, sql` and `)}`
  // A count tells nothing from something: the largest of nothing is a time in ClickHouse.
  const extreme = dialect.micros(sql`${sql.raw(end)}(${time})`)
  const columns = sql`count(*) as ${sql.id('events')}, ${extreme} as ${sql.id('moment')}`
  return compileStatement(sql`select ${columns} from ${sql.table(source.table)}${where}`, dialect)
}
