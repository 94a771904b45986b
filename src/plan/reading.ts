import { Fault, faultDetail } from '../base/faults.ts'
import {
  dayOf,
  floorInstant,
  type Grain,
  type Instant,
  type Interval,
  isDayGrain,
  startOfDay,
  union,
} from '../base/time.ts'
import type { Offset } from '../catalog/catalog.ts'
import type { Calendars } from '../query/calendar.ts'
import { fieldsOf } from '../query/predicates.ts'
import type { Predicate, Window } from '../query/resolved.ts'
import { type BaseKey, baseAt, baseStart, isEdge, meet, nextBase } from '../query/timeUnit.ts'
import type { SeriesSteps } from './series.ts'
import { grainNamed, Timeline } from './timeline.ts'

/** What one bucket of a series reads: the states of these stretches together, or a value of each to be averaged. */
export type BucketReads =
  | { readonly kind: 'together'; readonly intervals: readonly Interval[] }
  | { readonly kind: 'average'; readonly intervals: readonly (readonly Interval[])[] }

/** So many stretches of a series are read one by one; where there are more, with what lies between them. */
const MOST_STRETCHES = 100

/** How a series reads time. Everything is worked out from the window and the steps; no data is needed. */
export class Reading {
  readonly window: Window
  readonly timeline: Timeline
  readonly steps: SeriesSteps
  readonly #bucketGrain: Grain | undefined
  readonly #cut: Instant | undefined
  /** The grain that tells both sides of the cut apart, where some bucket reads both. */
  readonly #tornBy: Grain | undefined

  constructor(steps: SeriesSteps, window: Window, calendars: Calendars) {
    this.steps = steps
    this.window = window
    this.timeline = new Timeline(stepOf(steps, window), window.zone, calendars)
    const shifts = steps.shifts
    const byBucket = shifts.length > 0 && shifts.every(({ by }) => by === 'bucket')
    this.#bucketGrain = byBucket ? window.grain : undefined
    const cut = this.#cutOf()
    const isTorn = cut !== undefined && this.#isTornBy(cut)
    this.#cut = isTorn ? floorInstant(cut, 'minute', window.zone) : cut
    this.#tornBy = isTorn && this.#cut !== undefined ? grainOf(this.#cut, window.zone) : undefined
  }

  /** True when a bucket reads its own days and nothing else. */
  get isPlain(): boolean {
    return this.steps.period === undefined && this.steps.shifts.length === 0
  }

