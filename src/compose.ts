import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiContext } from './api/context.ts'
import { Identity } from './api/identity.ts'
import { Metrics } from './api/metrics.ts'
import { type Clock, fixedClock, systemClock } from './base/clock.ts'
import { Fault } from './base/faults.ts'
import type { Catalog } from './catalog/catalog.ts'
import type { Config } from './config.ts'
import { CalendarBook } from './control/calendars.ts'
import { Catalogs } from './control/catalogs.ts'
import { Drops } from './control/drops.ts'
import { Keys } from './control/keys.ts'
import { Landings } from './control/landings.ts'
import { Manifests } from './control/manifests.ts'
import { migrate } from './control/migrate.ts'
import { Publications } from './control/publications.ts'
import { Snapshots } from './control/snapshots.ts'
import { Tokens } from './control/tokens.ts'
import { AnswerCache } from './gateway/cache/answerCache.ts'
import { stopwatch } from './gateway/cache/flights.ts'
import { RedisTier } from './gateway/cache/redisTier.ts'
import { createGateway, type Gateway } from './gateway/gateway.ts'
import { StoreHealth } from './gateway/health.ts'
import { compareLanding } from './gateway/landing/compareLanding.ts'
import { Limiter } from './gateway/limits/limiter.ts'
import { RedisLink } from './gateway/redis.ts'
import { StreamWatch } from './gateway/streamWatch.ts'
import { readWatermark } from './stores/completeness.ts'
import { type Lock, lockFolder } from './stores/lock.ts'
import { openStore } from './stores/open.ts'
import type { Store } from './stores/port.ts'
import { listen } from './stores/postgres/listen.ts'

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

/** What happens behind a running gateway, told to whoever keeps its log. */
export type Tell = (level: 'warn' | 'info', message: string) => void

/** Publications and keys are told by NOTIFY; these polls stand behind it, and see everything within a second. */
const POLL_MS = 400
const LOOK_MS = 250
/** How long a replica may go on with a snapshot when it does not hear of the next one. */
const SLOWEST_REPLICA_MS = 60_000
const DROP_EVERY_MS = 600_000
/** How long a start waits for Redis; it goes on without. */
const REDIS_MS = 1000
/** How long a start waits to hear how far the streams have come. */
const FIRST_LOOK_MS = 1000

/** What is to be closed, the last opened first. */
class Closers {
  readonly #closers: (() => Promise<void> | void)[] = []

  add(closer: () => Promise<void> | void): void {
    this.#closers.push(closer)
  }

