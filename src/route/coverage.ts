import type { Catalog, Source, TimeGrain } from '../catalog/catalog.ts'
import { type Recipe, recipeFor } from '../catalog/recipe.ts'
import type { Aggregate } from '../plan/logical.ts'
import { fieldsOf } from '../query/predicates.ts'
import type { AtomicRequest, Field } from '../query/resolved.ts'

/** A source that can answer for a request, and how. */
export interface Candidate {
  readonly source: Source
  readonly recipe: Recipe
}

/** The sources that can answer for one request, cheapest first, and why the others can't. */
export interface Coverage {
  readonly request: AtomicRequest
  readonly batch: readonly Candidate[]
  readonly streams: readonly Candidate[]
  readonly refusals: readonly string[]
}

/** Which sources of the process hold all that a request needs. Time is not looked at here: that differs by day. */
export function coverageOf(request: AtomicRequest, node: Aggregate, catalog: Catalog): Coverage {
  const fields = [
    ...node.fields,
    ...node.filters.flatMap((p) => [...fieldsOf(p)]),
    ...request.modifiers.flatMap((p) => [...fieldsOf(p)]),
  ]
  const candidates: Candidate[] = []
  const refusals: string[] = []
  for (const source of request.process.sources) {
    const recipe = recipeFor(source, request.metric)
    const reason = recipe === undefined ? `holds no ${request.metric.name}` : lackOf(source, fields, node, catalog)
    if (reason === undefined && recipe !== undefined) candidates.push({ source, recipe })
    else refusals.push(`${source.name} ${reason}`)
  }
  candidates.sort((a, b) => byCost(a.source, b.source))
  return {
    request,
    batch: candidates.filter(({ source }) => source.kind === 'batch'),
    streams: candidates.filter(({ source }) => source.kind === 'stream'),
    refusals,
  }
}

function lackOf(source: Source, fields: readonly Field[], node: Aggregate, catalog: Catalog): string | undefined {
  for (const { dimension } of node.scope) {
    if (!source.dimensions.has(dimension)) return `lacks ${dimension}, which the caller's scope needs`
  }
  if (node.time !== undefined && !source.times.has(node.time)) return `has no time ${node.time}`
  for (const by of node.requests.flatMap(({ metric }) => metric.snapshot?.by ?? []))
    if (!source.dimensions.has(by)) return `lacks ${by}`
  for (const field of fields) {
    const lack = lackOfField(source, field, catalog)
    if (lack !== undefined) return lack
  }
  return undefined
}

function lackOfField(source: Source, field: Field, catalog: Catalog): string | undefined {
  if (field.time !== undefined) {
    const time = field.time === 'time' ? source.time : source.times.get(field.time)
    if (time === undefined) return `has no time ${field.time}`
    const grain = field.part === 'hour' ? 'hour' : field.bucket
    const isFiner = (grain === 'hour' || grain === 'minute') && time.grain === 'day'
    return isFiner ? `tells ${field.time} by the day` : undefined
  }
  if (field.isRelation) {
    const relation = catalog.processes.get(source.process)?.relations.get(field.dimension)
    if (source.rows !== 'event') return `holds no single events, which ${field.dimension} belongs to`
    if (relation?.tables.some(({ store }) => store === source.store)) return undefined
    return `stands in ${source.store}, which has no copy of the table of ${field.dimension}`
  }
  if (!source.dimensions.has(field.dimension)) return `lacks ${field.dimension}`
  if (field.attribute === undefined) return undefined
  let dimension = catalog.dimensions.get(field.dimension)
  for (const hop of [undefined, ...field.hops]) {
    if (hop !== undefined) dimension = catalog.dimensions.get(dimension?.links.get(hop)?.dimension ?? '')
    if (dimension?.tables.some(({ store }) => store === source.store)) continue
    return `stands in ${source.store}, which has no copy of the table of ${dimension?.name ?? field.dimension}`
  }
  return undefined
}

const LAYER = { ADS: 0, DWS: 1, DWD: 2, ODS: 3 } as const
/** Rows of whole months are fewer than those of days. */
function coarseness({ time }: Source): number {
  return time.whole === undefined ? COARSENESS[time.grain] : -1
}

const COARSENESS: Readonly<Record<TimeGrain, number>> = { day: 0, hour: 1, minute: 2, instant: 3 }

/** Fewer rows to read first: aggregates, higher layers, coarser times, fewer dimensions; else as declared. */
function byCost(a: Source, b: Source): number {
  return (
    Number(a.rows === 'event') - Number(b.rows === 'event') ||
    LAYER[a.layer] - LAYER[b.layer] ||
    coarseness(a) - coarseness(b) ||
    a.dimensions.size - b.dimensions.size
  )
}
