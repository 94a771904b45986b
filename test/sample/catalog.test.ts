import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDay } from '../../src/base/time.ts'
import type { Catalog, Source } from '../../src/catalog/catalog.ts'
import { compileCatalog, formatFault } from '../../src/catalog/compile.ts'
import { createSample } from '../../src/sample/day.ts'
import { BATCH_SOURCES } from '../../src/sample/publications.ts'
import { DIMENSIONS, OFFLINE, REALTIME } from '../../src/sample/tables.ts'

function compileSample(): Catalog {
  const texts = ['metrics', 'dimensions'].flatMap((folder) =>
    readdirSync(new URL(`../../${folder}`, import.meta.url)).map((name) => ({
      path: `${folder}/${name}`,
      text: readFileSync(new URL(`../../${folder}/${name}`, import.meta.url), 'utf8'),
    })),
  )
  const compiled = compileCatalog(texts)
  if (!compiled.ok) throw new Error(compiled.faults.map(formatFault).join('\n'))
  return compiled.catalog
}

const catalog = compileSample()
/** Dimensions that only tables of single events hold. */
const OF_EVENTS = new Set(['person', 'ad_action'])
const tables = new Map(
  [...Object.values(OFFLINE), ...Object.values(REALTIME), ...Object.values(DIMENSIONS)].map((t) => [t.name, t]),
)

/** Every plain column that a source names. */
function columnsNamedBy(source: Source): string[] {
  const expressions = [source.time.expression, ...source.dimensions.values()]
  for (const measure of source.measures.values()) {
    if (measure.kind === 'average') expressions.push(measure.sum, measure.count)
    else expressions.push(measure.expression)
  }
  const columns = expressions.flatMap((one) => (one.kind === 'column' ? [one.column] : []))
  return [...columns, source.unique, source.version, source.time.day].filter((column) => column !== undefined)
}

describe('the catalog of the sample', () => {
  it('names tables and columns that the sample makes', () => {
    for (const source of catalog.sources.values()) {
      const table = tables.get(source.table)
      expect(table, source.table).toBeDefined()
      for (const column of columnsNamedBy(source)) expect(Object.keys(table?.columns ?? {})).toContain(column)
    }
    for (const dimension of catalog.dimensions.values()) {
      for (const { table, key } of dimension.tables) {
        const columns = Object.keys(tables.get(table)?.columns ?? {})
        expect(columns).toContain(key)
        for (const attribute of dimension.attributes.keys()) expect(columns).toContain(attribute)
      }
    }
  })

  it('publishes every batch source, from the table it names', () => {
    const batches = [...catalog.sources.values()].filter((source) => source.complete === 'published')
    const named = Object.fromEntries(batches.map((source) => [source.name, source.table]))
    const made = Object.fromEntries(Object.entries(BATCH_SOURCES).map(([source, table]) => [source, table.name]))
    expect(made).toEqual(named)
  })

  it('lists every value that occurs', () => {
    const { ads, orders } = createSample().eventsOf(parseDay('2026-11-19') ?? 0)
    const listed = (dimension: string) =>
      catalog.dimensions
        .get(dimension)
        ?.values?.map((one) => one.value)
        .toSorted()
    const occurring = (values: readonly (string | null)[]) => [...new Set(values)].filter((v) => v !== null).toSorted()
    expect(occurring(ads.map((ad) => ad.channel))).toEqual(listed('channel'))
    expect(occurring(ads.map((ad) => ad.kind))).toEqual(listed('ad_action'))
    expect(occurring(ads.map((ad) => ad.region))).toEqual(listed('region'))
    expect(occurring(orders.map((order) => order.attribution))).toEqual(listed('attribution'))
    expect(occurring(orders.map((order) => order.buyerType))).toEqual(listed('buyer_type'))
  })

  it('describes everything to people who read English or Chinese', () => {
    const chinese = /\p{Script=Han}/u
    const described = [
      ...catalog.processes.values(),
      ...catalog.dimensions.values(),
      ...catalog.metrics.values(),
      ...[...catalog.processes.values()].flatMap((process) => [...process.modifiers.values()]),
    ]
    for (const one of described) {
      expect(one.description, one.name).toMatch(/\.$/)
      expect(
        one.aliases.some((alias) => chinese.test(alias)),
        one.name,
      ).toBe(true)
    }
    expect(catalog.metrics.size).toBeGreaterThan(35)
  })

  it('has every dimension on every process', () => {
    for (const process of catalog.processes.values()) {
      expect(process.dimensions).toEqual(
        expect.arrayContaining(['advertiser', 'campaign', 'channel', 'product', 'region']),
      )
      for (const source of process.sources) {
        const held = process.dimensions.filter((name) => source.rows === 'event' || !OF_EVENTS.has(name))
        expect([...source.dimensions.keys()]).toEqual(held)
      }
    }
  })
})