  async close(): Promise<void> {
    for (const closer of this.#closers.splice(0).toReversed()) await closer()
  }
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

interface Parts {
  readonly config: Config
  readonly catalogs: Catalogs
  readonly stores: Map<string, Store>
  readonly control: Store
  readonly closers: Closers
  readonly tell: Tell
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
    snapshot: () => snapshots.current,
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

async function openSnapshots(
  { catalogs, stores, control, config, closers }: Parts,
  landings: Landings,
): Promise<Snapshots> {
  const snapshots = new Snapshots({
    control,
    catalog: () => catalogs.current,
    readWatermark: (source) => readWatermark(source, stores, catalogs.current),
    // The last snapshot stays in force; /readyz tells of a control database that can't be reached.
    onError: () => undefined,
    onChange: () => landings.wake(),
  })
  await snapshots.refresh()
  snapshots.start(POLL_MS)
  closers.add(() => snapshots.stop())
  hear(config, control, 'oneservice_epoch', () => snapshots.refresh(), closers)
  return snapshots
}

function openDrops({ catalogs, stores, control, config, closers, tell }: Parts): Drops {
  const drops = new Drops({
    control,
    stores,
    catalog: () => catalogs.current,
    least: config.deadline + SLOWEST_REPLICA_MS,
    onError: (error) =>
      tell('warn', `An old version could not be dropped yet. ${error instanceof Fault ? error.message : ''}`),
  })
  drops.start(DROP_EVERY_MS)
  closers.add(() => drops.stop())
  return drops
}

async function openKeys({ control, config, closers }: Parts): Promise<Keys> {
  // An embedded control database belongs to this process alone.
  const keys = new Keys({ control, clock: systemClock, alone: control.engine !== 'postgres' })
  await keys.refresh()
  if (control.engine === 'postgres') keys.start(POLL_MS)
  closers.add(() => keys.stop())
  hear(config, control, 'oneservice_access', () => keys.refresh(), closers)
  return keys
}

/** Refreshes whenever a channel of the control database speaks. */
function hear(config: Config, control: Store, channel: string, refresh: () => Promise<void>, closers: Closers): void {
  if (control.engine !== 'postgres') return
  const hurry = (): void => void refresh().catch(() => undefined)
  const listening = listen(controlUrl(config), channel, hurry, hurry)
  closers.add(() => listening.close())
}

/** Calendars that are tables; one that can't be read yet is looked for again. */
async function openCalendars({ catalogs, stores, closers, tell }: Parts): Promise<CalendarBook> {
  const calendars = new CalendarBook(stores)
  await calendars.load(catalogs.current).catch((error: unknown) => {
    tell('warn', `A calendar can not be read yet. ${error instanceof Fault ? error.message : ''}`)
  })
  calendars.watch(() => catalogs.current)
  closers.add(async () => calendars.stop())
  return calendars
}

/** A changed catalog comes into force when its stores are open and what is published of its sources is known. */
function watchCatalog(
  { catalogs, config, stores, closers, tell }: Parts,
  snapshots: Snapshots,
  calendars: CalendarBook,
): void {
  catalogs.watch({
    everyMs: LOOK_MS,
    async prepare(next) {
      for (const [name, url] of storeUrls(config, next))
        if (!stores.has(name)) await connect(name, url, stores, closers)
      await snapshots.refreshFor(next)
      await calendars.load(next)
      tell('info', `The catalog ${next.version} is in force.`)
    },
    onRefused: (error) =>
      tell('warn', `The catalog was changed and stays as it was. ${error instanceof Fault ? error.message : ''}`),
  })
  closers.add(() => catalogs.stop())
}

/** The first questions know of silent streams too, unless a store is slow to say. */
async function watchStreams({ catalogs, stores, closers }: Parts, clock: Clock): Promise<StreamWatch> {
  const streams = new StreamWatch({ catalog: () => catalogs.current, stores, clock })
  await Promise.race([streams.look(), sleep(FIRST_LOOK_MS, undefined, { ref: false })])
  streams.start()
  closers.add(() => streams.stop())
  return streams
}

async function openRedis({ redisUrl }: Config, closers: Closers, tell: Tell): Promise<RedisLink | undefined> {
  if (redisUrl === undefined) return undefined
  const link = new RedisLink(redisUrl)
  closers.add(() => link.close())
  const up = await link.connected(REDIS_MS)
  if (!up) tell('warn', 'Redis does not answer yet; until it does this replica counts and keeps for itself.')
  return link
}

async function connect(name: string, url: string, stores: Map<string, Store>, closers: Closers): Promise<void> {
  const store = await openStore(name, url)
  stores.set(name, store)
  closers.add(() => store.close())
}

async function openControl(url: string, migrations: string, closers: Closers): Promise<Store> {
  const control = await openStore('control', url)
  closers.add(() => control.close())
  await migrate(control, migrations)
  return control
}

/** The control database: named, else where the real-time store is if that speaks PostgreSQL, else an embedded one. */
function controlUrl(config: Config): string {
  if (config.controlUrl !== undefined) return config.controlUrl
  const realtime = config.stores.get('realtime')
  const speaks = realtime !== undefined && /^(postgres|postgresql|pglite):/.test(realtime)
  return speaks ? realtime : `pglite://${join(config.dataFolder, 'control')}`
}

/** The stores that the catalog names, with their URLs. */
function storeUrls(config: Config, catalog: Catalog): [string, string][] {
  return [...catalog.stores].map((name) => {
    const url = config.stores.get(name)
    if (url !== undefined) return [name, url]
    const variable = `ONESERVICE_STORE_${name.toUpperCase()}`
    throw new Fault('INVALID_CONFIG', `The catalog names the store "${name}"; set ${variable} to its URL.`)
  })
}

function isEmbedded(url: string): boolean {
  return url.startsWith('pglite:') || url.startsWith('chdb:')
}

function lockData(folder: string): Lock {
  mkdirSync(folder, { recursive: true })
  return lockFolder(folder, {})
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

async function requireReady(stores: ReadonlyMap<string, Store>, control: Store): Promise<void> {
  for (const store of [...stores.values(), control]) {
    await store.query({ dialect: store.dialect, text: 'select 1', params: [] }, { timeout: 2000 })
  }
}
