import { Fault } from '../base/faults.ts'
import type { Store } from '../stores/port.ts'

/** Stores as they are, and what one of them last said when it refused a statement. */
export interface WatchedStores {
  readonly stores: ReadonlyMap<string, Store>
  readonly lastRefusal: () => string | undefined
}

/**
 * Callers never hear a store's own words. Who opened the stores by a command of his own may: it is his table that is not
 * there.
 */
export function watchStores(stores: ReadonlyMap<string, Store>): WatchedStores {
  let last: string | undefined
  const watch = (store: Store): Store => ({
    name: store.name,
    engine: store.engine,
    dialect: store.dialect,
    async query(statement, options) {
      try {
        return await store.query(statement, options)
      } catch (error) {
        last = causeOf(error) ?? last
        throw error
      }
    },
    execute: (text) => store.execute(text),
    load: (table, columns, rows) => store.load(table, columns, rows),
    describe: (table) => store.describe(table),
    close: () => store.close(),
  })
  return {
    stores: new Map([...stores].map(([name, store]) => [name, watch(store)])),
    lastRefusal: () => last,
  }
}

/** What stands behind a fault of a store, on one line. */
export function causeOf(error: unknown): string | undefined {
  if (!(error instanceof Fault)) return undefined
  const cause = error.cause instanceof Fault ? (error.cause.cause ?? error.cause) : error.cause
  if (cause instanceof AggregateError) return textOf(cause.errors[0])
  return textOf(cause)
}

function textOf(cause: unknown): string | undefined {
  return cause instanceof Error && cause.message !== '' ? cause.message.split('\n')[0] : undefined
}
