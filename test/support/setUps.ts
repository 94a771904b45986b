import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'
import { startClickHouse, startPostgres } from './servers.ts'

/** Engines behind the two store names, and a plain PostgreSQL database of the test's own for what must come out. */
export interface SetUp {
  /** What ONESERVICE_STORE_OFFLINE and ONESERVICE_STORE_REALTIME are set to. */
  readonly offline: string
  readonly realtime: string
  /** An empty folder for embedded engines. */
  readonly folder: string
  readonly truth: Store
  stop(): Promise<void>
}

/** What a newcomer gets: both engines in the process. */
export function embedded(): Promise<SetUp> {
  return prepare(async (folder) => ({
    offline: `chdb://${join(folder, 'offline')}`,
    realtime: `pglite://${join(folder, 'realtime')}`,
  }))
}

/** What a company runs: ClickHouse over HTTP and a PostgreSQL server. */
export function servers(): Promise<SetUp> {
  return prepare(async (_folder, postgres, closers) => {
    const clickhouse = await startClickHouse()
    closers.push(() => clickhouse.stop())
    return { offline: clickhouse.url, realtime: postgres }
  })
}

type Closers = (() => Promise<void>)[]
type Urls = Pick<SetUp, 'offline' | 'realtime'>

async function prepare(open: (folder: string, postgres: string, closers: Closers) => Promise<Urls>): Promise<SetUp> {
  const folder = mkdtempSync(join(tmpdir(), 'oneservice-answers-'))
  const postgres = await startPostgres()
  const closers: Closers = [async () => rmSync(folder, { recursive: true, force: true }), () => postgres.stop()]
  const truth = await openTruth(postgres.url)
  closers.push(() => truth.close())
  const stop = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer()
  }
  return { ...(await open(folder, postgres.url, closers)), folder, truth, stop }
}

async function openTruth(url: string): Promise<Store> {
  const admin = await openStore('admin', url)
  await admin.execute('CREATE DATABASE truth')
  await admin.close()
  return openStore('truth', url.replace(/\/postgres$/, '/truth'))
}