  /** The coarsest grain that rows must be told apart by; undefined when everything read is one value. */
  get needs(): Grain | undefined {
    const { window, steps } = this
    const filtered = window.days.length === 0 ? undefined : dayNeeds(window)
    if (this.isPlain) return filtered === undefined ? window.grain : meet(filtered, window.grain ?? filtered)
    if (window.grain === undefined) return steps.period === undefined ? filtered : undefined
    if (this.#tornBy !== undefined) return meet(this.#tornBy, meet(this.timeline.step, window.grain))
    if (this.#bucketGrain !== undefined && steps.period === undefined && filtered === undefined) return window.grain
    return meet(this.timeline.step, meet(window.grain, filtered ?? this.timeline.step))
  }

  /** All the time that the series reads, half-open; nothing when the question lies in the future. */
  get reads(): readonly Interval[] {
    const { window, timeline } = this
    const { interval } = window
    if (interval.from >= interval.to) return []
    if (this.isPlain) return [interval]
    const first = timeline.at(interval.from)
    const last = this.#lastBegun(first)
    if (last < first && window.grain !== undefined) return []
    const stretches = this.#isSparse ? this.#stretches(last) : undefined
    if (stretches !== undefined) return stretches
    const span = window.grain === undefined ? this.#whole(first, last) : this.#hull(first, last)
    if (span === undefined) return []
    const [from, to] = span
    const clipped = {
      from,
      to: Math.min(to, window.end, this.#tornBy === undefined ? (this.#cut ?? Infinity) : Infinity),
    }
    return clipped.from < clipped.to ? [clipped] : []
  }

  /** What the bucket of these positions reads; the positions are those of the answer's range, in order. */
  of(positions: readonly BaseKey[]): BucketReads {
    const { window, steps } = this
    const [first] = positions
    const last = positions.at(-1)
    if (first === undefined || last === undefined) return { kind: 'together', intervals: [] }
    const cut = this.#holdsNow(first, last) ? this.#cut : undefined
    const clip = (from: Instant, to: Instant): Interval[] => {
      const end = Math.min(to, cut ?? Infinity)
      return from < end ? [{ from, to: end }] : []
    }
    if (window.grain === undefined) {
      const whole = this.#whole(first, last)
      return { kind: 'together', intervals: whole === undefined ? [] : clip(...whole) }
    }
    if (steps.period === undefined) return { kind: 'together', intervals: this.#plainReads(first, positions, clip) }
    const anchors = this.#anchors(first, last, positions)
    const windows = anchors.map((anchor) => this.#windowAt(anchor, clip))
    if (steps.period.at === 'average' && !steps.period.atStart) return { kind: 'average', intervals: windows }
    return { kind: 'together', intervals: windows[0] ?? [] }
  }

  /** Days that a bucket reads without a period: shifted one by one, or as a bucket. */
  #plainReads(
    first: BaseKey,
    positions: readonly BaseKey[],
    clip: (from: Instant, to: Instant) => Interval[],
  ): Interval[] {
    const { timeline } = this
    if (this.#bucketGrain !== undefined) {
      const { from, to } = this.#sourceBucket(first, this.#bucketGrain)
      return clip(from, to)
    }
    const used = this.#startsOnly ? [this.#bucketStart(first)] : positions
    const intervals: Interval[] = []
    for (const position of used) {
      const source = this.#shifted(position)
      if (source === undefined) continue
      const [one] = clip(timeline.start(source), timeline.start(timeline.next(source)))
      const before = intervals.at(-1)
      if (one === undefined) continue
      // A day read twice, as months are clamped, counts twice: only neighbours are joined.
      if (before !== undefined && before.to === one.from)
        intervals[intervals.length - 1] = { from: before.from, to: one.to }
      else intervals.push(one)
    }
    return intervals
  }

  /** The positions whose windows give a bucket its value. */
  #anchors(first: BaseKey, last: BaseKey, positions: readonly BaseKey[]): BaseKey[] {
    const { period } = this.steps
    if (this.#bucketGrain !== undefined) {
      const { from, to } = this.#sourceBucket(first, this.#bucketGrain)
      const end = Math.min(to, this.#holdsNow(first, last) ? (this.#cut ?? Infinity) : Infinity)
      const ends = [this.timeline.at(from), this.timeline.at(end - 1)] as const
      if (period?.atStart) return [ends[0]]
      if (period?.at === 'average') return this.#between(...ends)
      return [period?.at === 'first' ? ends[0] : ends[1]]
    }
    const shifted = (of: readonly BaseKey[]) => of.flatMap((each) => this.#shifted(each) ?? [])
    if (this.#startsOnly || period?.atStart) return shifted([this.#bucketStart(first)])
    if (period?.at === 'average') return shifted(positions)
    return shifted([period?.at === 'first' ? first : last])
  }

  #between(first: BaseKey, last: BaseKey): BaseKey[] {
    const all: BaseKey[] = []
    for (let at = first; at <= last; at = this.timeline.next(at)) all.push(at)
    return all
  }

  #windowAt(anchor: BaseKey, clip: (from: Instant, to: Instant) => Interval[]): Interval[] {
    const { period } = this.steps
    const window = period && this.timeline.window(anchor, period)
    return window === undefined ? [] : clip(this.timeline.start(window.from), this.timeline.start(window.to))
  }

  /** Where the shifts lead from a position, one after the other; undefined outside of a calendar. */
  #shifted(position: BaseKey): BaseKey | undefined {
    let at: BaseKey | undefined = position
    for (const { offset } of this.steps.shifts) at = at === undefined ? undefined : this.timeline.shift(at, offset)
    return at
  }

  /** At a grain coarser than the days it starts from, `start of` uses the days that begin a bucket. */
  get #startsOnly(): boolean {
    return this.steps.shifts.some(({ offset }) => offset.kind === 'start')
  }

  #bucketStart(position: BaseKey): BaseKey {
    const { grain } = this.window
    if (grain === undefined || !isDayGrain(grain)) return position
    return this.timeline.floor(position, grain) ?? position
  }

  /** The earlier bucket that a bucket shows, cut as the range cuts its own. */
  #sourceBucket(position: BaseKey, grain: Grain): Interval {
    const { asked, zone } = this.window
    const base = baseAt(this.timeline.start(position), grain, zone)
    let bucket = { from: baseStart(base, grain, zone), to: baseStart(nextBase(base, grain, zone), grain, zone) }
    // A bucket that lies whole in the range shows a whole bucket, whatever the lengths of the two.
    let limits = {
      from: asked.from > bucket.from ? asked.from : -Infinity,
      to: asked.to < bucket.to ? asked.to : Infinity,
    }
    for (const { offset } of this.steps.shifts) {
      bucket = { from: this.#movedEdge(bucket.from, offset), to: this.#movedEdge(bucket.to, offset) }
      limits = { from: this.#movedEdge(limits.from, offset), to: this.#movedEnd(limits.to, offset) }
    }
    return { from: Math.max(bucket.from, limits.from), to: Math.min(bucket.to, limits.to) }
  }

  #movedEdge(edge: Instant, offset: Offset): Instant {
    return this.timeline.shiftInstant(edge, offset) ?? edge
  }

  /** An end is moved by the last day before it, so that a clamped month keeps its last day. */
  #movedEnd(end: Instant, offset: Offset): Instant {
    if (!Number.isFinite(end)) return end
    const last = this.timeline.at(end - 1)
    const moved = this.timeline.shift(last, offset)
    return moved === undefined ? end : this.timeline.start(this.timeline.next(moved))
  }

