import { type Day, dayOf } from '../base/time.ts'
import type { Source } from '../catalog/catalog.ts'
import { isComplete, knownOf, sinceOf } from './completeness.ts'
import type { Candidate } from './coverage.ts'
import type { CoverageClass } from './coverageClass.ts'
import { type Cuts, isFineEnough } from './cuts.ts'
import type { ReadTime } from './readTime.ts'
import { firstRetained } from './retention.ts'
import type { Mapped, Reason, RouteContext, Silence } from './run.ts'

/** What decides where the days of one process are read from. */
export interface Situation {
  readonly classes: readonly CoverageClass[]
  readonly time: ReadTime
  readonly cuts: Cuts
  readonly context: RouteContext
  /** Days that are read from real time for the sake of another process. */
  readonly moved: ReadonlySet<Day>
}

const EMPTY: Mapped = { read: { kind: 'empty' }, finality: 'final', reason: undefined }

/** The cheapest batch source that is complete for a day and fine enough for it; undefined when there is none. */
export function readOffline(of: CoverageClass, day: Day, { cuts, context }: Situation): Mapped | undefined {
  const { snapshot } = context
  if (of.since !== undefined && day < of.since) return EMPTY
  for (const candidate of of.batch) {
    const { source } = candidate
    if (!suits(source, day, cuts)) continue
    const since = sinceOf(source, snapshot)
    if (since === undefined || day < since || !isComplete(source, day, snapshot)) continue
    const version = knownOf(source, snapshot).versions.get(day)
    const reason = source.complete === 'watermark' ? 'watermark' : undefined
    return { read: { kind: 'offline', candidate, version }, finality: 'final', reason }
  }
  return undefined
}

/** True when a source tells times finely enough for a day, or of whole buckets that nothing cuts. */
function suits({ time }: Source, day: Day, cuts: Cuts): boolean {
  return isFineEnough(time.grain, cuts.neededFor(day)) && (time.whole === undefined || cuts.allows(time.whole, day))
}

/** A day that the process as a whole reads from real time, where this class can; else its own batch; else missing. */
export function readRealtime(of: CoverageClass, day: Day, offline: Mapped | undefined, situation: Situation): Mapped {
  const { fine, kept, candidate } = streamsFor(of, day, situation)
  if (candidate !== undefined) {
    const silence = silenceOf(candidate.source, day, situation)
    const reason = silence === undefined ? whyRealtime(of, day, offline, situation) : 'realtime_stale'
    return { read: { kind: 'realtime', candidate, silence }, finality: 'provisional', reason }
  }
  if (offline !== undefined) return offline
  const reason = whyMissing(of, kept.length, fine.length, day, situation.cuts)
  return { read: { kind: 'missing' }, finality: 'missing', reason }
}

/** True when every class could read a day from real time. */
export function streamsHold(day: Day, situation: Situation): boolean {
  return situation.classes.every((each) => streamsFor(each, day, situation).candidate !== undefined)
}

/** What a silent stream lacks is told of the days since its newest event. */
function silenceOf({ name }: Source, day: Day, { time, context }: Situation): Silence | undefined {
  const silence = context.silent.get(name)
  if (silence?.newest === undefined) return silence
  return day >= dayOf(silence.newest, time.businessZone) ? silence : undefined
}

/** The streams that are fine enough for a day, those of them that still hold it, and the first of those that is up. */
function streamsFor(of: CoverageClass, day: Day, { cuts, time, context }: Situation) {
  const needed = cuts.neededFor(day)
  const fine = of.streams.filter(({ source }) => isFineEnough(source.time.grain, needed))
  const kept = fine.filter(({ source }) => day >= firstRetained(source, time.businessZone, context))
  const candidate: Candidate | undefined = kept.find(({ source }) => !context.down.has(source.store))
  return { fine, kept, candidate }
}

function whyMissing(of: CoverageClass, kept: number, fine: number, day: Day, cuts: Cuts): Reason {
  if (kept > 0) return 'realtime_down'
  if (fine > 0) return 'realtime_retention'
  const neverFine = of.batch.every(({ source }) => !suits(source, day, cuts))
  return neverFine ? 'offline_too_coarse' : 'no_realtime_source'
}

function whyRealtime(of: CoverageClass, day: Day, offline: Mapped | undefined, situation: Situation): Reason {
  const { time, cuts, context, moved } = situation
  const { snapshot } = context
  if (offline !== undefined && moved.has(day)) return 'aligned'
  if (day === time.today) return 'today'
  if (of.batch.length === 0) return 'no_offline_source'
  if (offline !== undefined) return 'other_metrics_unpublished'
  const complete = of.batch.filter(({ source }) => isComplete(source, day, snapshot))
  if (complete.some(({ source }) => !suits(source, day, cuts))) return 'offline_too_coarse'
  const later = of.batch.some(({ source }) => {
    const { last, watermark } = knownOf(source, snapshot)
    return (last !== undefined && last > day) || (watermark !== undefined && watermark > day)
  })
  return later ? 'offline_hole' : 'offline_not_published'
}
