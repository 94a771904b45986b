import { openStore } from '../../../src/stores/open.ts'
import type { Store } from '../../../src/stores/port.ts'
import { startPostgres } from '../../support/servers.ts'
import { fillBakery, NOW, writeCatalog } from './bakery.ts'
import { ADMIN_KEY } from './doors.ts'
import { SpawnedGateway } from './gateway.ts'
import { Relay } from './relay.ts'

/** A real PostgreSQL for both stores and the control database, and the relay through which gateways reach it. */
export interface KillWorld {
  readonly relay: Relay
  /** The database itself, for whoever writes batches. */
  readonly store: Store
  /** What a command line is given, but for the gateway's address. */
  readonly environment: Readonly<Record<string, string>>
  start(): Promise<SpawnedGateway>
  close(): Promise<void>
}

/** Real time is reached directly: no publication depends on what is read of it. */
export async function openKillWorld(): Promise<KillWorld> {
  const server = await startPostgres()
  const catalog = writeCatalog()
  const store = await openStore('bakery', server.url)
  await fillBakery(store)
  const url = new URL(server.url)
  const relay = await Relay.to(Number(url.port))
  url.port = String(relay.port)
  const environment = {
    ONESERVICE_CATALOG: catalog.folder,
    ONESERVICE_DATA_DIR: `${catalog.folder}/data`,
    ONESERVICE_STORE_OFFLINE: url.href,
    ONESERVICE_STORE_REALTIME: server.url,
    ONESERVICE_CONTROL_URL: url.href,
    ONESERVICE_ADMIN_KEY: ADMIN_KEY,
    ONESERVICE_NOW: NOW,
  }
  return {
    relay,
    store,
    environment,
    start: () => SpawnedGateway.start(environment),
    async close() {
      await relay.close()
      await store.close()
      await server.stop()
      catalog.drop()
    },
  }
}
