import { describe, expect, it } from 'vitest'
import { compileCatalog, formatFault } from '../../src/catalog/compile.ts'
import type { CatalogText } from '../../src/catalog/position.ts'
import { compiled, SHOP, shopWith } from '../support/shopCatalog.ts'

const faultsOf = (texts: readonly CatalogText[]): string[] => {
  const result = compileCatalog(texts)
  return result.ok ? [] : result.faults.map(formatFault)
}

/** The one fault that a change makes: `line:column CODE` and what its message says. */
function faultOf(path: string, find: string, replace: string): string {
  const faults = faultsOf(shopWith(path, find, replace))
  return faults.length === 1 ? (faults[0] ?? '') : faults.join('\n')
}

const CLICK = 'metrics/click.yaml'

describe('a catalog that is right', () => {
  it('is linked: kinds, types, domains, dimensions shared by processes', () => {
    const catalog = compiled()
    expect(catalog.metrics.get('cpc')).toMatchObject({
      kind: 'composite',
      type: 'float',
      domain: 'advertising',
      processes: ['click'],
    })
    expect(catalog.metrics.get('clicks')).toMatchObject({ kind: 'atomic', type: 'integer' })
    expect(catalog.metrics.get('cost')).toMatchObject({ type: 'decimal', unit: 'CNY' })
    expect(catalog.metrics.get('feed_clicks')).toMatchObject({ kind: 'derived', from: 'clicks', modifiers: ['feed'] })
    expect(catalog.metrics.get('roi')).toMatchObject({ processes: ['sale', 'click'], dimensions: ['advertiser'] })
    expect(catalog.domains.get('trade')?.metrics).toEqual(['sales', 'gmv'])
    expect([...catalog.stores].toSorted()).toEqual(['offline', 'realtime'])
  })

  it('has a version that says what it means, not how it is written', () => {
    const { version } = compiled()
    const commented = SHOP.map(({ path, text }) => ({ path, text: `# a remark\n${text}` }))
    expect(compiled(commented).version).toBe(version)
    expect(compiled(SHOP.toReversed()).version).toBe(version)
    expect(compiled(shopWith(CLICK, 'formula: cost / clicks', 'formula: 1000 * cost / clicks')).version).not.toBe(
      version,
    )
  })
})

