import { resolve } from 'node:path'
import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { findZone, knownZones } from '../../base/time.ts'
import type { Config } from '../../config.ts'
import { type Arguments, UsageError } from '../arguments.ts'
import { validName } from './names.ts'

/** Where a first catalog of one's own is written. */
export const DEFAULT_FOLDER = 'catalog'

/** What `init` was asked for, defaults filled in. */
export interface Wish {
  readonly store: string
  readonly url: string
  readonly table: string
  readonly process: string
  readonly domain: string
  readonly time: string | undefined
  readonly zone: string
  readonly folder: string
  readonly force: boolean
}

/** Reads the options of init. Throws UsageError. */
export function readWish(given: Arguments, config: Config): Wish {
  const name = given.text('store')
  const table = given.text('table')
  if (name === undefined || table === undefined) throw new UsageError('Name the --store and the --table.')
  const store = requireName('store', name.toLowerCase())
  const process = given.text('process') ?? validName(table.split('.').at(-1) ?? '', 'events')
  return {
    store,
    url: urlOf(store, config),
    table,
    process: requireName('process', process),
    domain: requireName('domain', given.text('domain') ?? store),
    time: given.text('time'),
    zone: requireZone(given.text('zone') ?? Intl.DateTimeFormat().resolvedOptions().timeZone),
    folder: config.sample ? resolve(DEFAULT_FOLDER) : config.catalogFolder,
    force: given.has('force'),
  }
}

function requireName(option: string, name: string): string {
  if (/^[a-z][a-z0-9_]{0,40}$/.test(name)) return name
  const near = validName(name, 'shop')
  throw new UsageError(`--${option}: a name is lower-case letters, digits and _, like "${near}", not "${name}".`)
}

function urlOf(store: string, { stores }: Config): string {
  const url = stores.get(store)
  if (url !== undefined) return url
  const hint = didYouMean(nearest(store, stores.keys()))
  const variable = `ONESERVICE_STORE_${store.toUpperCase()}`
  throw new UsageError(
    `There is no store "${store}": set ${variable} to its URL, like postgres://user:password@host/database.${hint}`,
  )
}

function requireZone(name: string): string {
  const zone = findZone(name)
  if (zone !== undefined) return zone
  throw new UsageError(`--zone: "${name}" is not a time zone.${didYouMean(nearest(name, knownZones()))}`)
}
