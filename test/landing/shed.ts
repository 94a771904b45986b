import type { FastifyInstance } from 'fastify'
import { buildServer } from '../../src/api/server.ts'
import type { Cell } from '../../src/stores/port.ts'
import { type Composed, composed } from '../support/composed.ts'
import { startPostgres } from '../support/servers.ts'

/** A shed that sells by day: a versioned table, one without versions, one that lists its own days, and a stream. */
const CATALOG = `
process: sale
domain: shed
zone: Asia/Shanghai
dimensions: [shop, channel]
sources:
  - source: sale_day
    store: offline
    layer: DWS
    table: sale_day
    rows: aggregate
    time: { column: day, grain: day }
    complete: published
    version: pv
    since: 2026-11-10
    keep: 1 minute
    audit: { tolerance: { sales: 10% }, by: channel }
    dimensions: { shop: shop_id, channel: channel }
    measures: { sales: sales, amount: amount }
  - source: sale_event
    store: realtime
    kind: stream
    table: sale_event
    unique: id
    time: { column: at, grain: instant }
    retention: 7 days
    dimensions: { shop: shop_id, channel: channel }
    measures: { sales: { sql: '1' }, amount: amount }
metrics:
  - { metric: sales, agg: sum, of: sales, type: integer }
  - { metric: amount, agg: sum, of: amount, type: decimal }
  - { metric: price, formula: amount / sales }
  - { metric: sales_3d, from: sales, period: trailing 3 days }
`
const PLAIN = `
process: visit
domain: shed
zone: Asia/Shanghai
dimensions: [channel]
sources:
  - source: visit_day
    store: offline
    layer: DWS
    table: visit_day
    rows: aggregate
    time: { column: day, grain: day }
    complete: published
    since: 2026-11-10
    dimensions: { channel: channel }
    measures: { visits: visits }
metrics:
  - { metric: visits, agg: sum, of: visits, type: integer }
  - { metric: sales_per_visit, formula: sales / visits, domain: shed }
`
const LISTED = `
process: refund
domain: shed
zone: Asia/Shanghai
dimensions: [channel]
sources:
  - source: refund_day
    store: offline
    layer: DWS
    table: refund_day
    rows: aggregate
    time: { column: day, grain: day }
    complete: watermark
    watermark: { days: "SELECT DISTINCT day, max(loaded) FROM refund_load GROUP BY day" }
    since: 2026-11-10
    dimensions: { channel: channel }
    measures: { refunds: refunds }
metrics:
  - { metric: refunds, agg: sum, of: refunds, type: integer }
`
const SHOP = 'dimension: shop\ntype: integer\n'
const CHANNEL = 'dimension: channel\n'

export const ADMIN_KEY = 'the-shed-admin'
export const NOW = '2026-11-20T10:00:00+08:00'

/** A row of the day table: day, version, shop, channel, sales, amount. */
export type DayRow = readonly [
  day: string,
  version: number,
  shop: number,
  channel: string,
  sales: number,
  amount: string,
]

export interface Shed {
  readonly app: FastifyInstance
  readonly composed: Composed
  writeDays(rows: readonly DayRow[]): Promise<void>
  /** One event each, at an instant. */
  writeEvents(at: string, shop: number, channel: string, amounts: readonly string[]): Promise<void>
  writeVisits(day: string, visits: number): Promise<void>
  ask<T = Reply>(method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown): Promise<T>
  publish(body: object): Promise<Reply>
  stop(): Promise<void>
}

export interface Reply {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: replies of many operations, looked into by tests
  readonly body: any
}

/** Opens an empty shed over a PostgreSQL server of its own. */
export async function openShed(): Promise<Shed> {
  const server = await startPostgres()
  const world = await composed(
    [
      { path: 'metrics/sale.yaml', text: CATALOG },
      { path: 'metrics/visit.yaml', text: PLAIN },
      { path: 'metrics/refund.yaml', text: LISTED },
      { path: 'dimensions/shop.yaml', text: SHOP },
      { path: 'dimensions/channel.yaml', text: CHANNEL },
    ],
    server.url,
    { ONESERVICE_NOW: NOW, ONESERVICE_ADMIN_KEY: ADMIN_KEY, ONESERVICE_DEADLINE_MS: '5000' },
  )
  const { offline, realtime } = world
  await offline.execute(
    'create table sale_day (day Date, pv UInt32, shop_id Int64, channel String, sales Int64, amount Decimal(18,2)) engine = MergeTree partition by (day, pv) order by shop_id',
  )
  await offline.execute(
    'create table visit_day (day Date, channel String, visits Int64) engine = MergeTree order by day',
  )
  await offline.execute(
    'create table refund_day (day Date, channel String, refunds Int64) engine = MergeTree order by day',
  )
  await offline.execute('create table refund_load (day Date, loaded Int64) engine = MergeTree order by day')
  await realtime.execute(
    'create table sale_event (id text primary key, at timestamptz, shop_id bigint, channel text, amount numeric(18,2))',
  )
  const app = await buildServer(world.composition.api, { version: '0.0.0', logLevel: 'silent' })
  await app.ready()
  let events = 0
  const ask = async <T = Reply>(method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown): Promise<T> => {
    const reply = await app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${ADMIN_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    })
    return { status: reply.statusCode, body: reply.json() } as T
  }
  return {
    app,
    composed: world,
    writeDays: (rows) =>
      offline.load(
        'sale_day',
        ['day', 'pv', 'shop_id', 'channel', 'sales', 'amount'],
        rows.map((row): Cell[] => row.map(String)),
      ),
    writeEvents: (at, shop, channel, amounts) =>
      realtime.load(
        'sale_event',
        ['id', 'at', 'shop_id', 'channel', 'amount'],
        amounts.map((amount): Cell[] => [`e${++events}`, at, String(shop), channel, amount]),
      ),
    async writeVisits(day, visits) {
      await offline.execute(`alter table visit_day delete where day = '${day}' settings mutations_sync = 1`)
      await offline.load('visit_day', ['day', 'channel', 'visits'], [[day, 'web', String(visits)]])
    },
    ask,
    publish: (body) => ask('POST', '/v1/publications', body),
    async stop() {
      await app.close()
      await world.close()
      await server.stop()
    },
  }
}
