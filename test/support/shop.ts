import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { buildServer } from '../../src/api/server.ts'
import { type Composition, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import { startPostgres } from './servers.ts'
import { SHOP } from './shopCatalog.ts'

export const ADMIN_KEY = 'a-key-of-the-tests'
/** The shop's clock stands still here: a Friday morning in Shanghai. */
export const SHOP_NOW = '2026-11-20T10:31:07+08:00'
const HOME = join(dirname(fileURLToPath(import.meta.url)), '../..')

export interface Shop {
  readonly app: FastifyInstance
  readonly composition: Composition
  /** The environment a command line would need to reach the same stores. */
  readonly environment: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/**
 * The shop catalog on real engines: chDB offline, a PostgreSQL server in real time and for control. Clicks from the
 * 16th to the 20th; the 16th to the 18th are published, the 19th is staged. Real time holds two clicks more for the 19th.
 */
export async function openShop(environment: Readonly<Record<string, string>> = {}): Promise<Shop> {
  const server = await startPostgres()
  const folder = mkdtempSync(join(tmpdir(), 'oneservice-shop-'))
  for (const { path, text } of SHOP) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const variables = {
    ONESERVICE_CATALOG: folder,
    ONESERVICE_DATA_DIR: join(folder, 'data'),
    ONESERVICE_STORE_OFFLINE: 'chdb://memory',
    ONESERVICE_STORE_REALTIME: server.url,
    ONESERVICE_ADMIN_KEY: ADMIN_KEY,
    ONESERVICE_NOW: SHOP_NOW,
    ONESERVICE_LOG: 'silent',
    ...environment,
  }
  const composition = await compose(readConfig(variables, HOME, HOME), join(HOME, 'migrations'))
  await fill(composition)
  const app = await buildServer(composition.api, { version: '0.0.0', logLevel: 'silent' })
  await app.ready()
  return {
    app,
    composition,
    environment: variables,
    async stop() {
      await app.close()
      await composition.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const PLACES = [
  { advertiser: '1', channel: 'feed' },
  { advertiser: '2', channel: 'search' },
  { advertiser: '9', channel: "o'brien; --" },
  { advertiser: null, channel: null },
]
const DAYS = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19']

async function fill({ stores, publications }: Composition): Promise<void> {
  const offline = stores.get('offline')
  const realtime = stores.get('realtime')
  if (offline === undefined || realtime === undefined) throw new Error('the shop has two stores')
  const dimension = 'advertiser_id bigint, name text, industry text, vip boolean'
  await realtime.execute(`create table dim_advertiser (${dimension})`)
  await realtime.execute(
    'create table click_event (at timestamptz, advertiser_id bigint, channel text, cost numeric(18,2), viewer_id text)',
  )
  await offline.execute(
    'create table dim_advertiser (advertiser_id Int64, name String, industry Nullable(String), vip Bool) engine = MergeTree order by advertiser_id',
  )
  await offline.execute(
    "create table dwd_click (day Date, pv UInt32, at DateTime64(3,'UTC'), advertiser_id Nullable(Int64), channel Nullable(String), cost Decimal(18,2), viewer_id String) engine = MergeTree partition by (day, pv) order by at",
  )
  await offline.execute(
    'create table dws_click_day (day Date, pv UInt32, advertiser_id Nullable(Int64), channel Nullable(String), clicks UInt64, cost Decimal(18,2)) engine = MergeTree partition by (day, pv) order by day',
  )
  await offline.execute(
    "create table sale (at DateTime64(3,'UTC'), advertiser_id Int64, country Nullable(String), amount Decimal(38,2)) engine = MergeTree order by at",
  )
  for (const store of [offline, realtime]) {
    await store.load(
      'dim_advertiser',
      ['advertiser_id', 'name', 'industry', 'vip'],
      [
        ['1', 'Amber', 'books', true],
        ['2', 'Birch', null, false],
      ],
    )
  }
  // Two clicks a place and day, the second a yuan dearer and by a viewer of its own.
  const clicks = DAYS.flatMap((day) =>
    PLACES.flatMap(({ advertiser, channel }, i) => [
      { day, at: `${day} 01:00:00`, advertiser, channel, cost: `${i + 1}.10`, viewer: `v${i}` },
      { day, at: `${day} 09:30:00`, advertiser, channel, cost: `${i + 2}.10`, viewer: `${day}-${i}` },
    ]),
  )
  await offline.load(
    'dwd_click',
    ['day', 'pv', 'at', 'advertiser_id', 'channel', 'cost', 'viewer_id'],
    clicks.map(({ day, at, advertiser, channel, cost, viewer }) => [day, 1, at, advertiser, channel, cost, viewer]),
  )
  await offline.execute(
    'insert into dws_click_day select day, pv, advertiser_id, channel, count(), sum(cost) from dwd_click group by all',
  )
  const late = PLACES.slice(0, 2).map(({ advertiser, channel }) => ({
    at: '2026-11-19 03:00:00',
    advertiser,
    channel,
    cost: '0.10',
    viewer: 'late',
  }))
  const today = PLACES.slice(0, 2).map(({ advertiser, channel }) => ({
    at: '2026-11-20 01:00:00',
    advertiser,
    channel,
    cost: '5.00',
    viewer: 'v0',
  }))
  await realtime.load(
    'click_event',
    ['at', 'advertiser_id', 'channel', 'cost', 'viewer_id'],
    [...clicks, ...late, ...today].map(({ at, advertiser, channel, cost, viewer }) => [
      `${at}+00`,
      advertiser,
      channel,
      cost,
      viewer,
    ]),
  )
  await offline.load(
    'sale',
    ['at', 'advertiser_id', 'country', 'amount'],
    [
      ['2026-11-18 10:00:00', '1', 'CN', '9007199254740993.25'],
      ['2026-11-19 10:00:00', '1', 'CN', '0.50'],
      ['2026-11-19 11:00:00', '2', null, '7.00'],
    ],
  )
  const sources = ['click_day', 'click_detail']
  await publications.stage(sources.flatMap((source) => DAYS.map((day) => ({ source, day, version: 1, empty: true }))))
  await publications.publish(sources.map((source) => ({ source, days: DAYS.slice(0, 3) })))
}
