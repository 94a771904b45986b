import { addSpan, type Span } from '../base/span.ts'
import {
  addBuckets,
  type DatePart,
  type Day,
  dayFrom,
  dayOf,
  fieldsOf,
  floorDay,
  floorInstant,
  GRAINS,
  type Grain,
  HOUR,
  type Instant,
  type Interval,
  isDayGrain,
  MINUTE,
  offsetOf,
  startOfDay,
  weekday,
} from '../base/time.ts'
import type { ValueType } from '../catalog/schema.ts'
import type { CalendarDays } from './calendar.ts'

/** What a time is grouped by. */
export type TimeUnit =
  | { readonly kind: 'grain'; readonly grain: Grain }
  | { readonly kind: 'part'; readonly part: DatePart }
  | { readonly kind: 'every'; readonly span: Span; readonly from: Day }
  | { readonly kind: 'calendar'; readonly calendar: CalendarDays }

/** A bucket of a base grain: a Day, below day grain an Instant. */
export type BaseKey = Day | Instant

/** The unit in words: month, dow, 2 weeks from 2024-08-23, fiscal_month. */
export function nameOfUnit(unit: TimeUnit): string {
  switch (unit.kind) {
    case 'grain':
      return unit.grain
    case 'part':
      return unit.part
    case 'every':
      return `every_${unit.span.count}_${unit.span.unit}`
    case 'calendar':
      return unit.calendar.name
  }
}

const PART_BASE: Readonly<Record<DatePart, Grain>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  day: 'day',
  dow: 'day',
  doy: 'day',
  hour: 'hour',
}

/** The coarsest standard grain whose buckets each lie in one bucket of the unit. */
export function baseOf(unit: TimeUnit): Grain {
  switch (unit.kind) {
    case 'grain':
      return unit.grain
    case 'part':
      return PART_BASE[unit.part]
    case 'every':
      return unit.span.unit === 'minute' || unit.span.unit === 'hour' ? unit.span.unit : 'day'
    case 'calendar':
      return 'day'
  }
}

/** The coarsest grain whose buckets lie each in one bucket of both; weeks and months share no bucket but the day. */
export function meet(a: Grain, b: Grain): Grain {
  const finer = GRAINS[Math.min(GRAINS.indexOf(a), GRAINS.indexOf(b))] ?? 'day'
  return finer === 'week' && a !== b ? 'day' : finer
}

/** The key of a unit for a base bucket; null for a day that a calendar does not know. */
export function unitKey(unit: TimeUnit, base: BaseKey, grain: Grain, zone: string): number | null {
  if (unit.kind === 'grain' && !isDayGrain(unit.grain)) return floorInstant(base, unit.grain, zone)
  if (unit.kind === 'part' && unit.part === 'hour') return Math.floor((base + offsetOf(base, zone)) / HOUR) % 24
  if (unit.kind === 'every' && !isDayGrain(unit.span.unit)) return floorInterval(unit.span, unit.from, base, zone)
  return dayKey(unit, isDayGrain(grain) ? base : dayOf(base, zone))
}

function dayKey(unit: TimeUnit, day: Day): number | null {
  switch (unit.kind) {
    case 'grain':
      return isDayGrain(unit.grain) ? floorDay(day, unit.grain) : null
    case 'part':
      return partOf(day, unit.part)
    case 'every':
      return floorEvery(day, unit.span, unit.from)
    case 'calendar':
      return unit.calendar.start(day) ?? null
  }
}

function partOf(day: Day, part: DatePart): number {
  const { year, month, day: ofMonth } = fieldsOf(day)
  switch (part) {
    case 'year':
      return year
    case 'quarter':
      return Math.ceil(month / 3)
    case 'month':
      return month
    case 'day':
      return ofMonth
    case 'dow':
      return weekday(day)
    case 'doy':
      return day - dayFrom(year, 1, 1) + 1
    case 'hour':
      return 0
  }
}

