import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../base/faults.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Config } from '../config.ts'
import { migrate } from '../control/migrate.ts'
import { type Lock, lockFolder } from '../stores/lock.ts'
import { openStore } from '../stores/open.ts'
import type { Store } from '../stores/port.ts'
import type { Closers } from './parts.ts'

export async function connect(name: string, url: string, stores: Map<string, Store>, closers: Closers): Promise<void> {
  const store = await openStore(name, url)
  stores.set(name, store)
  closers.add(() => store.close())
}

export async function openControl(url: string, migrations: string, closers: Closers): Promise<Store> {
  const control = await openStore('control', url)
  closers.add(() => control.close())
  await migrate(control, migrations)
  return control
}

/** The control database: named, else where the real-time store is if that speaks PostgreSQL, else an embedded one. */
export function controlUrl(config: Config): string {
  if (config.controlUrl !== undefined) return config.controlUrl
  const realtime = config.stores.get('realtime')
  const speaks = realtime !== undefined && /^(postgres|postgresql|pglite):/.test(realtime)
  return speaks ? realtime : `pglite://${join(config.dataFolder, 'control')}`
}

/** The stores that the catalog names, with their URLs. */
export function storeUrls(config: Config, catalog: Catalog): [string, string][] {
  return [...catalog.stores].map((name) => {
    const url = config.stores.get(name)
    if (url !== undefined) return [name, url]
    const variable = `ONESERVICE_STORE_${name.toUpperCase()}`
    throw new Fault('INVALID_CONFIG', `The catalog names the store "${name}"; set ${variable} to its URL.`)
  })
}

export function isEmbedded(url: string): boolean {
  return url.startsWith('pglite:') || url.startsWith('chdb:')
}

export function lockData(folder: string): Lock {
  mkdirSync(folder, { recursive: true })
  return lockFolder(folder, {})
}