  /** The one value of a question without time groups, from where to where it reads; undefined outside of a calendar. */
  #whole(first: BaseKey, last: BaseKey): [Instant, Instant] | undefined {
    const { period } = this.steps
    const { timeline } = this
    const from = this.#shifted(first)
    if (period !== undefined) {
      const anchor = period.atStart ? from : this.#shifted(last)
      // Without a range a window is over everything.
      const everything = this.window.open && !Number.isFinite(this.window.asked.to)
      if (everything) return [-Infinity, timeline.start(timeline.next(last))]
      const window = anchor === undefined ? undefined : timeline.window(anchor, period)
      return window === undefined ? undefined : [timeline.start(window.from), timeline.start(window.to)]
    }
    const to = this.#startsOnly ? from : this.#shifted(last)
    if (from === undefined || to === undefined) return undefined
    return [timeline.start(from), timeline.start(timeline.next(to))]
  }

  /** What all buckets together read at most. */
  #hull(first: BaseKey, last: BaseKey): [Instant, Instant] {
    const { timeline, steps } = this
    let from: BaseKey
    let to: BaseKey
    if (this.#bucketGrain !== undefined) {
      from = Number.isFinite(first) ? timeline.at(this.#sourceBucket(first, this.#bucketGrain).from) : first
      to = timeline.at(this.#sourceBucket(last, this.#bucketGrain).to - 1)
    } else {
      const start = this.#startsOnly || steps.period?.atStart ? this.#bucketStart(first) : first
      from = this.#shifted(start) ?? -Infinity
      to = this.#shifted(last) ?? last
    }
    if (steps.period !== undefined) {
      from = timeline.window(from, steps.period)?.from ?? -Infinity
      const end = timeline.window(to, steps.period)?.to ?? timeline.next(to)
      return [timeline.start(from), timeline.start(end)]
    }
    return [timeline.start(from), timeline.start(timeline.next(to))]
  }

  /**
   * True when a bucket of many positions reads by one of them only: the month by the window that ends it, the week by the
   * day that begins it. Then what lies between is not read.
   */
  get #isSparse(): boolean {
    const { window, steps, timeline } = this
    if (window.grain === undefined || window.grain === timeline.step || window.days.length > 0) return false
    if (!Number.isFinite(window.interval.from)) return false
    if (steps.period === undefined) return this.#startsOnly && this.#bucketGrain === undefined
    return steps.period.atStart || steps.period.at !== 'average'
  }

  /** What the buckets up to a position read, one by one; undefined where those are too many pieces to be read apart. */
  #stretches(last: BaseKey): readonly Interval[] | undefined {
    const { timeline, window } = this
    const { interval } = window
    const end = timeline.start(timeline.next(last))
    const all: Interval[] = []
    let buckets = 0
    for (let { from } = interval; from < end; from = this.#endOfBucket(from)) {
      if (buckets++ === MOST_STRETCHES) return undefined
      const { intervals } = this.of([timeline.at(from), Math.min(timeline.at(this.#endOfBucket(from) - 1), last)])
      all.push(...intervals.flat())
    }
    const cut = all.map(({ from, to }) => ({ from, to: Math.min(to, window.end) }))
    return union(cut.filter(({ from, to }) => from < to))
  }

  /** The last position of the range whose bucket has begun: others have no row. */
  #lastBegun(first: BaseKey): BaseKey {
    const { window, timeline } = this
    const [last, present] = [timeline.at(window.interval.to - 1), timeline.at(window.now)]
    if (first <= present || window.grain === undefined) return Math.min(last, present)
    // Of a range that begins after now, what still falls into the bucket of now.
    return Math.min(last, timeline.at(this.#endOfBucket(window.now) - 1))
  }

  /** Where the bucket of an instant ends, in a question by time. */
  #endOfBucket(instant: Instant): Instant {
    const { grain = 'day', zone } = this.window
    return baseStart(nextBase(baseAt(instant, grain, zone), grain, zone), grain, zone)
  }

  /** True where a bucket before that of now reads beyond the cut: clamped days, windows ahead. */
  #isTornBy(cut: Instant): boolean {
    const { window, timeline } = this
    if (window.grain === undefined) return false
    const start = baseStart(baseAt(window.now, window.grain, window.zone), window.grain, window.zone)
    const first = timeline.at(window.interval.from)
    const before = timeline.at(start - 1)
    return first <= before && this.#hull(first, before)[1] > cut
  }

  #holdsNow(first: BaseKey, last: BaseKey): boolean {
    const { now, asked } = this.window
    const at = this.timeline.at(now)
    return asked.to > now && first <= at && at <= last
  }

  /** How far an unfinished bucket of an earlier side is read: as far as the present one has come. */
  #cutOf(): Instant | undefined {
    const { now, asked, zone } = this.window
    const elapsed = this.steps.shifts.find((shift) => shift.elapsed !== undefined)?.elapsed
    if (elapsed === undefined || elapsed === 'whole' || !(asked.to > now && asked.from <= now)) return undefined
    let cut: Instant | undefined = elapsed === 'same' ? this.window.elapsed : startOfDay(dayOf(now, zone), zone)
    for (const { offset } of this.steps.shifts)
      cut = cut === undefined ? undefined : this.timeline.shiftInstant(cut, offset)
    return cut
  }
}

