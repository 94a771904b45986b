import { Temporal } from 'temporal-polyfill'

/**
 * The oracle's own calendar, by Temporal alone: nothing of src/base/time. Days are labels (YYYY-MM-DD), which order as
 * texts do; instants are milliseconds.
 */
export type Day = string
export type Grain = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year'

export const HOUR = 3_600_000
export const MINUTE = 60_000

/** Remembers what a function of two keys gave: the same days and instants come up in every question. */
function remembered<A, V>(compute: (a: A, zone: string) => V): (a: A, zone: string) => V {
  const zones = new Map<string, Map<A, V>>()
  return (a, zone) => {
    const known = zones.get(zone) ?? new Map<A, V>()
    zones.set(zone, known)
    const found = known.get(a)
    if (found !== undefined) return found
    const value = compute(a, zone)
    if (known.size > 100_000) known.clear()
    known.set(a, value)
    return value
  }
}

/** The first moment that bears a day's date in a zone. */
export const startOf: (day: Day, zone: string) => number = remembered(
  (day, zone) => Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds,
)

/** The date that the clocks of a zone show. */
export const dayAt: (instant: number, zone: string) => Day = remembered((instant, zone) =>
  at(instant, zone).toPlainDate().toString(),
)

/** The first moment of the hour on the wall clock of a zone; an hour that comes twice is two hours. */
export const hourAt: (instant: number, zone: string) => number = remembered(
  (instant, zone) => at(instant, zone).round({ smallestUnit: 'hour', roundingMode: 'floor' }).epochMilliseconds,
)

/** ISO 8601 with the offset, to the second. */
export function isoAt(instant: number, zone: string): string {
  return at(instant, zone).toString({ smallestUnit: 'second', timeZoneName: 'never', calendarName: 'never' })
}

function at(instant: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
}

const shifted = remembered((day: Day, count: string) =>
  Temporal.PlainDate.from(day)
    .add({ days: Number(count) })
    .toString(),
)

export function plus(day: Day, count: number): Day {
  return shifted(day, String(count))
}

/** The first day of the bucket that holds a day; weeks begin on Monday. */
export const bucketOf: (day: Day, grain: string) => Day = remembered((day, grain) => {
  const date = Temporal.PlainDate.from(day)
  switch (grain) {
    case 'week':
      return date.subtract({ days: date.dayOfWeek - 1 }).toString()
    case 'month':
      return date.with({ day: 1 }).toString()
    case 'quarter':
      return date.with({ day: 1, month: date.month - ((date.month - 1) % 3) }).toString()
    case 'year':
      return date.with({ day: 1, month: 1 }).toString()
    default:
      return day
  }
})

/** The first day of the next bucket. */
export const bucketAfter: (bucket: Day, grain: string) => Day = remembered((bucket, grain) => {
  const date = Temporal.PlainDate.from(bucket)
  switch (grain) {
    case 'week':
      return date.add({ weeks: 1 }).toString()
    case 'month':
      return date.add({ months: 1 }).toString()
    case 'quarter':
      return date.add({ months: 3 }).toString()
    case 'year':
      return date.add({ years: 1 }).toString()
    default:
      return date.add({ days: 1 }).toString()
  }
})

/** A wall clock's text in a zone as an instant; `which` of the two where the clocks show it twice. */
export function wall(text: string, zone: string, which: 'earlier' | 'later'): number {
  return Temporal.PlainDateTime.from(text).toZonedDateTime(zone, { disambiguation: which }).epochMilliseconds
}

/** True when the clocks of a zone never show this time. */
export function isSkipped(text: string, zone: string): boolean {
  const plain = Temporal.PlainDateTime.from(text)
  return !plain.toZonedDateTime(zone).toPlainDateTime().equals(plain)
}

export function isDayGrain(grain: Grain): boolean {
  return grain !== 'minute' && grain !== 'hour'
}
