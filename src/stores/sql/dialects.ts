import type { DialectName } from '../port.ts'
import { clickhouseDialect } from './clickhouse.ts'
import type { SqlDialect } from './dialect.ts'
import { postgresDialect } from './postgres.ts'

const DIALECTS: Readonly<Record<DialectName, SqlDialect>> = { postgres: postgresDialect, clickhouse: clickhouseDialect }

export function dialectOf(name: DialectName): SqlDialect {
  return DIALECTS[name]
}
