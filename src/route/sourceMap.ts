import type { Finality } from '../base/finality.ts'
import { type Day, type Instant, startOfDay } from '../base/time.ts'
import type { Source, TimeGrain } from '../catalog/catalog.ts'
import { completenessOf, isComplete, sinceOf } from './completeness.ts'
import type { Candidate, Coverage } from './coverage.ts'
import { type Cuts, cutsOf, isFineEnough } from './cuts.ts'
import type { ReadTime } from './readTime.ts'
import type { Snapshot } from './snapshot.ts'

/**
 * The source map: which business day is read from which source. One map per process and question, used by every column,
 * so that two columns of a row agree.
 *
 *   src(d) = EMPTY, final       d is before the first day of every batch source
 *          | OFFLINE(version)   every metric has a batch source that is complete for d and fine enough
 *          | REALTIME           d lies wholly in the retention of a stream whose store is up
 *          | MISSING            otherwise
 *
 * A map per day and not one boundary date: holes, late and out-of-order publications are then just days.
 */
export type Read =
  | { readonly kind: 'empty' }
  | { readonly kind: 'offline'; readonly candidate: Candidate; readonly version: number | undefined }
  | { readonly kind: 'realtime'; readonly candidate: Candidate }
  | { readonly kind: 'missing' }

export type Reason =
  | 'today'
  | 'offline_not_published'
  | 'offline_hole'
  | 'offline_too_coarse'
  | 'other_metrics_unpublished'
  | 'no_offline_source'
  | 'watermark'
  | 'realtime_retention'
  | 'realtime_down'
  | 'no_realtime_source'

/** Consecutive business days that are read alike. Both ends inclusive. */
export interface Run {
  readonly firstDay: Day
  readonly lastDay: Day
  readonly read: Read
  readonly finality: Finality
  readonly reason: Reason | undefined
}

/** The runs of requests that can be read from the same sources, in order of days. */
export interface ClassMap {
  readonly coverage: readonly Coverage[]
  readonly runs: readonly Run[]
}

export interface RouteContext {
  readonly snapshot: Snapshot
  readonly now: Instant
  /** The moment that streams have kept their rows up to; where the question is of an earlier moment it is not `now`. */
  readonly clock?: Instant | undefined
  /** Stores that can't be reached at this moment. */
  readonly down: ReadonlySet<string>
}

interface CoverageClass {
  readonly members: readonly Coverage[]
  readonly batch: readonly Candidate[]
  readonly streams: readonly Candidate[]
  /** The first day that any batch source of the process may hold; undefined = none is known; -Infinity = there is no such day. */
  readonly since: number | undefined
}

/** Maps every business day of a window, per class of requests. */
export function mapSources(coverages: readonly Coverage[], time: ReadTime, context: RouteContext): ClassMap[] {
  const classes = classesOf(coverages, context.snapshot)
  const cuts = cutsOf(time, finestMoment(coverages))
  const runs = classes.map((): Run[] => [])
  for (const day of daysIn(time)) {
    const offline = classes.map((each) => readOffline(each, day, cuts, context.snapshot))
    const level = classes.every((each, i) => each.batch.length === 0 || offline[i] !== undefined)
    for (const [i, each] of classes.entries()) {
      const run = level && offline[i] !== undefined ? offline[i] : readDay(each, day, offline[i], cuts, time, context)
      append(runs[i] ?? [], run)
    }
  }
  return classes.map((each, i) => ({ coverage: each.members, runs: runs[i] ?? [] }))
}

function* daysIn({ days }: ReadTime): Generator<Day> {
  for (const { firstDay, lastDay } of days) for (let day = firstDay; day <= lastDay; day++) yield day
}

/** How finely moments of snapshots are told apart. */
function finestMoment(coverages: readonly Coverage[]): TimeGrain {
  const grains = coverages.map(({ request }) => request.metric.snapshot?.grain)
  return grains.includes('minute') ? 'minute' : grains.includes('hour') ? 'hour' : 'day'
}

/** The first day that any source may hold, for a question without a range. */
export function firstDayOf(coverages: readonly Coverage[], time: ReadTimeOpen, context: RouteContext): Day {
  const firsts = classesOf(coverages, context.snapshot).flatMap(({ since, streams }) => {
    if (since !== undefined) return [since]
    const retained = streams.map(({ source }) => firstRetained(source, time, context.clock ?? context.now))
    return retained.length === 0 ? [] : [Math.min(...retained)]
  })
  return Math.max(DAWN, Math.min(...firsts, time.today))
}

type ReadTimeOpen = Pick<ReadTime, 'today' | 'businessZone'>

/** Where a question without a range begins when nothing says where data begins: 1970-01-01. */
const DAWN: Day = 0

function firstRetained(source: Source, { today, businessZone }: ReadTimeOpen, now: Instant): number {
  if (source.retention === undefined) return DAWN
  let day = today
  while (day > DAWN && startOfDay(day - 1, businessZone) >= now - source.retention) day--
  return day
}

