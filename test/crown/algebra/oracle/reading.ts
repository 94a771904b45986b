import { bucketOf, type Day, dayAt, startOf } from '../../oracle/calendar.ts'
import type { GrainText, PeriodParts, PeriodText } from '../model.ts'
import type { Leaf } from './columns.ts'
import { daysOfBucket, floorTo, move, moveInstant, next, positionOf, type Span, spanOf, type Timing } from './spans.ts'
import type { Window } from './window.ts'

/** Half-open, milliseconds; infinite where there is no end. */
export interface Interval {
  readonly from: number
  readonly to: number
}

/** What makes one value of a bucket; several are averaged. */
export type BucketRead = readonly Interval[]

export interface TimeOf {
  readonly window: Window
  readonly timing: Timing
  readonly now: number
  /** Of the keys the question groups by; empty = no time grouping. */
  readonly grains: readonly (GrainText | undefined)[]
}

/** What a bucket of these positions reads. */
export function readsOf(positions: readonly number[], leaf: Leaf, of: TimeOf): BucketRead[] {
  const { window, timing, grains } = of
  const [first] = positions
  const last = positions.at(-1)
  if (first === undefined || last === undefined) return [[]]
  const step = (position: number): Interval => ({ from: position, to: next(position, timing) })
  if (leaf.period === undefined && leaf.shifts.length === 0)
    return [positions.map(step).map((each) => within(each, window))]
  const cut = cutOf(last, leaf, of)
  const clipped = (read: readonly Interval[]): BucketRead =>
    read.map(({ from, to }) => ({ from, to: Math.min(to, cut) })).filter(({ from, to }) => from < to)
  const moved = movedPositions(positions, leaf, of)
  if (leaf.period === undefined) return [clipped(moved.map(step))]
  const period = partsOf(leaf.period)
  if (grains.length === 0 && window.open) return [[{ from: -Infinity, to: next(last, timing) }]]
  const anchors = anchorsOf(moved, period, positions, leaf, of)
  return anchors.map((anchor) => clipped(windowAt(anchor, period, timing)))
}

function within({ from, to }: Interval, window: Window): Interval {
  return { from: Math.max(from, window.from), to: Math.min(to, window.to) }
}

export function partsOf(period: PeriodText): PeriodParts {
  if (typeof period !== 'string') return period
  if (period === 'all time') return { trailing: 'all' }
  const [, toDate] = /^(\w+) to date$/.exec(period) ?? []
  if (toDate !== undefined) return { toDate }
  const span = period.slice(period.indexOf(' ') + 1)
  return period.startsWith('trailing') ? { trailing: span } : { leading: span }
}

/** An unfinished bucket is compared with the same elapsed part: up to the image of now. */
function cutOf(last: number, { shifts }: Leaf, { timing, now }: TimeOf): number {
  if (!shifts.some(({ cut }) => cut) || last !== positionOf(now, timing)) return Infinity
  return shifts.reduce((at, { offset }) => moveInstant(at, spanOf(offset), timing.zone), now)
}

/** The positions that a bucket's own become by its shifts. */
function movedPositions(positions: readonly number[], { shifts }: Leaf, { timing, grains }: TimeOf): number[] {
  const [first = 0] = positions
  const last = positions.at(-1) ?? first
  if (shifts.length === 0) return [...positions]
  const through = (position: number) =>
    shifts.reduce<number | undefined>(
      (at, { offset }) => (at === undefined ? at : shifted(at, offset, timing)),
      position,
    )
  const startsOnly = shifts.some(({ offset }) => offset.startsWith('start of'))
  if (grains.length === 0) {
    const [from, to] = [through(first), through(startsOnly ? first : last)]
    return from === undefined || to === undefined ? [] : between(from, to, timing)
  }
  const [grain, ...more] = grains
  if (more.length === 0 && typeof grain === 'string' && isCoarse(grain)) {
    const zone = timing.zone
    const bucket = bucketOf(dayAt(first, zone), grain)
    if (shifts.every(({ offset }) => isWhole(offset, grain))) {
      const days = shifts.reduce<Day>(
        (day, { offset }) => dayAt(shifted(startOf(day, zone), offset, timing) ?? 0, zone),
        bucket,
      )
      return daysOfBucket(days, grain, zone).flatMap((day) =>
        timing.step === 'day' ? [day] : between(day, next(day, { ...timing, step: 'day' }) - 1, timing),
      )
    }
    if (startsOnly) return [through(startOf(bucket, zone)) ?? []].flat()
  } else if (startsOnly && more.length === 0 && typeof grain !== 'string') return [through(first) ?? []].flat()
  return positions.flatMap((position) => through(position) ?? [])
}

function between(from: number, to: number, timing: Timing): number[] {
  const all: number[] = []
  for (let at = from; at <= to; at = next(at, timing)) all.push(at)
  return all
}

function shifted(position: number, offset: string, timing: Timing): number | undefined {
  if (offset.startsWith('start of ')) return floorTo(position, offset.slice('start of '.length), timing)
  return move(position, spanOf(offset), -1, timing)
}

function isCoarse(grain: string): boolean {
  return ['week', 'month', 'quarter', 'year'].includes(grain)
}

const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 }
const WEEK_DAYS: Readonly<Record<string, number>> = { day: 1, week: 7 }

/** True when an offset is whole buckets of a grain. */
export function isWhole(offset: string, grain: string): boolean {
  if (offset.startsWith('start of')) return false
  const { count, unit }: Span = spanOf(offset)
  if (grain === 'week') return (count * (WEEK_DAYS[unit] ?? Number.NaN)) % 7 === 0
  return (count * (MONTHS[unit] ?? Number.NaN)) % (MONTHS[grain] ?? Number.NaN) === 0
}

/** The positions whose windows make the value of a bucket. */
function anchorsOf(
  moved: readonly number[],
  period: PeriodParts,
  positions: readonly number[],
  leaf: Leaf,
  of: TimeOf,
): number[] {
  const [first] = moved
  const last = moved.at(-1)
  if (first === undefined || last === undefined) return []
  if (of.grains.length === 0) return [last]
  if (period.atStart === true) {
    const [grain] = of.grains
    const [own = 0] = positions
    const start = typeof grain === 'string' && isCoarse(grain) ? (floorTo(own, grain, of.timing) ?? own) : own
    if (leaf.shifts.length === 0) return [start]
    return [first]
  }
  if (period.at === 'average') return [...moved]
  return [period.at === 'first' ? first : last]
}

/** The days (hours) that the row of a position reads. */
function windowAt(
  anchor: number,
  { trailing, leading, toDate, atStart = false }: PeriodParts,
  timing: Timing,
): Interval[] {
  if (toDate !== undefined) {
    const from = floorTo(anchor, toDate, timing)
    return from === undefined ? [] : [{ from, to: next(anchor, timing) }]
  }
  const reach = (text: string | undefined, sign: 1 | -1) =>
    text === undefined ? anchor : text === 'all' ? sign * Infinity : move(anchor, spanOf(text), sign, timing)
  const after = (position: number) => (Number.isFinite(position) && !atStart ? next(position, timing) : position)
  return [{ from: after(reach(trailing, -1)), to: after(reach(leading, 1)) }]
}
