import type { Store } from '../../src/stores/port.ts'

/** Copies tables of either dialect, rows as they are, into a PostgreSQL database that does not have them yet. */
export async function copyTables(from: Store, to: Store, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const columns = (await from.describe(table)) ?? []
    const names = columns.map(({ name }) => name)
    const types = columns.map(({ name, type }) => `${name} ${postgresType(type)}`)
    await to.execute(`CREATE UNLOGGED TABLE ${table} (${types.join(', ')})`)
    const text = `SELECT ${columns.map(({ name, type }) => outputOf(name, type, from)).join(', ')} FROM ${table}`
    const { rows } = await from.query({ dialect: from.dialect, text, params: [] })
    await to.load(table, names, rows)
  }
}

/** Instants travel with their zone, so that no session reads them in its own. */
function outputOf(name: string, type: string, { dialect }: Store): string {
  return dialect === 'clickhouse' && type.startsWith('DateTime64') ? `concat(toString(${name}), '+00')` : name
}

/** ClickHouse's type as PostgreSQL's; PostgreSQL's own are left as they are. */
function postgresType(type: string): string {
  const bare = type.replace(/^LowCardinality\((.*)\)$/, '$1').replace(/^Nullable\((.*)\)$/, '$1')
  if (/^U?Int\d+$/.test(bare)) return 'bigint'
  if (bare === 'String') return 'text'
  if (bare === 'Date') return 'date'
  if (bare.startsWith('DateTime64')) return 'timestamptz'
  return bare.startsWith('Decimal') ? bare.replace('Decimal', 'numeric') : bare
}
