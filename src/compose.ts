import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiContext } from './api/context.ts'
import { type Clock, fixedClock, systemClock } from './base/clock.ts'
import { Fault } from './base/faults.ts'
import { dayOf, parseDay } from './base/time.ts'
import type { Catalog, Source } from './catalog/catalog.ts'
import type { Config } from './config.ts'
import { loadCatalog } from './control/loadCatalog.ts'
import { migrate } from './control/migrate.ts'
import { Publications } from './control/publications.ts'
import { Snapshots } from './control/snapshots.ts'
import type { Gateway } from './gateway/gateway.ts'
import { StoreHealth } from './gateway/health.ts'
import { type Lock, lockFolder } from './stores/lock.ts'
import { openStore } from './stores/open.ts'
import type { Store } from './stores/port.ts'
import { type Listening, listen } from './stores/postgres/listen.ts'
import { buildCountRows } from './stores/sql/countRows.ts'

/** A gateway with its stores open: everything but the doors. */
export interface Composition {
  readonly config: Config
  readonly catalog: Catalog
  readonly clock: Clock
  readonly stores: ReadonlyMap<string, Store>
  readonly gateway: Gateway
  readonly publications: Publications
  readonly api: ApiContext
  /** Held on the data folder while embedded engines are in use; tells other processes where the gateway listens. */
  readonly lock: Lock | undefined
  /** A credential of this run that only readers of the data folder learn. */
  readonly localKey: string
  close(): Promise<void>
}

const POLL_MS = 1000

/** Opens stores and control database and puts the gateway together. Faults name what is wrong and what would work. */
export async function compose(config: Config, migrations: string): Promise<Composition> {
  const catalog = await loadCatalog(config.catalogFolder)
  const clock = config.now === undefined ? systemClock : fixedClock(config.now)
  const urls = storeUrls(config, catalog)
  const embedded = [...urls.map(([, url]) => url), controlUrl(config)].some(isEmbedded)
  const lock = embedded ? lockData(config.dataFolder) : undefined
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer()
    lock?.release()
  }
  try {
    const stores = new Map<string, Store>()
    for (const [name, url] of urls) {
      const store = await openStore(name, url)
      stores.set(name, store)
      closers.push(() => store.close())
    }
    const control = await openControl(controlUrl(config), migrations, closers)
    const parts = await assembleGateway(config, catalog, clock, stores, control, closers)
    const localKey = randomBytes(24).toString('base64url')
    const api: ApiContext = {
      ...parts,
      openReading: isLoopback(config.host),
      adminKeys: [...(config.adminKey === undefined ? [] : [config.adminKey]), localKey],
      ready: () => requireReady(stores, control),
    }
    return { config, catalog, clock, stores, ...parts, api, lock, localKey, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function assembleGateway(
  config: Config,
  catalog: Catalog,
  clock: Clock,
  stores: ReadonlyMap<string, Store>,
  control: Store,
  closers: (() => Promise<void>)[],
): Promise<{ gateway: Gateway; publications: Publications }> {
  const snapshots = new Snapshots({
    control,
    catalog,
    readWatermark: (name) => readWatermark(catalog.sources.get(name), stores, catalog),
    // The last snapshot stays in force; /readyz tells of a control database that can't be reached.
    onError: () => undefined,
  })
  await snapshots.refresh()
  snapshots.start(POLL_MS)
  closers.push(() => snapshots.stop())
  if (control.engine === 'postgres') closers.push(hearPublications(controlUrl(config), snapshots))
  const publications = new Publications({
    control,
    catalog,
    now: clock,
    countRows: (source, day, version) => countRows(source, day, version, stores, catalog),
    changed: () => snapshots.refresh(),
  })
  const health = new StoreHealth(systemClock)
  const gateway = { catalog, stores, clock, snapshot: () => snapshots.current, health, deadline: config.deadline }
  return { gateway, publications }
}

function hearPublications(url: string, snapshots: Snapshots): () => Promise<void> {
  const refresh = (): void => void snapshots.refresh().catch(() => undefined)
  const listening: Listening = listen(url, 'oneservice_epoch', refresh, refresh)
  return () => listening.close()
}

async function openControl(url: string, migrations: string, closers: (() => Promise<void>)[]): Promise<Store> {
  const control = await openStore('control', url)
  closers.push(() => control.close())
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

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

async function requireReady(stores: ReadonlyMap<string, Store>, control: Store): Promise<void> {
  for (const store of [...stores.values(), control]) {
    await store.query({ dialect: store.dialect, text: 'select 1', params: [] }, { timeout: 2000 })
  }
}

async function readWatermark(
  source: Source | undefined,
  stores: ReadonlyMap<string, Store>,
  catalog: Catalog,
): Promise<number | undefined> {
  const store = source === undefined ? undefined : stores.get(source.store)
  if (source?.watermark === undefined || store === undefined) return undefined
  const { rows } = await store.query(
    { dialect: store.dialect, text: source.watermark, params: [] },
    { timeout: 10_000 },
  )
  const cell = rows[0]?.[0] ?? null
  if (cell === null) return undefined
  const text = String(cell)
  if (text.length === 10) return parseDay(text)
  // A moment: the days before the one that holds it are complete.
  const instant = Date.parse(`${text.replace(' ', 'T')}${/[zZ]|[+-]\d\d(:?\d\d)?$/.test(text) ? '' : 'Z'}`)
  const zone = catalog.processes.get(source.process)?.zone ?? 'UTC'
  return Number.isNaN(instant) ? undefined : dayOf(instant, zone) - 1
}

async function countRows(
  source: Source,
  day: number,
  version: number,
  stores: ReadonlyMap<string, Store>,
  catalog: Catalog,
): Promise<number> {
  const store = stores.get(source.store)
  if (store === undefined) return 0
  const zone = catalog.processes.get(source.process)?.zone ?? 'UTC'
  const { rows } = await store.query(buildCountRows(source, day, version, zone, store.dialect), { timeout: 30_000 })
  return Number(rows[0]?.[0] ?? 0)
}
