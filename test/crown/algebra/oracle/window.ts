import { bucketAfter, bucketOf, type Day, dayAt, HOUR, hourAt, MINUTE, plus, startOf } from '../../oracle/calendar.ts'
import type { Asked, GrainText } from '../model.ts'
import type { Days } from './days.ts'

/** What a question means in time for one process. */
export interface Window {
  readonly from: number
  readonly to: number
  readonly zone: string
  /** No range was asked. */
  readonly open: boolean
}

export function windowOf(question: Asked, days: Days): Window {
  const { process, now, today, since } = days
  const { zone = process.zone, range, wholeBuckets = false } = question.time ?? {}
  const end = startOf(plus(today, 1), process.zone)
  if (range === undefined) return { from: startOf(since, process.zone), to: end, zone, open: true }
  let [from, to] = resolve(range, now, zone)
  if (wholeBuckets) [from, to] = widened(from, to, grainsOf(question), zone)
  return { from, to: Math.min(to, end), zone, open: false }
}

/** Every grain that time is grouped by. */
export function grainsOf({ time, dimensions = [] }: Asked): GrainText[] {
  return [
    ...(time?.grain === undefined ? [] : [time.grain]),
    ...dimensions.flatMap((each) =>
      typeof each === 'object' && each.field === 'time' && each.grain !== undefined ? [each.grain] : [],
    ),
  ]
}

const COARSE = ['hour', 'day', 'week', 'month', 'quarter', 'year']

function widened(from: number, to: number, grains: readonly GrainText[], zone: string): [number, number] {
  const named = grains.filter((grain) => typeof grain === 'string')
  const coarsest = named.toSorted((a, b) => COARSE.indexOf(b) - COARSE.indexOf(a))[0]
  if (coarsest === undefined) return [from, to]
  if (coarsest === 'hour') return [hourAt(from, zone), hourAt(to - 1, zone) + HOUR]
  const last = bucketOf(dayAt(to - 1, zone), coarsest)
  return [startOf(bucketOf(dayAt(from, zone), coarsest), zone), startOf(bucketAfter(last, coarsest), zone)]
}

function resolve(range: string | readonly string[], now: number, zone: string): [number, number] {
  const [first = '', second = first] = typeof range === 'string' ? [range] : range
  if (/^\d/.test(first)) return [edge(first, zone)[0], edge(second, zone)[1]]
  return phrase(first, now, zone)
}

/** What an end names at its own precision. */
export function edge(text: string, zone: string): [number, number] {
  if (text.length === 7) {
    const month = `${text}-01`
    return [startOf(month, zone), startOf(bucketAfter(month, 'month'), zone)]
  }
  if (text.length === 10) return [startOf(text, zone), startOf(plus(text, 1), zone)]
  const width = text.length === 14 ? HOUR : MINUTE
  const from = Date.parse(text.length === 14 ? `${text.slice(0, 13)}:00Z` : text)
  return [from, from + width]
}

function phrase(text: string, now: number, zone: string): [number, number] {
  const today = dayAt(now, zone)
  const days = (from: Day, to: Day): [number, number] => [startOf(from, zone), startOf(to, zone)]
  const [, toDate] = /^(\w+) to date$/.exec(text) ?? []
  if (toDate !== undefined) return days(bucketOf(today, toDate), plus(today, 1))
  const [, count = '1', unit = '', andToday] = /^last (?:(\d+) )?(\w+?)s?( and today)?$/.exec(text) ?? []
  const last = bucketOf(today, unit)
  let from = last
  for (let i = 0; i < Number(count); i++) from = bucketOf(plus(from, -1), unit)
  return days(from, andToday === undefined ? last : plus(today, 1))
}