/** The first day of the interval that holds a day; intervals begin at `from` and run both ways. */
function floorEvery(day: Day, { count, unit }: Span, from: Day): Day {
  if (unit === 'day' || unit === 'week') {
    const length = unit === 'day' ? count : 7 * count
    return from + Math.floor((day - from) / length) * length
  }
  const span = { count, unit }
  const months = unit === 'month' ? count : unit === 'quarter' ? 3 * count : 12 * count
  let times = Math.floor((day - from) / (months * 30.436_875))
  // The mean length of a month may be off by one interval.
  while (addSpan(from, span, times) > day) times--
  while (addSpan(from, span, times + 1) <= day) times++
  return addSpan(from, span, times)
}

function floorInterval({ count, unit }: Span, from: Day, instant: Instant, zone: string): Instant {
  const length = count * (unit === 'hour' ? HOUR : MINUTE)
  const start = startOfDay(from, zone)
  return start + Math.floor((instant - start) / length) * length
}

/** The column type of a unit's keys. */
export function unitType(unit: TimeUnit): 'date' | 'timestamp' | 'int64' | 'string' {
  switch (unit.kind) {
    case 'grain':
      return isDayGrain(unit.grain) ? 'date' : 'timestamp'
    case 'part':
      return 'int64'
    case 'every':
      return isDayGrain(unit.span.unit) ? 'date' : 'timestamp'
    case 'calendar':
      return 'string'
  }
}

/** What filters compare a unit with. */
export function unitValueType(unit: TimeUnit): ValueType {
  return unit.kind === 'part' ? 'integer' : 'date'
}

/** The base bucket that begins `count` buckets later. */
export function nextBase(base: BaseKey, grain: Grain, zone: string): BaseKey {
  if (isDayGrain(grain)) return addBuckets(base, grain, 1)
  const width = grain === 'hour' ? HOUR : MINUTE
  // Where clocks change by half an hour, an hour of the wall clock may be shorter.
  return grain === 'hour' ? Math.max(floorInstant(base + width, 'hour', zone), base + MINUTE) : base + width
}

/** The base bucket that holds an instant. */
export function baseAt(instant: Instant, grain: Grain, zone: string): BaseKey {
  return isDayGrain(grain) ? floorDay(dayOf(instant, zone), grain) : floorInstant(instant, grain, zone)
}

/** The instant at which a base bucket begins. */
export function baseStart(base: BaseKey, grain: Grain, zone: string): Instant {
  return isDayGrain(grain) ? startOfDay(base, zone) : base
}

/** True when an instant is the edge of two buckets of a grain. */
export function isEdge(instant: Instant, grain: Grain, zone: string): boolean {
  return baseStart(baseAt(instant, grain, zone), grain, zone) === instant
}

/** The bucket of a unit that holds an instant; of a part, the days on end that share it. */
export function bucketAround(unit: TimeUnit, instant: Instant, zone: string): Interval {
  if (!Number.isFinite(instant)) return { from: instant, to: instant }
  if (unit.kind === 'grain' && !isDayGrain(unit.grain)) {
    const from = floorInstant(instant, unit.grain, zone)
    return { from, to: from + (unit.grain === 'hour' ? HOUR : MINUTE) }
  }
  const day = dayOf(instant, zone)
  if (unit.kind === 'grain' && isDayGrain(unit.grain)) {
    const first = floorDay(day, unit.grain)
    return { from: startOfDay(first, zone), to: startOfDay(addBuckets(first, unit.grain, 1), zone) }
  }
  if (unit.kind === 'calendar') {
    const { first, last } = unit.calendar.bounds(day) ?? { first: day, last: day }
    return { from: startOfDay(first, zone), to: startOfDay(last + 1, zone) }
  }
  const first = unitKey(unit, day, 'day', zone) ?? day
  let next = day
  while (unitKey(unit, next, 'day', zone) === first) next++
  return { from: startOfDay(first, zone), to: startOfDay(next, zone) }
}
