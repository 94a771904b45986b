import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { ApiContext } from '../../src/api/context.ts'
import { Identity } from '../../src/api/identity.ts'
import { Metrics } from '../../src/api/metrics.ts'
import { buildServer } from '../../src/api/server.ts'
import { Fault } from '../../src/base/faults.ts'
import type { Catalog } from '../../src/catalog/catalog.ts'
import { Drops } from '../../src/control/drops.ts'
import { Keys } from '../../src/control/keys.ts'
import { Landings } from '../../src/control/landings.ts'
import { Manifests } from '../../src/control/manifests.ts'
import { migrate } from '../../src/control/migrate.ts'
import { Publications } from '../../src/control/publications.ts'
import { AnswerCache } from '../../src/gateway/cache/answerCache.ts'
import type { Entry } from '../../src/gateway/cache/entry.ts'
import type { SharedTier } from '../../src/gateway/cache/sharedTier.ts'
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts'
import { StoreHealth } from '../../src/gateway/health.ts'
import { Limiter } from '../../src/gateway/limits/limiter.ts'
import { DEFAULT_RATES } from '../../src/gateway/limits/rates.ts'
import type { Snapshot } from '../../src/route/snapshot.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))
const CACHE_BYTES = 32 * 1024 * 1024
const DEADLINE_MS = 60_000
/** Longer than a store that was down is left alone, and than any answer is remembered. */
const FAR = 120_000

/** What the house shows its callers now. */
export interface Scene {
  readonly catalog: Catalog
  readonly snapshot: Snapshot
  readonly now: number
  readonly realtimeDown: boolean
}

/** One server with all its doors, whose catalog, clock and publications can be changed between worlds. */
export interface House {
  readonly app: FastifyInstance
  /** Holds the tables of facts. */
  readonly store: Store
  /** The control database; the same, with connections of its own. */
  readonly control: Store
  readonly keys: Keys
  /** The credential of an admin. */
  readonly adminKey: string
  show(scene: Scene): void
  /** Lets so many milliseconds pass for everything that keeps answers. */
  wait(milliseconds: number): void
  /** New replicas in the place of the old ones, which hold on to every town they have answered for. */
  renew(): void
  /** Goes on with another replica: its own caches, and the tier that all replicas share. */
  moveToReplica(): void
  close(): Promise<void>
}

/** Opens a house on a PostgreSQL database that holds nothing yet. */
export async function openHouse(url: string): Promise<House> {
  let ahead = 0
  let scene: Scene | undefined
  const current = (): Scene => scene ?? fail()
  const stopwatch = (): number => performance.now() + ahead
  const store = await openStore('offline', url)
  const live = await openStore('realtime', url)
  const control = await openStore('control', url)
  await migrate(control, MIGRATIONS)
  const catalog = (): Catalog => current().catalog
  const now = (): number => current().now
  const stores = new Map([
    ['offline', store],
    ['realtime', mortal(live, () => current().realtimeDown)],
  ])
  const metrics = new Metrics()
  const shared = new Map<string, Entry>()
  const openGateway = (): Gateway =>
    createGateway({
      catalog,
      stores,
      clock: now,
      snapshot: () => current().snapshot,
      health: new StoreHealth(stopwatch),
      deadline: DEADLINE_MS,
      cache: new AnswerCache({ bytes: CACHE_BYTES, clock: stopwatch, shared: tierOf(shared) }),
      observer: metrics,
    })
  let replicas = [openGateway(), openGateway()]
  let replica = 0
  const keys = new Keys({ control, clock: Date.now, alone: true })
  const adminKey = 'an-admin-of-the-tests'
  const publications = new Publications({
    control,
    catalog,
    now,
    stores,
    snapshot: async () => current().snapshot,
    compare: async () => ({ restated: [], drifted: [], checked: [], watched: [] }),
    changed: async () => undefined,
  })
  const rates = DEFAULT_RATES
  const identity = new Identity({ keys, tokens: undefined, adminKeys: [adminKey], openReading: false, rates, catalog })
  const context: ApiContext = {
    get gateway() {
      return replicas[replica] ?? fail()
    },
    publications,
    landings: new Landings(control),
    manifests: new Manifests(control),
    drops: new Drops({ control, stores, catalog, least: 0, onError: () => undefined }),
    keys,
    identity,
    limiter: new Limiter(stopwatch),
    metrics,
    ready: async () => undefined,
  }
  const app = await buildServer(context, { version: '0.0.0', logLevel: 'silent' })
  await app.ready()
  return {
    app,
    store,
    control,
    keys,
    adminKey,
    show(next) {
      scene = next
      ahead += FAR
      shared.clear()
    },
    wait(milliseconds) {
      ahead += milliseconds
    },
    renew() {
      replicas = [openGateway(), openGateway()]
    },
    moveToReplica() {
      replica = (replica + 1) % replicas.length
    },
    async close() {
      await app.close()
      await Promise.all([store.close(), live.close(), control.close()])
    },
  }
}

function fail(): never {
  throw new RangeError('the house shows nothing yet')
}

/** What replicas share, in this process; what a door has made of an answer is not handed on. */
function tierOf(entries: Map<string, Entry>): SharedTier {
  return {
    async read(keys) {
      const found = keys.flatMap((key) => entries.get(key) ?? [])
      return new Map(found.map((entry) => [entry.key, { ...entry, forms: new Map() }]))
    },
    write: (key, entry) => void entries.set(key, entry),
  }
}

/** A store that can't be reached while `isDown` says so. */
function mortal(store: Store, isDown: () => boolean): Store {
  return {
    name: store.name,
    engine: store.engine,
    dialect: store.dialect,
    query: async (statement, options) => {
      if (isDown()) throw new Fault('STORE_DOWN', 'The store "realtime" is not reachable')
      return store.query(statement, options)
    },
    execute: (text) => store.execute(text),
    load: (table, columns, rows) => store.load(table, columns, rows),
    describe: (table) => store.describe(table),
    close: () => store.close(),
  }
}
