import type { Store } from '../../src/stores/port.ts'
import { CAST, memberTable } from './cast.ts'
import { type KeyType, type SourceModel, TENANT_DIMENSIONS, type Town } from './model.ts'
import type { Rows } from './rows.ts'

type Column = readonly [name: string, type: string]

/** Columns for every dimension that a town may have; each town uses those of its own types. */
const KEYS: readonly Column[] = [
  ...TENANT_DIMENSIONS.flatMap((name): Column[] => [
    [`${name}_string`, 'text'],
    [`${name}_integer`, 'bigint'],
  ]),
  ['channel', 'text'],
  ['cell', 'text'],
]
const EVENT: readonly Column[] = [
  ['at', 'timestamptz'],
  ['viewer', 'text'],
  ['cost', 'numeric(18,2)'],
  ['units', 'bigint'],
]
const DAY: readonly Column[] = [
  ['day', 'date'],
  ['pv', 'integer'],
]

/** The tables that all sources of a role share; a source's `where` takes its own rows of it. */
export const TABLES: Readonly<
  Record<SourceModel['role'], { readonly name: string; readonly columns: readonly Column[] }>
> = {
  live: { name: 'isolation_live', columns: [['place', 'integer'], ...KEYS, ...EVENT] },
  events: { name: 'isolation_events', columns: [['place', 'integer'], ...DAY, ...KEYS, ...EVENT] },
  days: {
    name: 'isolation_days',
    columns: [
      ['place', 'integer'],
      ...DAY,
      ...KEYS,
      ['row_count', 'bigint'],
      ['cost_sum', 'numeric(18,2)'],
      ['cost_min', 'numeric(18,2)'],
      ['cost_max', 'numeric(18,2)'],
      ['units_sum', 'bigint'],
    ],
  },
}

/** The column that holds a dimension's keys in the tables of facts. */
export function columnOf(dimension: string, { dimensions }: Pick<Town, 'dimensions'>): string {
  const tenant = TENANT_DIMENSIONS.find((name) => name === dimension)
  if (tenant === undefined) return dimension.replace(/_.*/, '')
  const type: KeyType = dimensions.find(({ name }) => name === dimension)?.type ?? 'string'
  return `${tenant}_${type}`
}

/** Makes the tables of facts, and those of dimensions with all their members. */
export async function makeTables(store: Store): Promise<void> {
  for (const { name, columns } of Object.values(TABLES)) {
    await store.execute(`create table ${name} (${columns.map((column) => column.join(' ')).join(', ')})`)
    await store.execute(`create index on ${name} (place)`)
  }
  for (const dimension of TENANT_DIMENSIONS) {
    for (const [type, members] of Object.entries(CAST[dimension])) {
      const table = memberTable(dimension, type === 'integer' ? 'integer' : 'string')
      await store.execute(`create table ${table} (id ${type === 'integer' ? 'bigint' : 'text'}, name text, tier text)`)
      const rows = members.flatMap(({ key, name, tier }) => (name === undefined ? [] : [[key, name, tier]]))
      await store.load(table, ['id', 'name', 'tier'], rows)
    }
  }
}

/** Fills the tables of facts with the rows of some towns, and of no others. */
export async function fillTables(store: Store, rows: Rows): Promise<void> {
  for (const [role, { name, columns }] of Object.entries(TABLES)) {
    await store.execute(`truncate ${name}`)
    const names = columns.map(([column]) => column)
    await store.load(name, names, rows[role as SourceModel['role']])
    await store.execute(`analyze ${name}`)
  }
}
