import type { Cell } from '../../../src/base/cell.ts'

/** A small business: ads with a nightly batch behind a stream, orders in one plain table, advertisers with attributes. */

export const FILES: Readonly<Record<string, string>> = {
  'metrics/ad.yaml': `
process: ad
domain: advertising
label: Ads
zone: Asia/Shanghai
dimensions: [advertiser, channel, campaign]
modifiers:
  - { modifier: in_feed, filters: [{ field: channel, op: eq, values: [feed] }] }
sources:
  - source: ad_day
    store: offline
    kind: batch
    layer: DWS
    table: ad_day
    rows: aggregate
    time: { column: day, grain: day }
    complete: published
    version: pv
    since: 2026-11-17
    dimensions: &dimensions { advertiser: advertiser_id, channel: channel, campaign: campaign_id }
    measures: { exposures: exposures, clicks: clicks, cost: cost }
  - source: ad_event
    store: realtime
    kind: stream
    table: ad_event
    rows: event
    time: { column: at, grain: instant }
    dimensions: *dimensions
    measures: { exposures: exposures, clicks: clicks, cost: cost }
metrics:
  - { metric: exposures, agg: sum, of: exposures, type: integer, unit: count, label: Exposures, aliases: [曝光], description: Times shown. }
  - { metric: clicks, agg: sum, of: clicks, type: integer, status: deprecated }
  - { metric: cost, agg: sum, of: cost, type: decimal, unit: CNY, format: ",.2f" }
  - { metric: feed_clicks, from: clicks, modifiers: [in_feed] }
  - { metric: ctr, formula: clicks / exposures, format: ".2%" }
`,
  'metrics/order.yaml': `
process: order
domain: trade
label: Orders
zone: Asia/Shanghai
dimensions: [advertiser, paid]
sources:
  - source: order_fact
    store: realtime
    table: order_fact
    time: { column: at, grain: instant }
    complete: always
    dimensions: { advertiser: advertiser_id, paid: paid }
    measures: { gmv: gmv }
metrics:
  - { metric: orders, agg: count, label: Orders }
  - { metric: gmv, agg: sum, of: gmv, type: decimal, unit: CNY }
`,
  'metrics/composites.yaml': `
metrics:
  - { metric: roi, formula: gmv / cost, domain: trade }
`,
  // A domain that bears the name of one of the catalog's own fields.
  'metrics/meter.yaml': `
process: meter
domain: metrics
zone: Asia/Shanghai
sources:
  - source: meter_fact
    store: realtime
    table: order_fact
    time: { column: at, grain: instant }
    complete: always
    measures: {}
metrics:
  - { metric: readings, agg: count }
`,
  'dimensions/advertiser.yaml': `
dimension: advertiser
label: Advertiser
description: Who pays.
type: integer
table: { store: offline, table: dim_advertiser, key: id }
copies: [{ store: realtime, table: dim_advertiser, key: id }]
name: name
attributes:
  - { attribute: name, label: Name }
  - { attribute: industry, label: Industry }
  - { attribute: in, label: Insider, column: insider, type: boolean }
`,
  'dimensions/channel.yaml':
    'dimension: channel\nlabel: Channel\nvalues: [{ value: feed, label: Feed }, { value: search }]\n',
  'dimensions/campaign.yaml': 'dimension: campaign\ntype: integer\n',
  'dimensions/paid.yaml': 'dimension: paid\ntype: boolean\n',
}

/** Beyond 2^53: 9007199254740993 is the first integer a double can't hold. */
export const BIG = '9007199254740993'
export const PRECISE = '12345678901234567890.12'

interface Table {
  readonly name: string
  readonly columns: readonly (readonly [string, string])[]
  readonly rows: readonly (readonly Cell[])[]
}

const AD = [
  ['advertiser_id', 'bigint'],
  ['channel', 'text'],
  ['campaign_id', 'bigint'],
  ['exposures', 'bigint'],
  ['clicks', 'bigint'],
  ['cost', 'numeric(40,2)'],
] as const

export const TABLES: readonly Table[] = [
  {
    name: 'dim_advertiser',
    columns: [
      ['id', 'bigint'],
      ['name', 'text'],
      ['industry', 'text'],
      ['insider', 'boolean'],
    ],
    rows: [
      ['1', 'Ann "the" Shop', 'cars', true],
      ['2', 'Bob', 'books', false],
      [BIG, 'Big', 'cars', false],
    ],
  },
  {
    name: 'ad_day',
    columns: [['day', 'date'], ['pv', 'bigint'], ...AD],
    rows: [
      ['2026-11-17', '1', '1', 'feed', BIG, '100', '10', '1.50'],
      ['2026-11-17', '1', '2', 'search', '7', '200', '3', '2.25'],
      ['2026-11-18', '1', '1', 'feed', '7', BIG, '20', PRECISE],
      ['2026-11-18', '1', BIG, null, '7', '50', '0', '0.00'],
    ],
  },
  {
    name: 'ad_event',
    columns: [['at', 'timestamptz'], ...AD],
    rows: [
      ['2026-11-18T12:00:00+08:00', '1', 'feed', '7', '999', '999', '9.00'],
      ['2026-11-19T12:00:00+08:00', '1', 'feed', '7', '30', '6', '3.00'],
      ['2026-11-19T13:00:00+08:00', '2', 'search', '7', '40', '1', '4.00'],
    ],
  },
  {
    name: 'order_fact',
    columns: [
      ['at', 'timestamptz'],
      ['advertiser_id', 'bigint'],
      ['paid', 'boolean'],
      ['gmv', 'numeric(20,2)'],
    ],
    rows: [
      ['2026-11-18T12:00:00+08:00', '1', true, '10.10'],
      ['2026-11-19T12:00:00+08:00', '1', false, '20.20'],
      ['2026-11-19T13:00:00+08:00', '2', true, '5.05'],
    ],
  },
]
