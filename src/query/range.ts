import { Fault, faultDetail } from '../base/faults.ts'
import {
  addBuckets,
  type Day,
  type DayGrain,
  dayFrom,
  dayOf,
  FIRST_DAY,
  floorDay,
  floorInstant,
  formatDay,
  HOUR,
  type Instant,
  type Interval,
  instantOf,
  LAST_DAY,
  MINUTE,
  parseDay,
  startOfDay,
} from '../base/time.ts'

/**
 * Ranges: what `["2026-11-14", "2026-11-20"]` or `last 7 days` means in a zone at a moment, as a half-open interval.
 */
const AT = '/time/range'

export const PHRASES = [
  'today',
  'yesterday',
  'last 7 days',
  'last 7 days and today',
  'last 24 hours',
  'this week',
  'last week',
  'this month',
  'last month',
  'week to date',
  'month to date',
  'quarter to date',
  'year to date',
] as const

/** The longest range, in days: 100 years. */
const LONGEST = 36_600

/** The interval a range names. Faults with INVALID_RANGE. */
export function resolveRange(range: string | readonly string[], now: Instant, zone: string): Interval {
  const texts = typeof range === 'string' ? [range] : range
  const interval = resolveTexts(texts, now, zone)
  if (interval.from >= interval.to) throw invalid('The range ends before it begins; write the earlier end first.')
  if (interval.from < startOfDay(FIRST_DAY, 'UTC') || interval.to > startOfDay(LAST_DAY + 1, 'UTC')) {
    throw invalid(`A range lies between ${formatDay(FIRST_DAY)} and ${formatDay(LAST_DAY)}.`)
  }
  if ((interval.to - interval.from) / (24 * HOUR) > LONGEST) throw invalid(`A range has at most ${LONGEST} days.`)
  return interval
}

function resolveTexts(texts: readonly string[], now: Instant, zone: string): Interval {
  const [first, second] = texts
  if (first === undefined) throw invalid('A range is two ends or a phrase.')
  if (second !== undefined) return { from: readEdge(first, zone).from, to: readEdge(second, zone).to }
  if (/^\d/.test(first)) return readEdge(first, zone)
  return readPhrase(first, now, zone)
}

/** The interval that a date or time names at the precision it is written in. Faults with INVALID_RANGE. */
export function resolveEdge(text: string, zone: string): Interval {
  return readEdge(text, zone)
}

const EDGE =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/

/** An end as the interval it names at its own precision: a year, a month, a day, an hour, a minute, a second. */
function readEdge(text: string, zone: string): Interval {
  const match = EDGE.exec(text)
  if (match === null) {
    throw invalid(`"${text}" is neither a date nor a known phrase.`, ['2026-11-20', '2026-11-20T10:00', ...PHRASES])
  }
  const [, year, month, dayOfMonth, hour] = match
  if (dayOfMonth === undefined)
    return wholeMonths(text, Number(year), month === undefined ? undefined : Number(month), zone)
  const day = parseDay(`${year}-${month}-${dayOfMonth}`)
  if (day === undefined) throw invalid(`"${text}" is not a day of the calendar.`)
  if (hour === undefined) return { from: startOfDay(day, zone), to: startOfDay(day + 1, zone) }
  return withinDay(text, day, match, zone)
}

function wholeMonths(text: string, year: number, month: number | undefined, zone: string): Interval {
  if (month !== undefined && (month < 1 || month > 12)) throw invalid(`"${text}" is not a month of the calendar.`)
  const from = dayFrom(year, month ?? 1, 1)
  const to = month === undefined ? dayFrom(year + 1, 1, 1) : dayFrom(year, month + 1, 1)
  return { from: startOfDay(from, zone), to: startOfDay(to, zone) }
}

function withinDay(text: string, day: Day, match: RegExpExecArray, zone: string): Interval {
  const [, , , , hour = '0', minute, second, fraction, offset] = match
  const wall = {
    day,
    hour: Number(hour),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    millisecond: Number((fraction ?? '').padEnd(3, '0')),
  }
  if (wall.hour > 23 || wall.minute > 59 || wall.second > 59) throw invalid(`"${text}" is not a time of the day.`)
  const width = precision(minute, second, fraction)
  if (offset !== undefined) {
    const ahead = offsetMilliseconds(offset)
    if (ahead === undefined) throw invalid(`"${text}" has an offset that no clock has.`)
    const from = day * 24 * HOUR + wall.hour * HOUR + wall.minute * MINUTE + wall.second * 1000 + wall.millisecond
    return { from: from - ahead, to: from - ahead + width }
  }
  // An hour that the clocks show twice is meant whole.
  return { from: instantOf(wall, zone, 'start'), to: instantOf(wall, zone, 'end') + width }
}

function precision(minute: string | undefined, second: string | undefined, fraction: string | undefined): number {
  if (minute === undefined) return HOUR
  if (second === undefined) return MINUTE
  return fraction === undefined ? 1000 : 1
}

/** Milliseconds ahead of UTC; undefined beyond 23:59. */
function offsetMilliseconds(offset: string): number | undefined {
  if (offset === 'Z') return 0
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(4, 6))
  if (hours > 23 || minutes > 59) return undefined
  return (offset.startsWith('-') ? -1 : 1) * (hours * HOUR + minutes * MINUTE)
}

const LAST = /^last (?:(\d{1,5}) (?=\w+)|(?!\w+s\b))(minute|hour|day|week|month|quarter|year)s?( and today)?$/
const THIS = /^this (hour|day|week|month|quarter|year)$/
const TO_DATE = /^(week|month|quarter|year) to date$/

function readPhrase(phrase: string, now: Instant, zone: string): Interval {
  const words = phrase.trim().toLowerCase().replace(/\s+/g, ' ')
  const today = dayOf(now, zone)
  const days = (from: Day, to: Day): Interval => ({ from: startOfDay(from, zone), to: startOfDay(to, zone) })
  if (words === 'today') return days(today, today + 1)
  if (words === 'yesterday') return days(today - 1, today)
  const toDate = TO_DATE.exec(words)
  if (toDate !== null) return days(floorDay(today, toDate[1] as DayGrain), today + 1)
  const current = THIS.exec(words)
  if (current !== null) return thisOne(current[1] as DayGrain | 'hour', now, zone)
  const last = LAST.exec(words)
  if (last === null) throw invalid(`"${phrase}" is neither a date nor a known phrase.`, PHRASES)
  const count = Number(last[1] ?? 1)
  if (count === 0) throw invalid('A range holds at least one unit.')
  const unit = last[2] as DayGrain | 'hour' | 'minute'
  const andToday = last[3] !== undefined
  if (unit === 'hour' || unit === 'minute') {
    if (andToday) throw invalid(`"${phrase}": "and today" goes with days and longer.`)
    const end = floorInstant(now, unit, zone)
    return { from: end - count * (unit === 'hour' ? HOUR : MINUTE), to: end }
  }
  const end = floorDay(today, unit)
  return days(addBuckets(end, unit, -count), andToday ? today + 1 : end)
}

function thisOne(unit: DayGrain | 'hour', now: Instant, zone: string): Interval {
  if (unit === 'hour') {
    const from = floorInstant(now, 'hour', zone)
    return { from, to: from + HOUR }
  }
  const first = floorDay(dayOf(now, zone), unit)
  return { from: startOfDay(first, zone), to: startOfDay(addBuckets(first, unit, 1), zone) }
}

function invalid(message: string, suggestions: readonly string[] = []): Fault {
  return Fault.at([faultDetail('INVALID_RANGE', AT, message, suggestions)])
}
