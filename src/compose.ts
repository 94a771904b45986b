import { randomBytes } from 'node:crypto'
import { isIPv4 } from 'node:net'
import type { ApiContext } from './api/context.ts'
import { Identity } from './api/identity.ts'
import { Metrics } from './api/metrics.ts'
import { type Clock, fixedClock, systemClock } from './base/clock.ts'
import type { Catalog } from './catalog/catalog.ts'
import {
  openCalendars,
  openDrops,
  openKeys,
  openRedis,
  openSnapshots,
  watchCatalog,
  watchStreams,
} from './compose/openParts.ts'
import { connect, controlUrl, isEmbedded, lockData, openControl, storeUrls } from './compose/openStores.ts'
import { Closers, type Parts, type Tell } from './compose/parts.ts'
import type { Config } from './config.ts'
import { Catalogs } from './control/catalogs.ts'
import { Landings } from './control/landings.ts'
import { Manifests } from './control/manifests.ts'
import { Publications } from './control/publications.ts'
import { Tokens } from './control/tokens.ts'
import { AnswerCache } from './gateway/cache/answerCache.ts'
import { stopwatch } from './gateway/cache/flights.ts'
import { RedisTier } from './gateway/cache/redisTier.ts'
import { createGateway, type Gateway } from './gateway/gateway.ts'
import { StoreHealth } from './gateway/health.ts'
import { compareLanding } from './gateway/landing/compareLanding.ts'
import { Limiter } from './gateway/limits/limiter.ts'
import type { StreamWatch } from './gateway/streamWatch.ts'
import type { Lock } from './stores/lock.ts'
import type { Store } from './stores/port.ts'

/** A gateway with its stores open: everything but the doors. */
export interface Composition {
  readonly config: Config
  /** The catalog at the start; `gateway.catalog` is the one in force. */
  readonly catalog: Catalog
  readonly clock: Clock
  readonly stores: ReadonlyMap<string, Store>
  readonly gateway: Gateway
  readonly publications: Publications
  /** Looks by itself; whoever fills streams may have it look at once. */
  readonly streams: StreamWatch
  readonly api: ApiContext
  /** Held on the data folder while embedded engines are in use; tells other processes where the gateway listens. */
  readonly lock: Lock | undefined
  /** A credential of this run that only readers of the data folder learn. */
  readonly localKey: string
  close(): Promise<void>
}

/** Opens stores and control database and puts the gateway together. Faults name what is wrong and what would work. */
export async function compose(config: Config, migrations: string, tell: Tell = () => undefined): Promise<Composition> {
  const catalogs = await Catalogs.open(config.catalogFolder)
  const urls = storeUrls(config, catalogs.current)
  const embedded = [...urls.map(([, url]) => url), controlUrl(config)].some(isEmbedded)
  const closers = new Closers()
  const lock = embedded ? lockData(config.dataFolder) : undefined
  if (lock !== undefined) closers.add(() => lock.release())
  try {
    const stores = new Map<string, Store>()
    for (const [name, url] of urls) await connect(name, url, stores, closers)
    const control = await openControl(controlUrl(config), migrations, closers)
    const parts = await putTogether({ config, catalogs, stores, control, closers, tell })
    const { current: catalog } = catalogs
    return { config, catalog, clock: parts.api.gateway.clock, stores, ...parts, lock, close: () => closers.close() }
  } catch (error) {
    await closers.close()
    throw error
  }
}

async function putTogether(
  parts: Parts,
): Promise<Pick<Composition, 'gateway' | 'publications' | 'streams' | 'api' | 'localKey'>> {
  const { config, catalogs, stores, control, closers } = parts
  const clock = config.now === undefined ? systemClock : fixedClock(config.now)
  const catalog = (): Catalog => catalogs.current
  const landings = new Landings(control)
  const snapshots = await openSnapshots(parts, landings)
  const keys = await openKeys(parts)
  const calendars = await openCalendars(parts)
  watchCatalog(parts, snapshots, calendars)
  const streams = await watchStreams(parts, clock)
  const redis = await openRedis(config, closers, parts.tell)
  const metrics = new Metrics()
  const shared = redis && new RedisTier(redis, stopwatch)
  const gateway = createGateway({
    catalog,
    stores,
    clock,
    snapshot: () => snapshots.trusted(),
    calendars,
    health: new StoreHealth(systemClock),
    silent: () => streams.silent,
    deadline: config.deadline,
    stateBytes: config.stateBytes,
    cache: new AnswerCache({ bytes: config.cacheBytes, clock: stopwatch, shared }),
    observer: metrics,
  })
  metrics.watch(gateway, redis && (() => redis.isUp))
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
  const manifests = new Manifests(control)
  const drops = openDrops(parts)
  const localKey = randomBytes(24).toString('base64url')
  const identity = new Identity({
    keys,
    tokens: config.tokens && new Tokens(config.tokens, systemClock, (ids, issuedAt) => keys.isRevoked(ids, issuedAt)),
    adminKeys: [...(config.adminKey === undefined ? [] : [config.adminKey]), localKey],
    openReading: isLoopback(config.host),
    rates: config.rates,
    catalog,
  })
  const limiter = new Limiter(stopwatch, redis)
  const ready = () => requireReady(stores, control)
  return {
    gateway,
    publications,
    streams,
    localKey,
    api: { gateway, publications, landings, manifests, drops, keys, identity, limiter, metrics, ready },
  }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

async function requireReady(stores: ReadonlyMap<string, Store>, control: Store): Promise<void> {
  for (const store of [...stores.values(), control]) {
    await store.query({ dialect: store.dialect, text: 'select 1', params: [] }, { timeout: 2000 })
  }
}
