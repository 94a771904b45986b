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
import { meet } from '../query/timeUnit.ts'
import type { ReadTime } from './readTime.ts'

/**
 * How fine a source must be to answer for a business day: a table of days can't tell what lies before and after a cut
 * that falls inside one. Cuts are the ends of the range and the edges of buckets.
 */
export interface Cuts {
  /** The coarsest time grain that can answer for the day. */
  neededFor(day: Day): TimeGrain
  /** True when rows that tell of a whole bucket can answer for its days: no cut lies within it. */
  allows(whole: DayGrain, day: Day): boolean
  /** The days, in order, that need another grain than the day before. */
  readonly edges: readonly Day[]
}

const FINENESS: Readonly<Record<TimeGrain, number>> = { day: 0, hour: 1, minute: 2, instant: 3 }

/** True when a source of grain `has` can answer where `needs` is needed. */
export function isFineEnough(has: TimeGrain, needs: TimeGrain): boolean {
  return FINENESS[has] >= FINENESS[needs]
}

/** `moment` is how finely a snapshot tells moments apart. */
export function cutsOf(time: ReadTime, moment: TimeGrain): Cuts {
  const everyDay = finer(everyDayNeeds(time), moment)
  const special = new Map<Day, TimeGrain>()
  for (const cut of singleCuts(time)) {
    const day = dayOf(cut, time.businessZone)
    const needs = grainOfCut(cut, day, time.businessZone)
    const before = special.get(day) ?? everyDay
    if (!isFineEnough(before, needs)) special.set(day, needs)
  }
  const ends = new Set(dayEdges(time))
  const neededFor = (day: Day): TimeGrain => special.get(day) ?? everyDay
  return {
    neededFor,
    edges: changesOf(special.keys(), neededFor),
    allows: (whole, day) => {
      const { base, zone, businessZone, other } = time
      if (zone !== businessZone || other !== undefined || everyDay !== 'day') return false
      if (base !== undefined && (base === 'exact' || meet(base, whole) !== whole)) return false
      const first = floorDay(day, whole)
      const end = addBuckets(first, whole, 1)
      for (let each = first + 1; each < end; each++) if (special.has(each) || ends.has(each)) return false
      return !special.has(first)
    },
  }
}

/** Cuts as `cutsOf` tells them, once for all processes of a question that are asked for the same time. */
export function rememberCuts(): typeof cutsOf {
  const known = new Map<string, Cuts>()
  return (time, moment) => {
    const { businessZone, zone, base, reads, days, today, other } = time
    // -Infinity is null in JSON, as nothing else here is.
    const key = JSON.stringify([businessZone, zone, base, reads, days, today, other, moment])
    const cuts = known.get(key) ?? cutsOf(time, moment)
    known.set(key, cuts)
    return cuts
  }
}

function changesOf(special: Iterable<Day>, neededFor: Cuts['neededFor']): Day[] {
  const changes = new Set<Day>()
  for (const day of special) {
    if (neededFor(day - 1) !== neededFor(day)) changes.add(day)
    if (neededFor(day + 1) !== neededFor(day)) changes.add(day + 1)
  }
  return [...changes].toSorted((a, b) => a - b)
}

/** Days that a read begins with, or that follow its last; the end of today cuts nothing, for nothing is behind it. */
function* dayEdges({ reads, businessZone, today }: ReadTime): Generator<Day> {
  const end = startOfDay(today + 1, businessZone)
  for (const { from, to } of reads) {
    if (Number.isFinite(from)) yield dayOf(from, businessZone)
    if (Number.isFinite(to) && to !== end) yield dayOf(to, businessZone)
  }
}

function finer(a: TimeGrain, b: TimeGrain): TimeGrain {
  return isFineEnough(a, b) ? a : b
}

function everyDayNeeds({ base: grain, reads, zone, businessZone, other }: ReadTime): TimeGrain {
  // A further time is looked at row by row, whatever the process's own.
  if (grain === undefined || other !== undefined) return 'day'
  if (grain === 'exact') return 'instant'
  if (grain === 'minute') return 'minute'
  const at = reads.find(({ from }) => Number.isFinite(from))?.from ?? 0
  const apart = zone === businessZone ? 0 : offsetOf(at, zone) - offsetOf(at, businessZone)
  // Hours of the bucket zone may begin in the middle of an hour of the business zone (half-hour zones).
  if (grain === 'hour') return apart % HOUR === 0 ? 'hour' : 'minute'
  // Kiritimati and Honolulu show one time and two dates: a date of the table would name the wrong bucket.
  return Math.abs(apart) >= DAY ? 'hour' : 'day'
}

function singleCuts({ reads, base, zone, businessZone, days, other }: ReadTime): Instant[] {
  const cuts = reads.flatMap(({ from, to }) => [from, to]).filter(Number.isFinite)
  // Day buckets of another zone begin inside business days.
  if (base === undefined || base === 'exact' || other !== undefined || !isDayGrain(base) || zone === businessZone)
    return cuts
  for (const { firstDay, lastDay } of days) {
    const end = startOfDay(lastDay + 1, businessZone)
    let bucket = floorDay(dayOf(startOfDay(firstDay, businessZone), zone), base)
    for (;;) {
      bucket = addBuckets(bucket, base, 1)
      const edge = startOfDay(bucket, zone)
      if (edge >= end) break
      cuts.push(edge)
    }
  }
  return cuts
}

function grainOfCut(cut: Instant, day: Day, zone: string): TimeGrain {
  const start = startOfDay(day, zone)
  if (start === cut) return 'day'
  // On a day of whole hours the hours of the clock are those since midnight, also when one of them is shown twice.
  const isWhole = (startOfDay(day + 1, zone) - start) % HOUR === 0
  if (isWhole ? (cut - start) % HOUR === 0 : floorInstant(cut, 'hour', zone) === cut) return 'hour'
  return cut % MINUTE === 0 ? 'minute' : 'instant'
}
