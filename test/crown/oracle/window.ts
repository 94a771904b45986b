import type { Moment, ProcessModel } from '../model.ts'
import type { Asked } from '../question.ts'
import { bucketAfter, bucketOf, type Day, dayAt, HOUR, hourAt, MINUTE, plus, startOf, wall } from './calendar.ts'

/** What a question means in time for one process. */
export interface Window {
  /** Half-open, up to the end of the process's today at most. */
  readonly from: number
  readonly to: number
  /** Buckets are cut in it. */
  readonly zone: string
  /** No range was asked. */
  readonly open: boolean
  readonly today: Day
}

export function windowOf(question: Asked, process: ProcessModel, { now }: Moment): Window {
  const zone = question.time?.zone ?? process.zone
  const range = question.time?.range
  const today = dayAt(now, process.zone)
  const end = startOf(plus(today, 1), process.zone)
  if (range === undefined) return { from: startOf('1970-01-01', zone), to: end, zone, open: true, today }
  const [from, to] = resolve(range, now, zone)
  return { from, to: Math.min(to, end), zone, open: false, today }
}

function resolve(range: string | readonly string[], now: number, zone: string): [number, number] {
  const [first = '', second = first] = typeof range === 'string' ? [range] : range
  if (/^\d/.test(first)) return [end(first, zone)[0], end(second, zone)[1]]
  return phrase(first.toLowerCase().replace(/\s+/g, ' '), now, zone)
}

/** What an end names at its own precision. */
function end(text: string, zone: string): [number, number] {
  if (text.length === 7) {
    const month = `${text}-01`
    return [startOf(month, zone), startOf(bucketAfter(month, 'month'), zone)]
  }
  if (text.length === 10) return [startOf(text, zone), startOf(plus(text, 1), zone)]
  const [, clock = '', offset] = /^(\d{4}-\d\d-\d\dT\d\d(?::\d\d(?::\d\d)?)?)(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  const width = clock.length === 13 ? HOUR : clock.length === 16 ? MINUTE : 1000
  const full = `${clock}${'T00:00:00'.slice(clock.length - 10)}`
  if (offset !== undefined) {
    const from = Date.parse(`${full}${offset}`)
    return [from, from + width]
  }
  return [wall(full, zone, 'earlier'), wall(full, zone, 'later') + width]
}

function phrase(text: string, now: number, zone: string): [number, number] {
  const today = dayAt(now, zone)
  const days = (from: Day, to: Day): [number, number] => [startOf(from, zone), startOf(to, zone)]
  if (text === 'today') return days(today, plus(today, 1))
  if (text === 'yesterday') return days(plus(today, -1), today)
  const [, toDate] = /^(\w+) to date$/.exec(text) ?? []
  if (toDate !== undefined) return days(bucketOf(today, toDate), plus(today, 1))
  const [, current] = /^this (\w+)$/.exec(text) ?? []
  if (current !== undefined) return days(bucketOf(today, current), bucketAfter(bucketOf(today, current), current))
  const [, count = '1', unit = '', andToday] = /^last (?:(\d+) )?(\w+?)s?( and today)?$/.exec(text) ?? []
  if (unit === 'hour') return [hourAt(now, zone) - Number(count) * HOUR, hourAt(now, zone)]
  const last = bucketOf(today, unit)
  let from = last
  for (let i = 0; i < Number(count); i++) from = bucketOf(plus(from, -1), unit)
  return days(from, andToday === undefined ? last : plus(today, 1))
}