/** Requests that the same sources cover are mapped once. */
function classesOf(coverages: readonly Coverage[], snapshot: Snapshot): CoverageClass[] {
  const groups = new Map<string, Coverage[]>()
  for (const coverage of coverages) {
    const key = [...coverage.batch, ...coverage.streams].map(({ source }) => source.name).join(' ')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [coverage])
    else group.push(coverage)
  }
  return [...groups.values()].map((members) => {
    const batch = members[0]?.batch ?? []
    // Of all batch sources of the process: a day that another table holds is not empty for this one, but unpublished.
    const sources = batch.length === 0 ? [] : (members[0]?.request.process.sources ?? [])
    const firsts = sources.filter(({ kind }) => kind === 'batch').flatMap((source) => sinceOf(source, snapshot) ?? [])
    const since = firsts.length === 0 ? undefined : Math.min(...firsts)
    return { members, batch, streams: members[0]?.streams ?? [], since }
  })
}

type Mapped = Omit<Run, 'firstDay' | 'lastDay'> & { readonly day: Day }

function readOffline(of: CoverageClass, day: Day, cuts: Cuts, snapshot: Snapshot): Mapped | undefined {
  if (of.since !== undefined && day < of.since) {
    return { day, read: { kind: 'empty' }, finality: 'final', reason: undefined }
  }
  for (const candidate of of.batch) {
    const { source } = candidate
    if (!suits(source, day, cuts)) continue
    const since = sinceOf(source, snapshot)
    if (since === undefined || day < since || !isComplete(source, day, snapshot)) continue
    const version = completenessOf(source, snapshot).versions.get(day)
    const reason = source.complete === 'watermark' ? 'watermark' : undefined
    return { day, read: { kind: 'offline', candidate, version }, finality: 'final', reason }
  }
  return undefined
}

/** True when a source tells times finely enough for a day, or of whole buckets that nothing cuts. */
function suits({ time }: Source, day: Day, cuts: Cuts): boolean {
  return isFineEnough(time.grain, cuts.neededFor(day)) && (time.whole === undefined || cuts.allows(time.whole, day))
}

/** A day that the process as a whole reads from real time, where this class can; else its own batch; else missing. */
function readDay(
  of: CoverageClass,
  day: Day,
  offline: Mapped | undefined,
  cuts: Cuts,
  time: ReadTime,
  context: RouteContext,
): Mapped {
  const needed = cuts.neededFor(day)
  const fine = of.streams.filter(({ source }) => isFineEnough(source.time.grain, needed))
  const oldest = startOfDay(day, time.businessZone)
  const kept = fine.filter(
    ({ source }) => source.retention === undefined || oldest >= (context.clock ?? context.now) - source.retention,
  )
  const candidate = kept.find(({ source }) => !context.down.has(source.store))
  if (candidate !== undefined) {
    const reason = whyRealtime(of, day, offline, cuts, time, context.snapshot)
    return { day, read: { kind: 'realtime', candidate }, finality: 'provisional', reason }
  }
  if (offline !== undefined) return offline
  const reason = whyMissing(of, kept.length, fine.length, day, cuts)
  return { day, read: { kind: 'missing' }, finality: 'missing', reason }
}

function whyMissing(of: CoverageClass, kept: number, fine: number, day: Day, cuts: Cuts): Reason {
  if (kept > 0) return 'realtime_down'
  if (fine > 0) return 'realtime_retention'
  const neverFine = of.batch.every(({ source }) => !suits(source, day, cuts))
  return neverFine ? 'offline_too_coarse' : 'no_realtime_source'
}

function whyRealtime(
  of: CoverageClass,
  day: Day,
  offline: Mapped | undefined,
  cuts: Cuts,
  time: ReadTime,
  snapshot: Snapshot,
): Reason {
  if (day === time.today) return 'today'
  if (of.batch.length === 0) return 'no_offline_source'
  if (offline !== undefined) return 'other_metrics_unpublished'
  const complete = of.batch.filter(({ source }) => isComplete(source, day, snapshot))
  if (complete.some(({ source }) => !suits(source, day, cuts))) return 'offline_too_coarse'
  const later = of.batch.some(({ source }) => {
    const { last, watermark } = completenessOf(source, snapshot)
    return (last !== undefined && last > day) || (watermark !== undefined && watermark > day)
  })
  return later ? 'offline_hole' : 'offline_not_published'
}

/** Extends the last run by a day that is read alike, or begins another. */
function append(runs: Run[], { day, read, finality, reason }: Mapped): void {
  const last = runs.at(-1)
  const follows = last !== undefined && last.lastDay === day - 1
  if (follows && last.finality === finality && last.reason === reason && sameRead(last.read, read)) {
    runs[runs.length - 1] = { ...last, lastDay: day }
  } else runs.push({ firstDay: day, lastDay: day, read, finality, reason })
}

function sameRead(a: Read, b: Read): boolean {
  if (a.kind === 'offline' && b.kind === 'offline') {
    return a.candidate.source === b.candidate.source && a.version === b.version
  }
  if (a.kind === 'realtime' && b.kind === 'realtime') return a.candidate.source === b.candidate.source
  return a.kind === b.kind
}
