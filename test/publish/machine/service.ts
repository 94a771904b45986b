import type { FastifyInstance } from 'fastify'
import { Identity } from '../../../src/api/identity.ts'
import { Metrics } from '../../../src/api/metrics.ts'
import { buildServer } from '../../../src/api/server.ts'
import { type Clock, systemClock } from '../../../src/base/clock.ts'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import { Drops } from '../../../src/control/drops.ts'
import { Keys } from '../../../src/control/keys.ts'
import { Landings } from '../../../src/control/landings.ts'
import { Manifests } from '../../../src/control/manifests.ts'
import { Publications } from '../../../src/control/publications.ts'
import { Snapshots } from '../../../src/control/snapshots.ts'
import { AnswerCache } from '../../../src/gateway/cache/answerCache.ts'
import { type Stopwatch, stopwatch } from '../../../src/gateway/cache/flights.ts'
import { createGateway, type Gateway } from '../../../src/gateway/gateway.ts'
import { StoreHealth } from '../../../src/gateway/health.ts'
import { compareLanding } from '../../../src/gateway/landing/compareLanding.ts'
import { Limiter } from '../../../src/gateway/limits/limiter.ts'
import { DEFAULT_RATES } from '../../../src/gateway/limits/rates.ts'
import type { Store } from '../../../src/stores/port.ts'

export const ADMIN_KEY = 'a-key-of-the-mill'
const POLL_MS = 25
const CACHE_BYTES = 64 * 1024 * 1024
const DEADLINE_MS = 60_000

export interface ServiceParts {
  readonly catalog: Catalog
  readonly stores: ReadonlyMap<string, Store>
  readonly control: Store
  readonly clock: Clock
  /** What stores rest by that could not be reached. */
  readonly healthClock: Clock
  /** Keeps answers, by the real stopwatch; without it nothing is kept nor shared with whoever asks a little later. */
  readonly caching: boolean
}

/** A gateway with its doors, put together as compose.ts does it, but with the clocks of the test. */
export interface Service {
  readonly app: FastifyInstance
  readonly gateway: Gateway
  readonly publications: Publications
  close(): Promise<void>
}

export async function openService(parts: ServiceParts): Promise<Service> {
  const { control, stores, clock } = parts
  const catalog = (): Catalog => parts.catalog
  const landings = new Landings(control)
  const snapshots = new Snapshots({
    control,
    catalog,
    readWatermark: async () => ({ last: undefined, days: undefined }),
    onError: () => undefined,
    trustMs: 600_000,
    onChange: () => landings.wake(),
  })
  await snapshots.refresh()
  snapshots.start(POLL_MS)
  const metrics = new Metrics()
  const gateway = createGateway({
    catalog,
    stores,
    clock,
    snapshot: () => snapshots.current,
    health: new StoreHealth(parts.healthClock),
    deadline: DEADLINE_MS,
    cache: new AnswerCache(
      parts.caching ? { bytes: CACHE_BYTES, clock: stopwatch } : { bytes: 0, clock: impatientClock() },
    ),
    observer: metrics,
  })
  const publications = new Publications({
    control,
    catalog,
    now: clock,
    stores,
    snapshot: async () => {
      await snapshots.refresh()
      return snapshots.current
    },
    compare: (changes, before) => compareLanding(changes, before, gateway),
    changed: () => snapshots.refresh(),
  })
  const keys = new Keys({ control, clock: systemClock, alone: true })
  const rates = { ...DEFAULT_RATES, open: { perSecond: 1_000_000, burst: 1_000_000 } }
  const identity = new Identity({ keys, tokens: undefined, adminKeys: [ADMIN_KEY], openReading: true, rates, catalog })
  const limiter = new Limiter(stopwatch, undefined)
  const manifests = new Manifests(control)
  // Only when it is told to: a version that is read here is never old enough.
  const drops = new Drops({ control, stores, catalog, least: DEADLINE_MS, onError: () => undefined })
  const ready = async (): Promise<void> => undefined
  const context = { gateway, publications, landings, manifests, drops, keys, identity, limiter, metrics, ready }
  const app = await buildServer(context, { version: '0.0.0', logLevel: 'silent' })
  await app.ready()
  return {
    app,
    gateway,
    publications,
    async close() {
      await snapshots.stop()
      await app.close()
    },
  }
}

/** A second and more goes by between two looks at it, so that nothing that was read before is good enough. */
function impatientClock(): Stopwatch {
  let time = 0
  return () => (time += 10_000)
}
