import type { FastifyInstance } from 'fastify'
import { buildServer } from '../../src/api/server.ts'
import type { Cell, Store } from '../../src/stores/port.ts'
import { type Composed, composed } from '../support/composed.ts'
import { startPostgres } from '../support/servers.ts'
import { KIOSK } from './kiosk.ts'
import { STORABLE } from './texts.ts'

export const ADMIN_KEY = 'a-key-of-the-fuzzer'
/** A Friday morning in Shanghai. */
export const NOW = '2026-11-20T10:31:07+08:00'
/** Every row of real time and of the plain tables lies on the 19th, every published one on the 18th, in all zones. */
export const LIVE_DAY = '2026-11-19'
export const PUBLISHED_DAY = '2026-11-18'

export interface World {
  readonly app: FastifyInstance
  readonly composed: Composed
  /** What the tables hold, as one text; equal texts mean that nothing was changed. */
  fingerprint(): Promise<string>
  stop(): Promise<void>
}

/** The kiosk on chDB and a PostgreSQL server, its labels and codes the texts of texts.ts. */
export async function openWorld(): Promise<World> {
  const server = await startPostgres()
  const gateway = await composed(KIOSK, server.url, { ONESERVICE_ADMIN_KEY: ADMIN_KEY, ONESERVICE_NOW: NOW })
  await fill(gateway)
  const app = await buildServer(gateway.composition.api, {
    version: '0.0.0',
    logLevel: process.env.FUZZ_LOG ?? 'silent',
  })
  await app.ready()
  return {
    app,
    composed: gateway,
    fingerprint: async () => JSON.stringify([await contents(gateway.offline), await contents(gateway.realtime)]),
    async stop() {
      await app.close()
      await gateway.close()
      await server.stop()
    },
  }
}

const FACT_COLUMNS = ['at', 'site_id', 'label', 'code', 'shelf', 'fragile', 'weight', 'person']

/** Row i of a table: text i, and a weight that no other text has. */
function factsOn(day: string): Cell[][] {
  return STORABLE.map((text, i) => [
    `${day} 12:00:00`,
    i % 4 === 3 ? null : String(i % 4),
    text,
    text,
    i % 5 === 0 ? null : '2026-11-01',
    i % 2 === 0,
    `${i}.25`,
    `person-${i % 7}`,
  ])
}

async function fill({ offline, realtime, composition }: Composed): Promise<void> {
  const facts =
    'at timestamptz, site_id bigint, label text, code text, shelf date, fragile boolean, weight numeric(18,2), person text'
  for (const table of ['visit_event', 'parcel']) await realtime.execute(`create table ${table} (${facts})`)
  await realtime.execute(
    'create table dim_site (site_id bigint, title text, opened date, rank bigint, staffed boolean)',
  )
  await realtime.execute('create table dim_code (code text, title text)')
  const columns =
    "at DateTime64(3,'UTC'), site_id Nullable(Int64), label Nullable(String), code Nullable(String), shelf Nullable(Date32), fragile Nullable(Bool), weight Decimal(18,2), person String"
  await offline.execute(`create table beacon (${columns}) engine = MergeTree order by at`)
  await offline.execute(
    `create table visit_detail (day Date, pv UInt32, ${columns}) engine = MergeTree partition by (day, pv) order by at`,
  )
  await offline.execute(
    'create table dim_site (site_id Int64, title String, opened Nullable(Date32), rank Nullable(Int64), staffed Nullable(Bool)) engine = MergeTree order by site_id',
  )
  for (const store of [offline, realtime]) {
    await store.load(
      'dim_site',
      ['site_id', 'title', 'opened', 'rank', 'staffed'],
      [
        ['0', "Nought'; --", '2020-02-29', '9007199254740993', true],
        ['1', 'One\\', null, null, false],
        ['2', 'Zwei\tdrei', '1999-12-31', '-9223372036854775808', null],
      ],
    )
  }
  await realtime.load(
    'dim_code',
    ['code', 'title'],
    STORABLE.map((text) => [text, `title of ${text}`]),
  )
  await realtime.load('visit_event', FACT_COLUMNS, utc(factsOn(LIVE_DAY)))
  await realtime.load('parcel', FACT_COLUMNS, utc(factsOn(LIVE_DAY)))
  await offline.load('beacon', FACT_COLUMNS, factsOn(LIVE_DAY))
  await offline.load(
    'visit_detail',
    ['day', 'pv', ...FACT_COLUMNS],
    factsOn(PUBLISHED_DAY).map((row) => [PUBLISHED_DAY, '1', ...row]),
  )
  const { publications } = composition
  await publications.stage([
    { source: 'visit_detail', day: PUBLISHED_DAY, version: 1, rowCount: STORABLE.length },
    { source: 'visit_detail', day: LIVE_DAY, version: 1, empty: true },
  ])
  await publications.publish([{ source: 'visit_detail', days: [PUBLISHED_DAY] }])
}

const utc = (rows: Cell[][]): Cell[][] => rows.map(([at, ...rest]) => [`${at}+00`, ...rest])

async function contents(store: Store): Promise<unknown> {
  const tables = store.dialect === 'postgres' ? ['visit_event', 'parcel'] : ['visit_detail', 'beacon']
  const read = tables.map(async (table) => {
    const text = `select label, code, weight from ${table} order by weight, label`
    return (await store.query({ dialect: store.dialect, text, params: [] })).rows
  })
  return Promise.all(read)
}
