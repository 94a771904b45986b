import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatDay, parseDay } from '../../src/base/time.ts'
import { type Composition, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import type { Store } from '../../src/stores/port.ts'
import { startPostgres } from '../support/servers.ts'
import { loadOffline, loadRealtime } from './load.ts'

const HERE = dirname(fileURLToPath(import.meta.url))
const HOME = join(HERE, '../..')

/** Half past midnight after the last of the data: six flights have left today. */
const NOW = '2001-07-01T00:30:00Z'
const FIRST_DAY = '2001-01-01'
/** A Sunday; real time holds the days from the 17th on, so that a week of days stands in both stores. */
const LAST_PUBLISHED = '2001-06-24'
const SOURCES = ['flight_day', 'flight_detail']

export interface FlightWorld {
  readonly composition: Composition
  /** Answers checks from the data's own files. */
  readonly truth: Store
  /** Takes a day back, in both tables. */
  withdraw(day: string): Promise<void>
  stop(): Promise<void>
}

/** All flights in ClickHouse, those of the last two weeks in PostgreSQL too. */
export async function openFlights(): Promise<FlightWorld> {
  const postgres = await startPostgres()
  const folder = mkdtempSync(join(tmpdir(), 'oneservice-flights-'))
  const environment = {
    ONESERVICE_CATALOG: HERE,
    ONESERVICE_DATA_DIR: folder,
    ONESERVICE_STORE_REALTIME: postgres.url,
    ONESERVICE_NOW: NOW,
    ONESERVICE_LOG: 'silent',
  }
  const composition = await compose(readConfig(environment, HOME, HOME), join(HOME, 'migrations'))
  const { stores, publications } = composition
  const [offline, realtime] = [stores.get('offline'), stores.get('realtime')]
  if (offline === undefined || realtime === undefined) throw new Error('flights have two stores')
  await loadOffline(offline)
  await loadRealtime(realtime, offline)
  const days = daysBetween(FIRST_DAY, LAST_PUBLISHED)
  await publications.stage(SOURCES.flatMap((source) => days.map((day) => ({ source, day, version: 1 }))))
  await publications.publish(SOURCES.map((source) => ({ source, days })))
  return {
    composition,
    truth: offline,
    async withdraw(day) {
      for (const source of SOURCES) await publications.withdraw(source, day)
    },
    async stop() {
      await composition.close()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function daysBetween(from: string, to: string): string[] {
  const [first = 0, last = -1] = [parseDay(from), parseDay(to)]
  return Array.from({ length: last - first + 1 }, (_, i) => formatDay(first + i))
}
