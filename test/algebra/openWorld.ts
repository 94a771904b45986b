import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { buildServer } from '../../src/api/server.ts'
import { formatDay, parseDay } from '../../src/base/time.ts'
import { type Composition, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'
import { startPostgres } from '../support/servers.ts'
import { isSplit, LAST_PUBLISHED, NOW, type SetUpName, STAGED_ONLY } from './setUps.ts'
import { catalogOf } from './worldCatalog.ts'
import { fillStores, publishedSources, SINCE, versionOf } from './worldTables.ts'

const HOME = join(dirname(fileURLToPath(import.meta.url)), '../..')
const TABLES = join(HOME, 'test/algebra/world/tables.sql')

/** The truth of the test business: a plain PostgreSQL database with the rows that count. */
export interface Truth {
  readonly store: Store
  /** Of a further, empty database on the same server. */
  readonly url: string
  stop(): Promise<void>
}

/** The test business behind the engines of a set-up, and its truth. */
export interface World {
  readonly setUp: SetUpName
  readonly app: FastifyInstance
  readonly truth: Store
  stop(): Promise<void>
}

/** Starts a server and makes the tables of truth. */
export async function openTruth(): Promise<Truth> {
  const server = await startPostgres()
  const admin = await openStore('admin', server.url)
  await admin.execute('CREATE DATABASE truth')
  await admin.close()
  const store = await openStore('truth', server.url.replace(/\/postgres$/, '/truth'))
  for (const statement of statementsOf(TABLES)) await store.execute(statement)
  return {
    store,
    url: server.url,
    async stop() {
      await store.close()
      await server.stop()
    },
  }
}

/** Opens a gateway on the test business in a set-up, over HTTP's own door; its clock stands still. */
export async function openWorld(setUp: SetUpName): Promise<World> {
  const truth = await openTruth()
  const folder = mkdtempSync(join(tmpdir(), 'oneservice-algebra-'))
  const close = async (): Promise<void> => {
    await truth.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const composition = await compose(
      readConfig(environmentOf(setUp, folder, truth.url), HOME, HOME),
      join(HOME, 'migrations'),
    )
    await fillStores(truth.store, composition.stores, setUp)
    await publish(composition, setUp)
    const app = await buildServer(composition.api, { version: '0.0.0', logLevel: 'silent' })
    await app.ready()
    return {
      setUp,
      app,
      truth: truth.store,
      async stop() {
        await app.close()
        await composition.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

function environmentOf(setUp: SetUpName, folder: string, postgres: string): Record<string, string> {
  for (const { path, text } of catalogOf(setUp)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return {
    ONESERVICE_CATALOG: folder,
    ONESERVICE_DATA_DIR: join(folder, 'data'),
    ONESERVICE_CONTROL_URL: postgres,
    ...(setUp === 'postgres' ? {} : { ONESERVICE_STORE_OFFLINE: 'chdb://memory' }),
    ...(setUp === 'clickhouse' ? {} : { ONESERVICE_STORE_REALTIME: postgres }),
    ONESERVICE_NOW: NOW,
    ONESERVICE_LOG: 'silent',
  }
}

/** Publishes every day that the set-up publishes, and stages a version that nobody may see. */
async function publish({ publications }: Composition, setUp: SetUpName): Promise<void> {
  for (const table of publishedSources(setUp)) {
    const source = `${table}_batch`
    const days = daysFrom(SINCE[table] ?? LAST_PUBLISHED)
    for (const version of [1, 2]) {
      const ofVersion = days.filter((day) => versionOf(table, day, setUp) === version)
      if (ofVersion.length === 0) continue
      await publications.stage(ofVersion.map((day) => ({ source, day, version, empty: true })))
      await publications.publish([{ source, days: ofVersion, version }])
    }
    if (isSplit(setUp)) await publications.stage([{ source, day: STAGED_ONLY, version: 3, empty: true }])
  }
}

function daysFrom(first: string): string[] {
  const [from = 0, to = 0] = [parseDay(first), parseDay(LAST_PUBLISHED)]
  return Array.from({ length: to - from + 1 }, (_, i) => formatDay(from + i))
}

/** A statement ends with a semicolon at the end of a line. */
function statementsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/^\s*--.*$/gm, '')
  return text.split(/;\s*$/m).filter((statement) => statement.trim() !== '')
}
