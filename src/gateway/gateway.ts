import type { Clock } from '../base/clock.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { ScopePredicate } from '../query/resolved.ts'
import type { Snapshot } from '../route/snapshot.ts'
import type { Store } from '../stores/port.ts'
import type { StoreHealth } from './health.ts'

/** What answering needs. One of it a process; everything in it may be used by many questions at once. */
export interface Gateway {
  readonly catalog: Catalog
  readonly stores: ReadonlyMap<string, Store>
  readonly clock: Clock
  /** The newest snapshot of what is published; a question takes it once. */
  readonly snapshot: () => Snapshot
  readonly health: StoreHealth
  /** Milliseconds a question may take. */
  readonly deadline: number
}

/** Who asks. The scope holds for everything the caller asks and can't be widened by a question. */
export interface Caller {
  readonly role: 'open' | 'admin'
  readonly scope: readonly ScopePredicate[]
}

/** Everyone on loopback who shows no credential. */
export const OPEN_CALLER: Caller = { role: 'open', scope: [] }
export const ADMIN_CALLER: Caller = { role: 'admin', scope: [] }
