import { Fault, faultDetail } from '../base/faults.ts'
import {
  type Day,
  dayOf,
  floorDay,
  formatDay,
  type Grain,
  type Interval,
  isDayGrain,
  startOfDay,
} from '../base/time.ts'
import type { Source } from '../catalog/catalog.ts'
import { isSpread, type Recipe } from '../catalog/recipe.ts'
import { type Aggregate, aggregatesOf, joinOf, type LogicalNode, pickOf } from '../plan/logical.ts'
import type { AtomicRequest, Field, Predicate, ResolvedQuestion, ScopePredicate } from '../query/resolved.ts'
import { alignedDays } from './align.ts'
import { type Coverage, coverageOf } from './coverage.ts'
import { firstDayOf } from './coverageClass.ts'
import { type cutsOf, rememberCuts } from './cuts.ts'
import type { Situation } from './dayRead.ts'
import type { DayRange, ReadTime } from './readTime.ts'
import type { ClassMap, RouteContext, Run } from './run.ts'
import { mapSources, situationOf } from './sourceMap.ts'

/** Where everything is read: for each process its source map and the slices that follow from it. */
export interface PhysicalPlan {
  readonly aggregates: readonly PhysicalAggregate[]
}

export interface PhysicalAggregate {
  readonly node: Aggregate
  readonly time: ReadTime
  readonly maps: readonly ClassMap[]
  readonly slices: readonly Slice[]
}

/** One read of one source: states of some requests per group, over some time. */
export interface Slice {
  readonly source: Source
  readonly measures: readonly SliceMeasure[]
  readonly ranges: readonly SliceRange[]
  readonly time: ReadTime
  readonly fields: readonly Field[]
  readonly filters: readonly Predicate[]
  readonly scope: readonly ScopePredicate[]
}

