import { Temporal } from 'temporal-polyfill'

/** A calendar day: days since 1970-01-01 in the proleptic Gregorian calendar. */
export type Day = number
/** Milliseconds since the epoch. */
export type Instant = number

/** Half-open: `from` belongs to it, `to` does not. */
export interface Interval {
  readonly from: Instant
  readonly to: Instant
}

/** Intervals in order, those that touch joined. */
export function union(intervals: readonly Interval[]): Interval[] {
  const all: Interval[] = []
  for (const each of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1)
    if (last !== undefined && each.from <= last.to)
      all[all.length - 1] = { from: last.from, to: Math.max(last.to, each.to) }
    else all.push(each)
  }
  return all
}

/** From finest to coarsest. */
export const GRAINS = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
export type Grain = (typeof GRAINS)[number]
export type DayGrain = Exclude<Grain, 'minute' | 'hour'>

/** Numbers that a time can be looked at by; dow is ISO: Monday 1 to Sunday 7. */
export const DATE_PARTS = ['year', 'quarter', 'month', 'day', 'dow', 'doy', 'hour'] as const
export type DatePart = (typeof DATE_PARTS)[number]

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Days that can be asked for; both engines hold them. */
export const FIRST_DAY: Day = -25_567 // 1900-01-01
export const LAST_DAY: Day = 120_529 // 2299-12-31

export function isDayGrain(grain: Grain): grain is DayGrain {
  return grain !== 'minute' && grain !== 'hour'
}

const DAY_FORM = /^(\d{4})-(\d{2})-(\d{2})$/

/** Days that were written or read before; an answer names each of its few days in thousands of rows. */
const texts = new Map<Day, string>()
const days = new Map<string, Day>()
const MOST_CACHED_DAYS = 100_000

/** Reads YYYY-MM-DD; undefined when it is not a day of the calendar. */
export function parseDay(text: string): Day | undefined {
  const known = days.get(text)
  if (known !== undefined) return known
  const match = DAY_FORM.exec(text)
  if (match === null) return undefined
  const day = dayFrom(Number(match[1]), Number(match[2]), Number(match[3]))
  if (formatDay(day) !== text) return undefined
  if (days.size >= MOST_CACHED_DAYS) days.clear()
  days.set(text, day)
  return day
}

/** Month is 1 to 12; days and months beyond their end roll over. */
export function dayFrom(year: number, month: number, day: number): Day {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime() / DAY
}

export function formatDay(day: Day): string {
  let text = texts.get(day)
  if (text === undefined) {
    text = new Date(day * DAY).toISOString().slice(0, 10)
    if (texts.size >= MOST_CACHED_DAYS) texts.clear()
    texts.set(day, text)
  }
  return text
}

/** Calendar fields of a day; month 1 to 12. */
export function fieldsOf(day: Day): { year: number; month: number; day: number } {
  const date = new Date(day * DAY)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** ISO: Monday 1 to Sunday 7. */
export function weekday(day: Day): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** The first day of the bucket that holds `day`; weeks start on Monday. */
export function floorDay(day: Day, grain: DayGrain): Day {
  if (grain === 'day') return day
  if (grain === 'week') return day - (weekday(day) - 1)
  const { year, month } = fieldsOf(day)
  if (grain === 'month') return dayFrom(year, month, 1)
  if (grain === 'quarter') return dayFrom(year, month - ((month - 1) % 3), 1)
  return dayFrom(year, 1, 1)
}

/** The first day of the bucket `count` buckets later; `day` is the first of its own. */
export function addBuckets(day: Day, grain: DayGrain, count: number): Day {
  if (grain === 'day') return day + count
  if (grain === 'week') return day + 7 * count
  const { year, month } = fieldsOf(day)
  const months = grain === 'month' ? 1 : grain === 'quarter' ? 3 : 12
  return dayFrom(year, month + months * count, 1)
}

/** The time zone's canonical spelling, or undefined when there is none of that name. Offsets are not zones. */
export function findZone(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name)) return undefined
  const lower = name.toLowerCase()
  if (lower === 'utc' || lower === 'etc/utc') return 'UTC'
  // Names of ICU's own, that no tz database has.
  if (lower.startsWith('systemv/') || lower === 'us/pacific-new') return undefined
  try {
    // The engines read the name as written in the tz database. Intl would give an older name of the same zone.
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId
  } catch {
    return undefined
  }
}

let names: ReadonlyMap<string, string> | undefined

