import {
  type Day,
  dayFrom,
  dayOf,
  fieldsOf,
  GRAINS,
  type Grain,
  HOUR,
  type Instant,
  instantOf,
  MINUTE,
  offsetOf,
  startOfDay,
} from './time.ts'

/** A length of calendar time: 7 days, 1 month. */
export interface Span {
  readonly count: number
  readonly unit: Grain
}

const FORM = /^(\d{1,5}) ?([a-z]+?)s?$/

/** Reads `7 days` or `1 month`; undefined when it is not of that form. */
export function parseSpan(text: string): Span | undefined {
  const match = FORM.exec(text.trim().toLowerCase())
  const unit = GRAINS.find((grain) => grain === match?.[2])
  if (match === null || unit === undefined) return undefined
  return { count: Number(match[1]), unit }
}

/** `7 days`, `1 month`. */
export function formatSpan({ count, unit }: { readonly count: number; readonly unit: string }): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

const MONTHS = { month: 1, quarter: 3, year: 12 } as const
const DAYS = { day: 1, week: 7 } as const

/** True when a span is a whole number of days, weeks, months, ...; hours and minutes are not. */
export function isDaySpan({ unit }: Span): boolean {
  return unit !== 'hour' && unit !== 'minute'
}

/**
 * The day `times` spans later (earlier when negative). Months are clamped to their last day: 31 March less one month is
 * the last day of February. A span below a day moves no day.
 */
export function addSpan(day: Day, { count, unit }: Span, times: number): Day {
  if (unit === 'day' || unit === 'week') return day + times * count * DAYS[unit]
  if (unit === 'hour' || unit === 'minute') return day
  const { year, month, day: dayOfMonth } = fieldsOf(day)
  const months = month + times * count * MONTHS[unit]
  const last = fieldsOf(dayFrom(year, months + 1, 0)).day
  return dayFrom(year, months, Math.min(dayOfMonth, last))
}

/**
 * The instant `times` spans later on the wall clock of a zone; hours and minutes are counted as they pass. A time that
 * the clocks skip is the moment of the skip.
 */
export function addSpanToInstant(instant: Instant, span: Span, times: number, zone: string): Instant {
  if (span.unit === 'hour') return instant + times * span.count * HOUR
  if (span.unit === 'minute') return instant + times * span.count * MINUTE
  const day = dayOf(instant, zone)
  const moved = addSpan(day, span, times)
  // The same time of the day, except on days of a clock change.
  if (isPlainDay(day, zone) && isPlainDay(moved, zone))
    return startOfDay(moved, zone) + (instant - startOfDay(day, zone))
  const wall = (instant + offsetOf(instant, zone)) % 86_400_000
  const ofDay = wall < 0 ? wall + 86_400_000 : wall
  const time = {
    day: moved,
    hour: Math.floor(ofDay / HOUR),
    minute: Math.floor((ofDay % HOUR) / MINUTE),
    second: Math.floor((ofDay % MINUTE) / 1000),
    millisecond: ofDay % 1000,
  }
  return instantOf(time, zone, 'start')
}

function isPlainDay(day: Day, zone: string): boolean {
  return startOfDay(day + 1, zone) - startOfDay(day, zone) === 24 * HOUR
}
