import { Fault, faultDetail } from '../base/faults.ts'
import { type Day, floorDay, type Interval, isDayGrain, startOfDay } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import type { Recipe } from '../catalog/recipe.ts'
import { type Aggregate, joinOf, type LogicalNode } from '../plan/logical.ts'
import type { AtomicRequest, Field, Predicate, ScopePredicate, Window } from '../query/resolved.ts'
import { type Coverage, coverageOf } from './coverage.ts'
import { type ClassMap, firstDayOf, mapSources, type RouteContext, type Run } from './sourceMap.ts'

/** Where everything is read: for each process its source map and the slices that follow from it. */
export interface PhysicalPlan {
  readonly aggregates: readonly PhysicalAggregate[]
}

export interface PhysicalAggregate {
  readonly node: Aggregate
  /** The node's window, begun at the first data where the question named no range. */
  readonly window: Window
  readonly maps: readonly ClassMap[]
  readonly slices: readonly Slice[]
}

/** One read of one source: states of some requests per group, over some time. */
export interface Slice {
  readonly source: Source
  readonly measures: readonly SliceMeasure[]
  readonly ranges: readonly SliceRange[]
  readonly window: Window
  readonly fields: readonly Field[]
  readonly filters: readonly Predicate[]
  readonly scope: readonly ScopePredicate[]
}

export interface SliceMeasure {
  readonly request: AtomicRequest
  readonly recipe: Recipe
  /**
   * How a distinct count travels: as its keys, or, where no other slice meets it in any bucket and no total is
   * asked, as the number the store itself counts. Both are exact.
   */
  readonly distinct: 'keys' | 'count' | undefined
}

/** Whole or cut business days of one version. The interval is half-open and lies within the days. */
export interface SliceRange {
  readonly firstDay: Day
  readonly lastDay: Day
  /** `from` is -Infinity where the question has no lower end and the source none either. */
  readonly interval: Interval
  readonly version: number | undefined
}

/** Chooses sources for a logical plan. Faults with NOT_ANSWERABLE when no source could ever answer. */
export function route(plan: LogicalNode, catalog: Catalog, totals: boolean, context: RouteContext): PhysicalPlan {
  return { aggregates: joinOf(plan).inputs.map((node) => routeAggregate(node, catalog, totals, context)) }
}

function routeAggregate(node: Aggregate, catalog: Catalog, totals: boolean, context: RouteContext): PhysicalAggregate {
  const coverages = node.requests.map((request) => coverageOf(request, node, catalog))
  for (const coverage of coverages) requireSource(coverage)
  const window = node.window.open
    ? { ...node.window, firstDay: firstDayOf(coverages, node.window, context) }
    : node.window
  const maps = mapSources(coverages, window, context)
  for (const map of maps) requireFineSource(map, window)
  return { node, window, maps, slices: slicesOf(maps, node, window, totals) }
}

function requireSource({ request, batch, streams, refusals }: Coverage): void {
  if (batch.length > 0 || streams.length > 0) return
  const message = `No source can answer for ${request.id}: ${refusals.join('; ')}.`
  throw Fault.at([faultDetail('NOT_ANSWERABLE', '/metrics', message)])
}

/** A day for which no source at all is fine enough would be missing for ever: that is a refusal, and says what works. */
function requireFineSource({ coverage, runs }: ClassMap, window: Window): void {
  const [first] = coverage
  const never = runs.some(({ read, reason }) => read.kind === 'missing' && reason === 'offline_too_coarse')
  if (first === undefined || !never) return
  const grains = [...first.batch, ...first.streams].map(
    ({ source }) => `${source.name} tells times by the ${source.time.grain}`,
  )
  const message =
    `The question cuts time more finely than its sources hold it (${grains.join(', ')}); ` +
    `ask by whole days of ${window.businessZone}.`
  throw Fault.at([faultDetail('NOT_ANSWERABLE', '/time', message)])
}

function slicesOf(maps: readonly ClassMap[], node: Aggregate, window: Window, totals: boolean): Slice[] {
  const slices = new Map<string, { source: Source; ranges: SliceRange[]; measures: SliceMeasure[] }>()
  for (const { coverage, runs } of maps) {
    const native = !totals && !mixesStores(runs, window)
    for (const [source, ranges] of rangesBySource(runs, window)) {
      const key = `${source.name} ${ranges.map((r) => `${r.firstDay}-${r.lastDay}v${r.version}`).join(' ')}`
      const slice = slices.get(key) ?? { source, ranges, measures: [] }
      slices.set(key, slice)
      for (const each of coverage) slice.measures.push(measureOf(each, source, native))
    }
  }
  return [...slices.values()].map((slice) => ({
    ...slice,
    window,
    fields: node.fields,
    filters: node.filters,
    scope: node.scope,
  }))
}

function measureOf({ request, batch, streams }: Coverage, source: Source, native: boolean): SliceMeasure {
  const candidate = [...batch, ...streams].find((each) => each.source === source)
  if (candidate === undefined) throw new TypeError(`${source.name} was mapped and does not cover ${request.id}`)
  const distinct = candidate.recipe.kind === 'keys' ? (native ? 'count' : 'keys') : undefined
  return { request, recipe: candidate.recipe, distinct }
}

function rangesBySource(runs: readonly Run[], window: Window): Map<Source, SliceRange[]> {
  const bySource = new Map<Source, SliceRange[]>()
  for (const { firstDay, lastDay, read } of runs) {
    if (read.kind !== 'offline' && read.kind !== 'realtime') continue
    const { source } = read.candidate
    const ranges = bySource.get(source) ?? []
    bySource.set(source, ranges)
    const version = read.kind === 'offline' && source.version !== undefined ? read.version : undefined
    const last = ranges.at(-1)
    // Runs that differ only in what is said of them are one range to the store.
    if (last !== undefined && last.version === version && last.lastDay === firstDay - 1) {
      ranges[ranges.length - 1] = rangeOf(last.firstDay, lastDay, version, window)
    } else ranges.push(rangeOf(firstDay, lastDay, version, window))
  }
  return bySource
}

function rangeOf(firstDay: Day, lastDay: Day, version: number | undefined, window: Window): SliceRange {
  const lowest = window.open && firstDay === window.firstDay && window.firstDay <= 0
  const from = lowest
    ? Number.NEGATIVE_INFINITY
    : Math.max(window.interval.from, startOfDay(firstDay, window.businessZone))
  const to = Math.min(window.interval.to, startOfDay(lastDay + 1, window.businessZone))
  return { firstDay, lastDay, interval: { from, to }, version }
}

/** True when some bucket takes rows from two sources: its distinct keys must then meet before they are counted. */
function mixesStores(runs: readonly Run[], window: Window): boolean {
  const sources = new Set(runs.flatMap(({ read }) => ('candidate' in read ? [read.candidate.source] : [])))
  if (sources.size < 2) return false
  if (window.grain === undefined) return true
  if (window.zone !== window.businessZone) return true
  if (!isDayGrain(window.grain)) return false
  const { grain } = window
  return runs.some((run, i) => {
    const next = runs.slice(i + 1).find((each) => 'candidate' in each.read)
    if (next === undefined || !('candidate' in run.read) || !('candidate' in next.read)) return false
    if (run.read.candidate.source === next.read.candidate.source) return false
    return floorDay(run.lastDay, grain) === floorDay(next.firstDay, grain)
  })
}
