import { type Day, dayOf, type Instant } from '../base/time.ts'
import type { Source } from '../catalog/catalog.ts'
import { type Unprotected, unprotectedDays } from '../route/guard.ts'
import type { Snapshot } from '../route/snapshot.ts'
import { buildOldest } from '../stores/sql/newest.ts'
import type { Gateway } from './gateway.ts'

/** Whether a purge job may remove the rows of a stream that are older than a moment. */
export interface PurgeVerdict {
  /** The first and last business day that rows would be removed of; undefined when there are none. */
  readonly days: { readonly from: Day; readonly to: Day } | undefined
  /** Days of those that nothing else holds. */
  readonly unprotected: readonly Unprotected[]
}

const ASK_MS = 30_000

/** Asks the stream what it holds, and a snapshot what of that is published. Faults are those of the store. */
export async function mayPurge(
  stream: Source,
  before: Instant,
  gateway: Gateway,
  snapshot: Snapshot,
): Promise<PurgeVerdict> {
  const { catalog, stores } = gateway
  const store = stores.get(stream.store)
  const zone = catalog.processes.get(stream.process)?.zone ?? 'UTC'
  if (store === undefined) throw new TypeError(`the store ${stream.store} is not open`)
  const { rows } = await store.query(buildOldest(stream, before, store.dialect), { timeout: ASK_MS })
  const [events, micros] = rows[0] ?? []
  if (Number(events ?? 0) === 0) return { days: undefined, unprotected: [] }
  const days = { from: dayOf(Math.floor(Number(micros) / 1000), zone), to: dayOf(before - 1, zone) }
  return { days, unprotected: unprotectedDays(stream, days, catalog, snapshot) }
}
