import { LRUCache } from 'lru-cache'
import type { ResultSet, Store } from '../../src/stores/port.ts'

const MOST_STATEMENTS = 20_000
const MOST_ROWS = 20_000
const READS = /^\s*(select|with)\b/i
/** The trace of the question, which is another one each time. */
const REMARK = /\s*\/\*[^*]*\*\/\s*$/

let isRemembering = false

/** From now on what a statement gave is given again: the worlds are filled and nothing in them changes any more. */
export function startRemembering(): void {
  isRemembering = true
}

/**
 * A store that asks its engine the same only once. The engines are not what is judged, and a mutant that changes what is
 * asked of them asks another statement. The control database is left alone, as writes go through its statements.
 */
export function remembering(store: Store): Store {
  if (store.name === 'control') return store
  const known = new LRUCache<string, ResultSet>({ max: MOST_STATEMENTS })
  return {
    name: store.name,
    engine: store.engine,
    dialect: store.dialect,
    async query(statement, options) {
      if (!isRemembering || !READS.test(statement.text)) return store.query(statement, options)
      const key = JSON.stringify([statement.text.replace(REMARK, ''), statement.params])
      const before = known.get(key)
      if (before !== undefined) return before
      const given = await store.query(statement, options)
      if (given.rows.length <= MOST_ROWS) known.set(key, frozen(given))
      return given
    },
    execute: (text) => store.execute(text),
    load: (table, columns, rows) => store.load(table, columns, rows),
    describe: (table) => store.describe(table),
    close: () => store.close(),
  }
}

/** Whoever wrote into it would write into the next answer too. */
function frozen(given: ResultSet): ResultSet {
  for (const row of given.rows) Object.freeze(row)
  Object.freeze(given.rows)
  return Object.freeze(given)
}
