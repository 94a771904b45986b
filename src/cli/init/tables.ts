import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { Fault } from '../../base/faults.ts'
import { type Day, parseDay } from '../../base/time.ts'
import type { ColumnDescription, Store } from '../../stores/port.ts'
import type { Column } from './guess.ts'

const TIMEOUT = 5000

const TABLES = {
  postgres: `SELECT CASE WHEN pg_table_is_visible(c.oid) THEN c.relname ELSE n.nspname || '.' || c.relname END
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'oneservice')
    ORDER BY 1 LIMIT 1000`,
  clickhouse: `SELECT if(database = currentDatabase(), name, concat(database, '.', name)) FROM system.tables
    WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema') ORDER BY 1 LIMIT 1000`,
} as const

/** The columns of a table. Faults with NOT_FOUND, naming the tables that are near. */
export async function describeTable(store: Store, table: string): Promise<readonly ColumnDescription[]> {
  const columns = await store.describe(table)
  if (columns !== undefined) return columns
  const { rows } = await store.query(
    { dialect: store.dialect, text: TABLES[store.dialect], params: [] },
    { timeout: TIMEOUT },
  )
  const names = rows.map(([name]) => String(name))
  const near = nearest(table, names)
  const some =
    names.length === 0
      ? ' It has no tables.'
      : ` It has ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', ...' : ''}.`
  const hint = near.length > 0 ? didYouMean(near) : some
  throw new Fault('NOT_FOUND', `The store "${store.name}" has no table "${table}".${hint}`)
}

/**
 * The last business day that has rows, for the first question to ask for; undefined when the table is empty or does not
 * say in time.
 */
export async function newestDay(store: Store, table: string, time: Column, zone: string): Promise<Day | undefined> {
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
  const column = `max(${quoted(time.name)})`
  const from = table.split('.').map(quoted).join('.')
  const day =
    store.dialect === 'clickhouse'
      ? `toString(${time.kind === 'date' ? column : `toDate(${column}, '${zone}')`})`
      : `(${time.kind === 'date' ? column : `${column}::timestamptz AT TIME ZONE '${zone}'`})::date::text`
  try {
    const statement = { dialect: store.dialect, text: `SELECT ${day} FROM ${from}`, params: [] }
    const { rows } = await store.query(statement, { timeout: TIMEOUT })
    const found = parseDay(String(rows[0]?.[0] ?? ''))
    // ClickHouse's newest of nothing.
    return found === 0 ? undefined : found
  } catch (error) {
    // A view that is slow to read is no reason not to draft it.
    if (error instanceof Fault) return undefined
    throw error
  }
}
