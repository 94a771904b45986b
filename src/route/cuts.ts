import {
  addBuckets,
  DAY,
  type Day,
  type DayGrain,
  dayOf,
  floorDay,
  floorInstant,
  HOUR,
  type Instant,
  isDayGrain,
  MINUTE,
  offsetOf,
  startOfDay,
} from '../base/time.ts'
import type { TimeGrain } from '../catalog/catalog.ts'
import type { Window } from '../query/resolved.ts'

/**
 * How fine a source must be to answer for a business day: a table of days can't tell what lies before and after a cut
 * that falls inside one. Cuts are the ends of the range and the edges of buckets.
 */
export interface Cuts {
  /** The coarsest time grain that can answer for the day. */
  neededFor(day: Day): TimeGrain
}

const FINENESS: Readonly<Record<TimeGrain, number>> = { day: 0, hour: 1, minute: 2, instant: 3 }

/** True when a source of grain `has` can answer where `needs` is needed. */
export function isFineEnough(has: TimeGrain, needs: TimeGrain): boolean {
  return FINENESS[has] >= FINENESS[needs]
}

export function cutsOf(window: Window): Cuts {
  const everyDay = everyDayNeeds(window)
  const special = new Map<Day, TimeGrain>()
  for (const cut of singleCuts(window)) {
    const day = dayOf(cut, window.businessZone)
    const needs = grainOfCut(cut, day, window.businessZone)
    const before = special.get(day) ?? everyDay
    if (!isFineEnough(before, needs)) special.set(day, needs)
  }
  return { neededFor: (day) => special.get(day) ?? everyDay }
}

function everyDayNeeds({ grain, interval, zone, businessZone }: Window): TimeGrain {
  if (grain === undefined) return 'day'
  if (grain === 'minute') return 'minute'
  const apart = zone === businessZone ? 0 : offsetOf(interval.from, zone) - offsetOf(interval.from, businessZone)
  // Hours of the bucket zone may begin in the middle of an hour of the business zone (half-hour zones).
  if (grain === 'hour') return apart % HOUR === 0 ? 'hour' : 'minute'
  // Kiritimati and Honolulu show one time and two dates: a date of the table would name the wrong bucket.
  return Math.abs(apart) >= DAY ? 'hour' : 'day'
}

function* singleCuts(window: Window): Generator<Instant> {
  if (!window.open) yield window.interval.from
  yield window.interval.to
  // Day buckets of another zone begin inside business days.
  if (window.grain === undefined || !isDayGrain(window.grain) || window.zone === window.businessZone) return
  yield* bucketEdges(window, window.grain)
}

function* bucketEdges(window: Window, grain: DayGrain): Generator<Instant> {
  let bucket = floorDay(dayOf(window.interval.from, window.zone), grain)
  for (;;) {
    bucket = addBuckets(bucket, grain, 1)
    const edge = startOfDay(bucket, window.zone)
    if (edge >= window.interval.to) return
    yield edge
  }
}

function grainOfCut(cut: Instant, day: Day, zone: string): TimeGrain {
  if (startOfDay(day, zone) === cut) return 'day'
  if (floorInstant(cut, 'hour', zone) === cut) return 'hour'
  return cut % MINUTE === 0 ? 'minute' : 'instant'
}
