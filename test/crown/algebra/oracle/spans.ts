import { Temporal } from 'temporal-polyfill'
import {
  bucketAfter,
  bucketOf,
  type Day,
  dayAt,
  HOUR,
  hourAt,
  isoAt,
  MINUTE,
  plus,
  startOf,
} from '../../oracle/calendar.ts'
import type { Catalog, GrainText } from '../model.ts'

/** Positions in time: the instants (ms) at which days or hours of a zone begin. */
export type Step = 'day' | 'hour'
export type Label = string | number | null

export interface Timing {
  readonly zone: string
  readonly step: Step
  readonly catalog: Catalog
}

export interface Span {
  readonly count: number
  readonly unit: string
}

export function spanOf(text: string): Span {
  const [count = '', unit = ''] = text.split(' ')
  return { count: Number(count), unit: unit.replace(/s$/, '') }
}

export function positionOf(instant: number, { zone, step }: Timing): number {
  return step === 'hour' ? hourAt(instant, zone) : startOf(dayAt(instant, zone), zone)
}

export function next(position: number, { zone, step }: Timing): number {
  return step === 'hour' ? hourAt(position + HOUR, zone) : startOf(plus(dayAt(position, zone), 1), zone)
}

/** Months are clamped; hours pass, days are those of the wall clock. */
export function move(position: number, { count, unit }: Span, sign: 1 | -1, timing: Timing): number {
  const { zone, step } = timing
  if (unit === 'hour') return position + sign * count * HOUR
  const amount = unit === 'quarter' ? { months: 3 * sign * count } : { [`${unit}s`]: sign * count }
  if (step === 'day') return startOf(Temporal.PlainDate.from(dayAt(position, zone)).add(amount).toString(), zone)
  return Temporal.Instant.fromEpochMilliseconds(position).toZonedDateTimeISO(zone).add(amount).epochMilliseconds
}

/** The same time of the day, so much earlier. */
export function moveInstant(instant: number, span: Span, zone: string): number {
  return move(instant, span, -1, { zone, step: 'hour', catalog: { metrics: [], modifiers: {}, seasons: [] } })
}

/** The position at which the bucket of a unit begins; undefined outside of every season. */
export function floorTo(position: number, unit: string, timing: Timing): number | undefined {
  const { zone, catalog } = timing
  if (unit === 'hour') return hourAt(position, zone)
  const day = dayAt(position, zone)
  if (unit !== 'season') return startOf(bucketOf(day, unit), zone)
  const season = catalog.seasons.find(({ from, to }) => from <= day && day <= to)
  return season && startOf(season.from, zone)
}

/** What a position is called at a grain. */
export function labelAt(position: number, grain: GrainText, timing: Timing): Label {
  const { zone, catalog } = timing
  const day = dayAt(position, zone)
  if (typeof grain !== 'string') return everyLabel(day, grain)
  if (grain === 'hour') return isoAt(hourAt(position, zone), zone)
  if (grain === 'minute') return isoAt(Math.floor(position / MINUTE) * MINUTE, zone)
  if (grain === 'season') return catalog.seasons.find(({ from, to }) => from <= day && day <= to)?.label ?? null
  return bucketOf(day, grain)
}

function everyLabel(day: Day, { every, from }: Exclude<GrainText, string>): Day {
  const { count, unit } = spanOf(every)
  const start = Temporal.PlainDate.from(from)
  const amount = unit === 'quarter' ? { months: 3 * count } : { [`${unit}s`]: count }
  const at = (index: number) => {
    const [[name = '', size = 0] = []] = Object.entries(amount)
    return start.add({ [name]: size * index }).toString()
  }
  let index = 0
  while (at(index) > day) index--
  while (at(index + 1) <= day) index++
  return at(index)
}

export function partAt(instant: number, part: string, zone: string): number {
  const date = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
  switch (part) {
    case 'year':
      return date.year
    case 'quarter':
      return Math.floor((date.month - 1) / 3) + 1
    case 'month':
      return date.month
    case 'day':
      return date.day
    case 'dow':
      return date.dayOfWeek
    case 'doy':
      return date.dayOfYear
    default:
      return date.hour
  }
}

/** Positions of the standard bucket that begins on a day. */
export function daysOfBucket(first: Day, grain: string, zone: string): number[] {
  const days: number[] = []
  for (let day = first; day < bucketAfter(first, grain); day = plus(day, 1)) days.push(startOf(day, zone))
  return days
}
