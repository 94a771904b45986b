import type { AtomicMetric, Catalog, Domain, Metric, Modifier, Process, Source, Variant } from './catalog.ts'
import type { FilterInput } from './filterSchema.ts'
import { walk } from './formula.ts'
import { recipeFor } from './recipe.ts'

const views = new WeakMap<Catalog, Map<string, Catalog>>()
const cut = new WeakSet<Catalog>()

/** True for a catalog that no tenant's bounds have been cut to. */
export function isWhole(catalog: Catalog): boolean {
  return !cut.has(catalog)
}

/**
 * The catalog as a caller sees it who is bound to values of these dimensions: what can't be cut to them is not in it. A
 * source that lacks one of the dimensions is left out, a process without a source, a metric with such a process, and
 * modifiers that name values of the dimension itself, for those may be another tenant's. Every lookup, suggestion,
 * description and schema made from the view knows nothing of the rest.
 */
export function visibleTo(catalog: Catalog, dimensions: readonly string[]): Catalog {
  if (dimensions.length === 0) return catalog
  const ofCatalog = views.get(catalog) ?? new Map<string, Catalog>()
  views.set(catalog, ofCatalog)
  const names = [...new Set(dimensions)].toSorted()
  const key = names.join(' ')
  const view = ofCatalog.get(key) ?? viewOf(catalog, names)
  ofCatalog.set(key, view)
  cut.add(view)
  return view
}

function viewOf(catalog: Catalog, bound: readonly string[]): Catalog {
  const kept = mapValues(catalog.processes, (process) => processFor(process, catalog, bound))
  const metrics = keepMetrics(catalog, kept)
  const processes = mapValues(kept, (process) => ({
    ...process,
    metrics: process.metrics.filter((m) => metrics.has(m)),
  }))
  const sources = new Map(
    [...processes.values()].flatMap((process) => process.sources.map((s) => [s.name, s] as const)),
  )
  const carried = reached(catalog, new Set([...processes.values()].flatMap((process) => process.dimensions)))
  return {
    version: catalog.version,
    domains: mapValues(catalog.domains, (domain) => domainFor(domain, processes, metrics)),
    processes,
    dimensions: mapValues(catalog.dimensions, (dimension) => (carried.has(dimension.name) ? dimension : undefined)),
    metrics,
    sources,
    calendars: catalog.calendars,
    stores: catalog.stores,
  }
}

/** Dimensions with those that their links lead to. */
function reached(catalog: Catalog, names: ReadonlySet<string>): ReadonlySet<string> {
  const links = [...names].flatMap((name) => [...(catalog.dimensions.get(name)?.links.values() ?? [])])
  const further = new Set([...names, ...links.map(({ dimension }) => dimension)])
  return further.size === names.size ? names : reached(catalog, further)
}

function processFor(process: Process, catalog: Catalog, bound: readonly string[]): Process | undefined {
  const sources = process.sources.filter((source) => carriesAll(source, bound))
  if (sources.length === 0) return undefined
  // A dimension that only a source left out carries can be asked by nobody who sees the rest.
  const lost = process.dimensions.filter((name) => isCarried(name, process.sources) && !isCarried(name, sources))
  const readsLost = ({ filters }: Modifier): boolean =>
    fieldsIn(filters).some((field) => lost.includes(field.split('.')[0] ?? field))
  const modifiers = mapValues(process.modifiers, (modifier) =>
    namesTenant(modifier, catalog, bound) || readsLost(modifier) ? undefined : modifier,
  )
  return { ...process, sources, modifiers, dimensions: process.dimensions.filter((name) => !lost.includes(name)) }
}

function isCarried(dimension: string, sources: readonly Source[]): boolean {
  return sources.some((source) => source.dimensions.has(dimension))
}

function carriesAll(source: Source, bound: readonly string[]): boolean {
  return bound.every((dimension) => source.dimensions.has(dimension))
}

/** True when a modifier compares the key or the name of a bound dimension. */
function namesTenant({ filters }: Modifier, catalog: Catalog, bound: readonly string[]): boolean {
  const names = new Set(
    bound.flatMap((dimension) => {
      const named = [catalog.dimensions.get(dimension)?.nameAttribute ?? 'name', 'name']
      return [dimension, `${dimension}.key`, ...named.map((attribute) => `${dimension}.${attribute}`)]
    }),
  )
  return [...leavesOf(filters)].some(
    ({ field, per, values = [] }) => values.length > 0 && (names.has(field ?? '') || names.has(per ?? '')),
  )
}

