import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Composition, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { startPostgres } from '../support/servers.ts'
import { CINEMA } from './cinema.ts'
import { Door } from './door.ts'
import { fill, NOW } from './tables.ts'

/** The project's folder. */
export const HOME = join(dirname(fileURLToPath(import.meta.url)), '../..')
/** The credential of the environment. */
export const FIRST_KEY = 'the-first-key-of-the-cinemas'

const RATE = { perSecond: 10_000, burst: 10_000 }
/** For tests that ask more in a second than callers may by default. */
export const PLENTY = { ONESERVICE_RATES: JSON.stringify({ open: RATE, service: RATE, analyst: RATE, tenant: RATE }) }

/** The cinemas on one PostgreSQL server, and gateways over them. */
export interface World {
  /** The URL of the server. */
  readonly url: string
  /** The first gateway; it listens on loopback. */
  readonly door: Door
  /** Opens another gateway over the same stores and the same control database. */
  open(environment?: Readonly<Record<string, string>>): Promise<Door>
  /** What a gateway over these stores is given, as a command line would need it. */
  readonly environment: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/** Starts a server, fills it and opens the first gateway. */
export async function openWorld(environment: Readonly<Record<string, string>> = {}): Promise<World> {
  const server = await startPostgres()
  const folder = mkdtempSync(join(tmpdir(), 'oneservice-access-'))
  for (const { path, text } of CINEMA) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const variables = {
    ONESERVICE_CATALOG: folder,
    ONESERVICE_DATA_DIR: join(folder, 'data'),
    ONESERVICE_STORE_OFFLINE: server.url,
    ONESERVICE_STORE_REALTIME: server.url,
    ONESERVICE_ADMIN_KEY: FIRST_KEY,
    ONESERVICE_NOW: NOW,
    ONESERVICE_LOG: 'silent',
    ...environment,
  }
  const doors: Door[] = []
  const open = async (more: Readonly<Record<string, string>>, first: boolean): Promise<Door> => {
    const config = readConfig({ ...variables, ...more }, HOME, HOME)
    const composition: Composition = await compose(config, join(HOME, 'migrations'))
    if (first) await fill(composition)
    const door = await Door.open(composition)
    doors.push(door)
    return door
  }
  return {
    url: server.url,
    environment: variables,
    door: await open({}, true),
    open: (more = {}) => open(more, false),
    async stop() {
      for (const door of doors.toReversed()) await door.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