describe('faults of a catalog', () => {
  it('are told all at once, in the order of files and lines', () => {
    const texts = shopWith(CLICK, 'formula: cost / clicks', 'formula: cots / clicks').map(({ path, text }) =>
      path === CLICK ? { path, text: text.replace('zone: Asia/Shanghai', 'zone: Asia/Shangai') } : { path, text },
    )
    expect(faultsOf(texts)).toEqual([
      'metrics/click.yaml:3:7 UNKNOWN_ZONE "Asia/Shangai" is not a time zone. Did you mean "Asia/Shanghai" or "Asia/Dhaka" or "Asia/Khandyga"?',
      'metrics/click.yaml:42:29 UNKNOWN_METRIC There is no metric "cots". Did you mean "cost"?',
    ])
  })

  it.each([
    [
      'a key that is not known',
      'version: pv',
      'versoin: pv',
      /:16:5 UNKNOWN_KEY "versoin" is not known here. Did you mean "version"\?/,
    ],
    ['a key that is missing', 'domain: advertising\n', '', /:1:1 MISSING_KEY "domain" is missing/],
    ['a value out of a list', 'layer: DWS', 'layer: DWX', /:11:12 INVALID_VALUE "DWX".*Did you mean "DWD" or "DWS"/],
    [
      'a name of wrong form',
      'metric: viewers',
      'metric: Viewers',
      /:40:15 INVALID_VALUE "Viewers": a name is lower case/,
    ],
    [
      'broken YAML',
      'dimensions: [advertiser, channel]\nmod',
      'dimensions: [advertiser, channel\nmod',
      /:\d+:\d+ INVALID_YAML/,
    ],
    [
      'a metric twice',
      'metric: viewers',
      'metric: clicks',
      /:40:15 DUPLICATE_NAME The metric "clicks" stands already in metrics\/click.yaml:38/,
    ],
    [
      'a metric named like a dimension',
      'metric: viewers',
      'metric: channel',
      /:40:15 RESERVED_NAME "channel" is a dimension already/,
    ],
    [
      'a metric named finality',
      'metric: viewers',
      'metric: finality',
      /RESERVED_NAME "finality" has a meaning of its own/,
    ],
    [
      'a dimension without a file',
      '[advertiser, channel]\nmod',
      '[advertiser, chanel, channel]\nmod',
      /:4:26 UNKNOWN_DIMENSION There is no dimension "chanel". Did you mean "channel"/,
    ],
    [
      'a source that maps what the process does not carry',
      'channel: channel }\n    measures: { clicks',
      'channel: channel, country: c }\n    measures: { clicks',
      /:18:64 UNKNOWN_DIMENSION/,
    ],
    [
      'a modifier on an unknown field',
      'field: channel,',
      'field: chanel,',
      /:7:25 UNKNOWN_DIMENSION The process "click" has no field "chanel"/,
    ],
    [
      'a modifier with a value of another type',
      'field: channel, op: eq, values: [feed]',
      'field: advertiser, op: eq, values: [feed]',
      /:7:\d+ INVALID_VALUE "feed" is not an integer/,
    ],
    [
      'an unknown modifier',
      'modifiers: [feed] }',
      'modifiers: [fed] }',
      /:41:54 UNKNOWN_MODIFIER .*Did you mean "feed"/,
    ],
    [
      'a metric that no source yields',
      'agg: count_distinct, of: viewer',
      'agg: count_distinct, of: viewr',
      /:40:49 UNKNOWN_MEASURE .*Did you mean "viewer"/,
    ],
    [
      'two kinds at once',
      'formula: cost / clicks',
      'formula: cost / clicks, agg: count',
      /CONTRADICTION "cpc" has agg and formula/,
    ],
    [
      'a key of another kind',
      'formula: cost / clicks',
      'formula: cost / clicks, of: cost',
      /CONTRADICTION "of" goes with "agg"/,
    ],
    [
      'a formula that can not be read',
      'cost / clicks }',
      'cost / / clicks }',
      /:42:36 INVALID_FORMULA expected a metric, a number or \(, found "\/"/,
    ],
    ['an unknown function', 'cost / clicks }', 'sqrt(cost) }', /:42:29 INVALID_FORMULA "sqrt" is not a function/],
    ['a metric that reads itself', 'cost / clicks }', 'cpc + 1 }', /CIRCLE A metric reads itself: cpc -> cpc/],
    [
      'a stream with a version',
      'kind: stream',
      'kind: stream\n    version: pv',
      /CONTRADICTION A stream has no versions/,
    ],
    [
      'a batch source with a lag',
      'layer: DWS',
      'layer: DWS\n    lag: 15 minutes',
      /CONTRADICTION "lag" belongs to a stream/,
    ],
    [
      'a batch source with a retention',
      'layer: DWS',
      'layer: DWS\n    retention: 7 days',
      /CONTRADICTION "retention" belongs to a stream/,
    ],
    [
      'a watermark without its query',
      'complete: published\n    version: pv\n    since: 2026-01-01\n    dimensions: { advertiser: advertiser_id, channel: channel }\n    measures: { clicks',
      'complete: watermark\n    dimensions: { advertiser: advertiser_id, channel: channel }\n    measures: { clicks',
      /CONTRADICTION "complete: watermark" needs/,
    ],
  ])('%s', (_what, find, replace, told) => {
    expect(faultOf(CLICK, find, replace)).toMatch(told)
  })

  it('says where a composite over two domains belongs', () => {
    expect(faultOf('metrics/across.yaml', ', domain: advertising', '')).toMatch(
      /^metrics\/across.yaml:2:15 MISSING_KEY "roi" spans trade and advertising: name its "domain"/,
    )
  })

  it('refuses a distinct count over rows that are aggregates', () => {
    const texts = shopWith('metrics/sale.yaml', 'table: sale\n', 'table: sale\n    rows: aggregate\n')
    expect(faultsOf(texts).join('\n')).toMatch(/NOT_DERIVABLE No source of "sale" can yield count of rows/)
  })

  it('tells of an empty folder', () => {
    expect(faultsOf([])).toEqual(['metrics:1:1 EMPTY_CATALOG There is no .yaml file under metrics/ or dimensions/.'])
  })
})