/** Fields that filters compare. */
function fieldsIn(filters: readonly FilterInput[]): string[] {
  return [...leavesOf(filters)].flatMap(({ field, per }) => [field, per].filter((name) => name !== undefined))
}

/** The comparisons of filters, however nested. */
function* leavesOf(filters: readonly FilterInput[]): Generator<FilterInput> {
  for (const filter of filters) {
    const { and = [], or = [], not, filters: inner = [] } = filter
    yield* leavesOf([...and, ...or, ...(not === undefined ? [] : [not]), ...inner])
    if (filter.op !== undefined) yield filter
  }
}

/** Metrics whose processes, modifiers and inputs are all there. */
function keepMetrics(catalog: Catalog, processes: ReadonlyMap<string, Process>): ReadonlyMap<string, Metric> {
  const kept = new Map<string, boolean>()
  const keeps = (name: string): boolean => {
    const metric = catalog.metrics.get(name)
    if (metric === undefined) return false
    const known = kept.get(name) ?? keepsMetric(metric)
    kept.set(name, known)
    return known
  }
  const keepsMetric = (metric: Metric): boolean => {
    if (!metric.processes.every((process) => processes.has(process))) return false
    switch (metric.kind) {
      case 'atomic':
        return metric.processes.some((name) => isHeld(metric, catalog.processes.get(name), processes.get(name)))
      case 'derived':
        return keeps(metric.from) && keepsVariant(metric.variant, metric.processes, processes)
      case 'composite':
        return [...walk(metric.expression)].every((part) => {
          if (part.kind !== 'metric') return true
          const input = metric.inputs.get(part.name)
          if (input === undefined) return keeps(part.name)
          const of = catalog.metrics.get(input.metric)?.processes ?? []
          return keeps(input.metric) && keepsVariant(input, of, processes)
        })
      case 'conversion':
        return keeps(metric.base) && keeps(metric.follow)
    }
  }
  return mapValues(catalog.metrics, (metric) => (keeps(metric.name) ? metricFor(metric, processes) : undefined))
}

/** True when the modifiers and the filters of a variant can be asked of what is left. */
function keepsVariant(
  { modifiers, filters }: Variant,
  names: readonly string[],
  processes: ReadonlyMap<string, Process>,
): boolean {
  return names.every((name) => {
    const process = processes.get(name)
    if (process === undefined || !modifiers.every((modifier) => process.modifiers.has(modifier))) return false
    const known = [...process.dimensions, ...process.times, ...process.relations.keys(), 'time']
    return fieldsIn(filters).every((field) => known.includes(field.split('.')[0] ?? field))
  })
}

/** The metric, by the dimensions that are left of its processes. */
function metricFor(metric: Metric, processes: ReadonlyMap<string, Process>): Metric {
  const left = (name: string): boolean => metric.processes.every((of) => processes.get(of)?.dimensions.includes(name))
  return { ...metric, dimensions: metric.dimensions.filter(left) }
}

/** False when sources held the metric and none of them is left. */
function isHeld(metric: AtomicMetric, whole: Process | undefined, left: Process | undefined): boolean {
  const holds = (process: Process | undefined): boolean =>
    process?.sources.some((source) => recipeFor(source, metric) !== undefined) === true
  return holds(left) || !holds(whole)
}

function domainFor(
  domain: Domain,
  processes: ReadonlyMap<string, Process>,
  metrics: ReadonlyMap<string, Metric>,
): Domain | undefined {
  const of = {
    ...domain,
    processes: domain.processes.filter((name) => processes.has(name)),
    metrics: domain.metrics.filter((name) => metrics.has(name)),
  }
  return of.metrics.length === 0 ? undefined : of
}

/** A map without the entries for which `change` gives undefined, in its order. */
function mapValues<T, R>(map: ReadonlyMap<string, T>, change: (value: T) => R | undefined): ReadonlyMap<string, R> {
  const changed = new Map<string, R>()
  for (const [key, value] of map) {
    const result = change(value)
    if (result !== undefined) changed.set(key, result)
  }
  return changed
}
