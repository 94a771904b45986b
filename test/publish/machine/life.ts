import { fileURLToPath } from 'node:url'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import { compileCatalog, formatFault } from '../../../src/catalog/compile.ts'
import { migrate, SCHEMA } from '../../../src/control/migrate.ts'
import type { Store } from '../../../src/stores/port.ts'
import type { Engines } from '../../crown/gatewayOf.ts'
import { MovedClock } from './clock.ts'
import { History } from './history.ts'
import { Ledger } from './ledger.ts'
import { BEGINS, MILL, OFFLINE_TABLES, STREAM_TABLES } from './mill.ts'
import { openService, type Service } from './service.ts'
import { emptyOf, type WorldState } from './state.ts'
import { Switchable } from './switchable.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../migrations', import.meta.url))

/**
 * One world from its first publication to its end: the stores, the gateway that is asked, and a peer over the same
 * stores and control database that publishes as well.
 */
export interface Life {
  readonly history: History
  readonly ledger: Ledger
  /** The stores as they are, for whoever writes to them. */
  readonly postgres: Store
  readonly offlineStore: Store
  /** The same, and the control database, as the first gateway reaches them. */
  readonly realtime: Switchable
  readonly offline: Switchable
  readonly control: Switchable
  readonly first: Service
  readonly peer: Service
  readonly clock: MovedClock
  readonly healthClock: MovedClock
  /** Questions that wait for their answers. */
  readonly asking: Set<Promise<unknown>>
  close(): Promise<void>
}

/** What lives differ in. */
export interface LifeForm {
  readonly caching: boolean
  readonly offlineIn: 'clickhouse' | 'postgres'
}

const FIRST_STATE: WorldState = {
  now: BEGINS,
  known: emptyOf(),
  truth: emptyOf(),
  streams: emptyOf(),
  realtimeDown: false,
  offlineDown: false,
}

/** Empties the stores and the control database, and opens both gateways over them. */
export async function openLife(engines: Engines, { caching, offlineIn }: LifeForm): Promise<Life> {
  const { postgres } = engines
  const offlineStore = engines[offlineIn]
  await postgres.execute(`drop schema if exists ${SCHEMA} cascade`)
  await migrate(postgres, MIGRATIONS)
  for (const text of OFFLINE_TABLES[offlineIn]) await offlineStore.execute(text)
  for (const text of STREAM_TABLES) await postgres.execute(text)
  const realtime = new Switchable('realtime', postgres)
  const offline = new Switchable('offline', offlineStore)
  const control = new Switchable('control', postgres)
  const clock = new MovedClock(BEGINS)
  const healthClock = new MovedClock(0)
  const shared = { catalog: CATALOG, clock: clock.read, healthClock: healthClock.read, caching }
  const stores = new Map([
    ['offline', offline],
    ['realtime', realtime],
  ])
  const first = await openService({ ...shared, stores, control })
  const peer = await openService({ ...shared, stores, control: postgres })
  return {
    ...{ postgres, offlineStore, realtime, offline, control, first, peer, clock, healthClock },
    history: new History(FIRST_STATE),
    ledger: new Ledger(),
    asking: new Set(),
    async close() {
      await first.close()
      await peer.close()
    },
  }
}

const CATALOG: Catalog = compiled()

function compiled(): Catalog {
  const result = compileCatalog(MILL)
  if (result.ok) return result.catalog
  throw new Error(result.faults.map(formatFault).join('\n'))
}

/** Resolves when every question that is being asked now has its answer; readers go on with others meanwhile. */
export async function drain({ asking }: Life): Promise<void> {
  await Promise.allSettled(asking)
}
