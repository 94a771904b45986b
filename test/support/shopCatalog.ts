import type { Catalog } from '../../src/catalog/catalog.ts'
import { compileCatalog, formatFault } from '../../src/catalog/compile.ts'
import type { CatalogText } from '../../src/catalog/position.ts'

/** A small catalog of two processes in two zones, for tests of the pure rooms. */
export const SHOP: readonly CatalogText[] = [
  {
    path: 'dimensions/advertiser.yaml',
    text: `dimension: advertiser
label: Advertiser
aliases: [广告主]
type: integer
table: { store: offline, table: dim_advertiser, key: advertiser_id }
copies: [ { store: realtime, table: dim_advertiser, key: advertiser_id } ]
name: name
attributes:
  - { attribute: name }
  - { attribute: industry, aliases: [行业] }
  - { attribute: vip, type: boolean }
`,
  },
  { path: 'dimensions/channel.yaml', text: 'dimension: channel\nlabel: Channel\n' },
  { path: 'dimensions/country.yaml', text: 'dimension: country\n' },
  {
    path: 'metrics/click.yaml',
    text: `process: click
domain: advertising
zone: Asia/Shanghai
dimensions: [advertiser, channel]
modifiers:
  - modifier: feed
    filters: [ { field: channel, op: eq, values: [feed] } ]
sources:
  - source: click_day
    store: offline
    layer: DWS
    table: dws_click_day
    rows: aggregate
    time: { column: day, grain: day }
    complete: published
    version: pv
    since: 2026-01-01
    dimensions: { advertiser: advertiser_id, channel: channel }
    measures: { clicks: { column: clicks, state: count }, cost: cost }
  - source: click_detail
    store: offline
    table: dwd_click
    time: { column: at, grain: instant, day: day }
    complete: published
    version: pv
    since: 2026-01-01
    dimensions: { advertiser: advertiser_id, channel: channel }
    measures: { cost: cost, viewer: viewer_id }
  - source: click_event
    store: realtime
    kind: stream
    table: click_event
    time: { column: at, grain: instant }
    retention: 7 days
    dimensions: { advertiser: advertiser_id, channel: channel }
    measures: { cost: cost, viewer: viewer_id }
metrics:
  - { metric: clicks, agg: count }
  - { metric: cost, agg: sum, of: cost, unit: CNY }
  - { metric: viewers, agg: count_distinct, of: viewer }
  - { metric: feed_clicks, from: clicks, modifiers: [feed] }
  - { metric: cpc, formula: cost / clicks }
`,
  },
  {
    path: 'metrics/sale.yaml',
    text: `process: sale
domain: trade
zone: UTC
dimensions: [advertiser, country]
sources:
  - source: sale_table
    store: offline
    table: sale
    time: { column: at, grain: instant }
    dimensions: { advertiser: advertiser_id, country: country }
    measures: { amount: amount }
metrics:
  - { metric: sales, agg: count }
  - { metric: gmv, agg: sum, of: amount, unit: CNY }
`,
  },
  {
    path: 'metrics/across.yaml',
    text: `metrics:
  - { metric: roi, formula: gmv / cost, domain: advertising }
`,
  },
]

/** Compiles texts that are meant to be right; throws their faults otherwise. */
export function compiled(texts: readonly CatalogText[] = SHOP): Catalog {
  const result = compileCatalog(texts)
  if (result.ok) return result.catalog
  throw new Error(result.faults.map(formatFault).join('\n'))
}

/** The shop with one file's text changed; `find` must stand there. */
export function shopWith(path: string, find: string, replace: string): CatalogText[] {
  return SHOP.map((text) => {
    if (text.path !== path) return text
    if (!text.text.includes(find)) throw new Error(`${path} does not hold ${find}`)
    return { path, text: text.text.replace(find, replace) }
  })
}