export interface SliceMeasure {
  readonly request: AtomicRequest
  readonly recipe: Recipe
  /**
   * How values that must meet travel: spread over rows, or, for a distinct count whose keys meet no others in any
   * bucket or total, as the number the store itself counts. Both are exact.
   */
  readonly travels: 'state' | 'spread' | 'count'
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
export function route(plan: LogicalNode, question: ResolvedQuestion, context: RouteContext): PhysicalPlan {
  const cutsFor = rememberCuts()
  const situations = aggregatesOf(plan).map((node) => ({ node, situation: situate(node, question, context, cutsFor) }))
  return {
    aggregates: mapAll(situations, question).map(({ node, situation: { time }, maps }) => {
      for (const map of maps) requireFineSource(map, time)
      requireKept(maps, context)
      return { node, time, maps, slices: slicesOf(maps, node, time, mergesLater(node, plan, question)) }
    }),
  }
}

function situate(
  node: Aggregate,
  { catalog }: ResolvedQuestion,
  context: RouteContext,
  cutsFor: typeof cutsOf,
): Situation {
  const coverages = node.requests.map((request) => coverageOf(request, node, catalog))
  for (const coverage of coverages) requireSource(coverage)
  return situationOf(coverages, readTime(node, coverages, context), context, cutsFor)
}

/** The source map of each process; aligned where the question asks for it. */
function mapAll(
  processes: readonly { readonly node: Aggregate; readonly situation: Situation }[],
  question: ResolvedQuestion,
) {
  const mapped = processes.map(({ node, situation }) => {
    return { node, process: node.process, situation, maps: mapSources(situation) }
  })
  if (!question.align) return mapped
  return mapped.map((each) => {
    const moved = alignedDays(each, mapped, question)
    return moved.size === 0 ? each : { ...each, maps: mapSources({ ...each.situation, moved }) }
  })
}

/** True when cells of an aggregate meet after the stores have answered: in totals, windows, or coarser keys. */
function mergesLater(node: Aggregate, plan: LogicalNode, question: ResolvedQuestion): boolean {
  const { totals, subtotals, top, keys, metrics } = question
  if (totals || subtotals.length > 0 || top !== undefined || metrics.some(({ kind }) => kind === 'share')) return true
  if (keys.some(({ kind, unit }) => unit !== undefined && (kind === 'field' || unit.kind !== 'grain'))) return true
  if (keys.filter(({ kind }) => kind === 'time').length > 1) return true
  if (node.base !== node.window.grain || node.requests.some(({ metric }) => metric.snapshot !== undefined)) return true
  return joinOf(plan).inputs.some((input) => pickOf(input.node).input === node && input.node.kind !== 'pick')
}

function readTime(node: Aggregate, coverages: readonly Coverage[], context: RouteContext): ReadTime {
  const { businessZone, zone, today } = node.window
  const end = startOfDay(today + 1, businessZone)
  // Rows of any business day may bear a further time: all of them are looked through.
  const reads = node.time === undefined ? node.reads : node.reads.length === 0 ? [] : [{ from: -Infinity, to: end }]
  const other = node.time === undefined ? undefined : { name: node.time, reads: node.reads }
  const whole = { businessZone, zone, base: node.time === undefined ? node.base : undefined, reads, today, days: [] }
  const first = reads.some(({ from }) => !Number.isFinite(from)) ? firstDayOf(coverages, whole, context) : 0
  const days = joined(
    reads.flatMap(({ from, to }) => {
      const firstDay = Number.isFinite(from) ? dayOf(from, businessZone) : first
      const lastDay = dayOf(Math.min(to, end) - 1, businessZone)
      return firstDay > lastDay ? [] : [{ firstDay, lastDay }]
    }),
  )
  return { ...whole, base: node.base, days, other }
}

/** Ranges of days in order; a day that two reads share is one. */
function joined(ranges: readonly DayRange[]): DayRange[] {
  const all: DayRange[] = []
  for (const range of ranges) {
    const last = all.at(-1)
    if (last !== undefined && range.firstDay <= last.lastDay + 1)
      all[all.length - 1] = { firstDay: last.firstDay, lastDay: Math.max(last.lastDay, range.lastDay) }
    else all.push(range)
  }
  return all
}

function requireSource({ request, batch, streams, refusals }: Coverage): void {
  if (batch.length > 0 || streams.length > 0) return
  const message = `No source can answer for ${request.id}: ${refusals.join('; ')}.`
  throw Fault.at([faultDetail('NOT_ANSWERABLE', '/metrics', message)])
}

/** A day for which no source at all is fine enough would be missing for ever: that is a refusal, and says what works. */
function requireFineSource({ coverage, runs }: ClassMap, time: ReadTime): void {
  const [first] = coverage
  const never = runs.some(({ read, reason }) => read.kind === 'missing' && reason === 'offline_too_coarse')
  if (first === undefined || !never) return
  const grains = [...first.batch, ...first.streams].map(
    ({ source }) => `${source.name} tells times by the ${source.time.whole ?? source.time.grain}`,
  )
  const message =
    `The question cuts time more finely than its sources hold it (${grains.join(', ')}); ` +
    `ask by whole days of ${time.businessZone}, or widen the range with wholeBuckets.`
  throw Fault.at([faultDetail('NOT_ANSWERABLE', '/time', message)])
}

/** Of an earlier epoch only what is still kept can be read. */
function requireKept(maps: readonly ClassMap[], { snapshot }: RouteContext): void {
  const gone = maps.flatMap(({ runs }) =>
    runs.flatMap(({ read, firstDay, lastDay }) => {
      if (read.kind !== 'offline') return []
      const { name } = read.candidate.source
      const days = [...(snapshot.sources.get(name)?.gone ?? [])].filter((day) => day >= firstDay && day <= lastDay)
      return days.map((day) => `${name} of ${formatDay(day)} in version ${read.version}`)
    }),
  )
  if (gone.length === 0) return
  const more = gone.length > 20 ? ` and ${gone.length - 20} more` : ''
  throw new Fault(
    'GONE',
    `No longer kept as it was at epoch ${snapshot.epoch}: ${gone.slice(0, 20).join(', ')}${more}.`,
  )
}

function slicesOf(maps: readonly ClassMap[], node: Aggregate, time: ReadTime, mergesLater: boolean): Slice[] {
  const slices = new Map<string, { source: Source; ranges: SliceRange[]; measures: SliceMeasure[] }>()
  for (const { coverage, runs } of maps) {
    const native = !mergesLater && !mixesStores(runs, time)
    for (const [source, ranges] of rangesBySource(runs, time)) {
      const key = `${source.name} ${ranges.map((r) => `${r.firstDay}-${r.lastDay}v${r.version}`).join(' ')}`
      const slice = slices.get(key) ?? { source, ranges, measures: [] }
      slices.set(key, slice)
      for (const each of coverage) slice.measures.push(measureOf(each, source, native))
    }
  }
  const { fields, filters, scope } = node
  return [...slices.values()].map((slice) => ({ ...slice, time, fields, filters, scope }))
}

function measureOf({ request, batch, streams }: Coverage, source: Source, native: boolean): SliceMeasure {
  const candidate = [...batch, ...streams].find((each) => each.source === source)
  if (candidate === undefined) throw new TypeError(`${source.name} was mapped and does not cover ${request.id}`)
  const { recipe } = candidate
  const travels = !isSpread(recipe) ? 'state' : native && recipe.kind === 'keys' ? 'count' : 'spread'
  return { request, recipe, travels }
}

function rangesBySource(runs: readonly Run[], time: ReadTime): Map<Source, SliceRange[]> {
  const bySource = new Map<Source, SliceRange[]>()
  for (const { firstDay, lastDay, read } of runs) {
    if (read.kind !== 'offline' && read.kind !== 'realtime') continue
    const { source } = read.candidate
    const ranges = bySource.get(source) ?? []
    bySource.set(source, ranges)
    const version = read.kind === 'offline' && source.version !== undefined ? read.version : undefined
    for (const range of rangesOf(firstDay, lastDay, version, time)) {
      const last = ranges.at(-1)
      // Runs that differ only in what is said of them are one range to the store.
      if (last !== undefined && last.version === version && last.interval.to === range.interval.from) {
        const interval = { from: last.interval.from, to: range.interval.to }
        ranges[ranges.length - 1] = { ...last, lastDay: range.lastDay, interval }
      } else ranges.push(range)
    }
  }
  return bySource
}

/** What is read of consecutive days: the reads that touch them, cut to them. */
function rangesOf(firstDay: Day, lastDay: Day, version: number | undefined, time: ReadTime): SliceRange[] {
  const { businessZone } = time
  const opens = firstDay === time.days[0]?.firstDay && firstDay <= 0
  const start = startOfDay(firstDay, businessZone)
  const end = startOfDay(lastDay + 1, businessZone)
  return time.reads.flatMap((read) => {
    const lowest = opens && !Number.isFinite(read.from)
    const interval = { from: lowest ? -Infinity : Math.max(read.from, start), to: Math.min(read.to, end) }
    if (interval.from >= interval.to) return []
    const first = lowest || interval.from === start ? firstDay : dayOf(interval.from, businessZone)
    const last = interval.to === end ? lastDay : dayOf(interval.to - 1, businessZone)
    return [{ firstDay: first, lastDay: last, interval, version }]
  })
}

/** True when some bucket takes rows from two sources: its distinct keys must then meet before they are counted. */
function mixesStores(runs: readonly Run[], { base, zone, businessZone, other }: ReadTime): boolean {
  const sources = new Set(runs.flatMap(({ read }) => ('candidate' in read ? [read.candidate.source] : [])))
  if (sources.size < 2) return false
  if (base === undefined || other !== undefined) return true
  if (zone !== businessZone) return true
  if (base === 'exact' || !isDayGrain(base)) return false
  const grain: Exclude<Grain, 'minute' | 'hour'> = base
  let before: { readonly source: Source; readonly lastDay: Day } | undefined
  for (const { read, firstDay, lastDay } of runs) {
    if (!('candidate' in read)) continue
    const { source } = read.candidate
    const meets = before !== undefined && floorDay(before.lastDay, grain) === floorDay(firstDay, grain)
    if (meets && before?.source !== source) return true
    before = { source, lastDay }
  }
  return false
}
