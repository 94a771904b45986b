import { Fault } from '../base/faults.ts'
import type { Store } from '../stores/port.ts'
import { DIMENSIONS, OFFLINE, REALTIME } from './tables.ts'

/**
 * What a store knows of the sample in it: a table `sample_state` of keys and values. Its row `made_by` is the marker
 * that says the tables are ours to write; the other rows say how far the work has come, and are written after it.
 */
export interface SampleState {
  read(key: StateKey): Promise<string | undefined>
  write(key: StateKey, value: string): Promise<void>
}

/**
 * - made_by: the marker
 * - batch_from, batch_through: first and last business day whose batch is written (offline store)
 * - stream_through: instant up to which arrivals are written, in milliseconds (realtime store)
 * - staged_through, published_through: last business day handed to the publisher (realtime store)
 */
export type StateKey =
  | 'made_by'
  | 'batch_from'
  | 'batch_through'
  | 'stream_through'
  | 'staged_through'
  | 'published_through'

const TABLE = 'sample_state'
const MARKER = 'oneservice sample 1'

/**
 * The state of the sample in a store, begun if the store holds none of our tables yet.
 * Faults with CONFLICT when it holds a table of one of our names that is not marked as ours.
 */
export async function claimStore(store: Store): Promise<SampleState> {
  const state = stateIn(store)
  const columns = await store.describe(TABLE)
  if (columns !== undefined && columns.map((column) => column.name).join() !== 'key,value') throw notOurs(store, TABLE)
  if (columns !== undefined && (await state.read('made_by')) === MARKER) return state
  for (const table of [...Object.values(OFFLINE), ...Object.values(REALTIME), ...Object.values(DIMENSIONS)]) {
    if ((await store.describe(table.name)) !== undefined) throw notOurs(store, table.name)
  }
  await store.execute(CREATE[store.dialect])
  await state.write('made_by', MARKER)
  return state
}

function notOurs(store: Store, table: string): Fault {
  const message =
    `The store "${store.name}" has a table ${table} that the sample did not make. ` +
    'Name an empty database for the sample, or set ONESERVICE_CATALOG to serve a catalog of your own.'
  return new Fault('CONFLICT', message)
}

const CREATE = {
  postgres: `CREATE TABLE IF NOT EXISTS ${TABLE} (key text PRIMARY KEY, value text NOT NULL)`,
  // Of the rows of a key, the one inserted last stays.
  clickhouse: `CREATE TABLE IF NOT EXISTS ${TABLE} (key String, value String) ENGINE = ReplacingMergeTree ORDER BY key`,
}

/** Keys and values are our own words and numbers, so they may stand in the text. */
function stateIn(store: Store): SampleState {
  const { dialect } = store
  const from = dialect === 'clickhouse' ? `${TABLE} FINAL` : TABLE
  const orReplace = dialect === 'clickhouse' ? '' : ' ON CONFLICT (key) DO UPDATE SET value = excluded.value'
  return {
    async read(key) {
      const { rows } = await store.query({
        dialect,
        text: `SELECT value FROM ${from} WHERE key = '${key}'`,
        params: [],
      })
      const value = rows[0]?.[0]
      return value === undefined || value === null ? undefined : String(value)
    },
    write: (key, value) => store.execute(`INSERT INTO ${TABLE} (key, value) VALUES ('${key}', '${value}')${orReplace}`),
  }
}