function zoneNames(): ReadonlyMap<string, string> {
  names ??= new Map(Intl.supportedValuesOf('timeZone').map((zone) => [zone.toLowerCase(), zone]))
  return names
}

/** Every zone name that is offered as a suggestion. */
export function knownZones(): Iterable<string> {
  return zoneNames().values()
}

const starts = new Map<string, Map<Day, Instant>>()
const MOST_CACHED_STARTS = 200_000

/** The instant at which a day begins in a zone (the first moment that bears the date, also where midnight is skipped). */
export function startOfDay(day: Day, zone: string): Instant {
  if (zone === 'UTC') return day * DAY
  let ofZone = starts.get(zone)
  if (ofZone === undefined) {
    ofZone = new Map()
    starts.set(zone, ofZone)
  }
  let start = ofZone.get(day)
  if (start === undefined) {
    const { year, month, day: dayOfMonth } = fieldsOf(day)
    start = Temporal.PlainDate.from({ year, month, day: dayOfMonth }).toZonedDateTime(zone).epochMilliseconds
    if (ofZone.size >= MOST_CACHED_STARTS) ofZone.clear()
    ofZone.set(day, start)
  }
  return start
}

/** The calendar day that holds an instant in a zone. */
export function dayOf(instant: Instant, zone: string): Day {
  let day = Math.floor(instant / DAY)
  if (zone === 'UTC') return day
  // A zone is never more than a day away from UTC: one step to either side is enough.
  if (startOfDay(day, zone) > instant) day -= 1
  else if (startOfDay(day + 1, zone) <= instant) day += 1
  return day
}

/** The first instant of the hour or minute that holds an instant, on the wall clock of a zone. */
export function floorInstant(instant: Instant, grain: 'hour' | 'minute', zone: string): Instant {
  if (grain === 'minute') return Math.floor(instant / MINUTE) * MINUTE
  const offset = offsetOf(instant, zone)
  return Math.floor((instant + offset) / HOUR) * HOUR - offset
}

/** Milliseconds that the wall clock of a zone is ahead of UTC at an instant. */
export function offsetOf(instant: Instant, zone: string): number {
  if (zone === 'UTC') return 0
  const day = dayOf(instant, zone)
  const start = startOfDay(day, zone)
  // On a day of 24 hours the clock is not changed: it is ahead by what it was at midnight.
  if (startOfDay(day + 1, zone) - start === DAY) return day * DAY - start
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000
}

/**
 * The instant a wall clock shows the given time. Where it shows it twice, a start is the first and an end the second of
 * them, so that both are within; where it skips it, both are the moment of the skip, give or take what is written.
 */
export function instantOf(
  wall: { day: Day; hour: number; minute: number; second: number; millisecond: number },
  zone: string,
  which: 'start' | 'end',
): Instant {
  const { year, month, day } = fieldsOf(wall.day)
  const plain = Temporal.PlainDateTime.from({ year, month, day, ...timeOf(wall) })
  const earlier = plain.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const isSkipped = !earlier.toPlainDateTime().equals(plain)
  const first = (which === 'start') !== isSkipped
  return (first ? earlier : plain.toZonedDateTime(zone, { disambiguation: 'later' })).epochMilliseconds
}

function timeOf(wall: { hour: number; minute: number; second: number; millisecond: number }) {
  return { hour: wall.hour, minute: wall.minute, second: wall.second, millisecond: wall.millisecond }
}

/** ISO 8601 with the zone's offset, to the second: 2026-11-20T10:31:07+08:00. */
export function formatInstant(instant: Instant, zone: string): string {
  const offset = offsetOf(instant, zone)
  const wall = new Date(instant + offset).toISOString().slice(0, 19)
  const minutes = Math.abs(Math.trunc(offset / MINUTE))
  const hours = `${Math.floor(minutes / 60)}`.padStart(2, '0')
  const rest = `${minutes % 60}`.padStart(2, '0')
  return `${wall}${offset < 0 ? '-' : '+'}${hours}:${rest}`
}

const DURATION = /^(\d+) (second|minute|hour|day|week)s?$/
const UNIT = { second: 1000, minute: MINUTE, hour: HOUR, day: DAY, week: 7 * DAY } as const

/** `7 days` -> milliseconds; undefined when it is not of that form. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text)
  if (match === null) return undefined
  const unit = match[2]
  if (unit !== 'second' && unit !== 'minute' && unit !== 'hour' && unit !== 'day' && unit !== 'week') return undefined
  return Number(match[1]) * UNIT[unit]
}