function stepOf({ period, shifts }: SeriesSteps, window: Window): 'minute' | 'hour' | 'day' {
  const units = [
    ...(window.grain === undefined ? [] : [window.grain]),
    ...(window.days.length === 0 ? [] : [dayNeeds(window)]),
    ...[period?.trailing, period?.leading].flatMap((bound) =>
      bound === undefined || bound === 'all' ? [] : [grainNamed(bound.unit)],
    ),
    ...shifts.flatMap(({ offset }) => (offset.kind === 'back' ? [grainNamed(offset.by.unit)] : [])),
  ]
  return units.includes('minute') ? 'minute' : units.includes('hour') ? 'hour' : 'day'
}

/** How finely conditions on the answer's time tell it apart. Faults with NOT_ANSWERABLE below the minute. */
function dayNeeds({ days, zone }: Window): Grain {
  const grains = days.flatMap((condition) => [...cutsOf(condition)].map((cut) => grainOf(cut, zone)))
  const parts = days.flatMap((condition) => [...fieldsOf(condition)].map(({ part }) => part))
  const ofParts: Grain = parts.includes('hour') ? 'hour' : 'day'
  return grains.reduce<Grain>((a, b) => meet(a, b), ofParts)
}

function* cutsOf(predicate: Predicate): Generator<Instant> {
  if (predicate.kind === 'all' || predicate.kind === 'any') for (const item of predicate.items) yield* cutsOf(item)
  else if (predicate.kind === 'during')
    for (const edge of [predicate.from, predicate.to]) if (edge !== undefined) yield edge
}

function grainOf(cut: Instant, zone: string): 'minute' | 'hour' | 'day' {
  const grain = (['day', 'hour', 'minute'] as const).find((each) => isEdge(cut, each, zone))
  if (grain !== undefined) return grain
  const message = 'A moment of less than a minute can be an end of the time, and not be left out of it; write minutes.'
  throw Fault.at([faultDetail('NOT_ANSWERABLE', '/filters', message)])
}
