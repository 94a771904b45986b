import { DIMENSIONS, OFFLINE, REALTIME } from '../../src/sample/tables.ts'
import type { Cell, Store } from '../../src/stores/port.ts'

export const TABLES = [...Object.values(OFFLINE), ...Object.values(REALTIME), ...Object.values(DIMENSIONS)]

/** The rows of a query without values. */
export async function rowsOf(store: Store, text: string): Promise<readonly (readonly Cell[])[]> {
  return (await store.query({ dialect: store.dialect, text, params: [] })).rows
}

/** The numbers of a query's first row. */
export async function numbersOf(store: Store, text: string): Promise<number[]> {
  return ((await rowsOf(store, text))[0] ?? []).map(Number)
}

/** Takes everything of the sample out of a store. */
export async function empty(store: Store): Promise<void> {
  for (const { name } of TABLES) await store.execute(`DROP TABLE IF EXISTS ${name}`)
  await store.execute('DROP TABLE IF EXISTS sample_state')
}

/** What a store holds: rows of each table, and sums that change when one row is another. */
export async function fingerprint(store: Store): Promise<Record<string, readonly Cell[]>> {
  const found: Record<string, readonly Cell[]> = {}
  for (const { name, columns } of TABLES) {
    if ((await store.describe(name)) === undefined) continue
    const summed = Object.entries(columns).flatMap(([column, type]) =>
      /day|instant|word|text/.test(type) ? [] : [column],
    )
    const sums = summed.map((column) => `, sum(${column})`).join('')
    found[name] = (await rowsOf(store, `SELECT count(*)${sums} FROM ${name}`))[0] ?? []
  }
  return found
}

/** A store whose nth write (counted over all that share `count`) takes effect and then fails: a kill right after it. */
export function dyingAfter(store: Store, nth: number, count: { writes: number }): Store {
  const counted = async (write: Promise<void>): Promise<void> => {
    await write
    count.writes += 1
    if (count.writes === nth) throw new Error('killed')
  }
  return {
    name: store.name,
    engine: store.engine,
    dialect: store.dialect,
    query: (statement, options) => store.query(statement, options),
    describe: (table) => store.describe(table),
    close: () => store.close(),
    execute: (text) => counted(store.execute(text)),
    load: (table, columns, rows) => counted(store.load(table, columns, rows)),
  }
}
