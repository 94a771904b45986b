import type { Day } from '../../src/base/time.ts'
import type { Catalog } from '../../src/catalog/catalog.ts'
import { compileCatalog, formatFault } from '../../src/catalog/compile.ts'
import { completenessOf, type Snapshot } from '../../src/route/snapshot.ts'

/** Each with a table of days, one of single events, and a stream. */
const PROCESSES = 500
const PUBLISHED_DAYS = 400
/** Every so many days one is not out; every so many a day was published once more. */
const HOLE_EVERY = 17
const RESTATED_EVERY = 11

/** 500 processes with two published batch sources and a stream each: 1,000 batch sources. */
export function manySources(): Catalog {
  const files = Array.from({ length: PROCESSES }, (_, i) => ({
    path: `metrics/p${i}.yaml`,
    text: processText(`p${i}`),
  }))
  const composite = { path: 'metrics/composites.yaml', text: COMPOSITE }
  const compiled = compileCatalog([
    ...files,
    composite,
    { path: 'dimensions/channel.yaml', text: 'dimension: channel\n' },
  ])
  if (!compiled.ok) throw new Error(compiled.faults.slice(0, 5).map(formatFault).join('\n'))
  return compiled.catalog
}

function processText(name: string): string {
  const published = 'complete: published, version: pv, dimensions: { channel: channel }'
  return `process: ${name}
domain: trade
zone: Asia/Shanghai
dimensions: [channel]
sources:
  - { source: ${name}_day, store: offline, table: ${name}_day, rows: aggregate, time: { column: day, grain: day }, ${published}, measures: { amount: amount } }
  - { source: ${name}_detail, store: offline, table: ${name}_detail, time: { column: at, grain: instant }, ${published}, measures: { amount: amount, buyer: buyer } }
  - { source: ${name}_event, store: realtime, kind: stream, table: ${name}_event, time: { column: at, grain: instant }, retention: 30 days, dimensions: { channel: channel }, measures: { amount: amount, buyer: buyer } }
metrics:
  - { metric: ${name}_amount, agg: sum, of: amount }
  - { metric: ${name}_buyers, agg: count_distinct, of: buyer }
`
}

const COMPOSITE = `metrics:
  - metric: four
    formula: (p1_amount + p2_amount) / (p3_amount + p4_buyers)
`

/** The last 400 days of every batch source up to a day, with holes and days of several versions, for each its own. */
export function manyPublications(catalog: Catalog, last: Day): Snapshot {
  const batch = [...catalog.sources.values()].filter(({ kind }) => kind === 'batch')
  const sources = batch.map(({ name }, i) => {
    const days = Array.from({ length: PUBLISHED_DAYS }, (_, back) => last - back)
    const out = days.filter((day) => (day + i) % HOLE_EVERY !== 0)
    return [name, completenessOf(new Map(out.map((day) => [day, (day + i) % RESTATED_EVERY === 0 ? 2 : 1])))] as const
  })
  return { epoch: 1, sources: new Map(sources) }
}
