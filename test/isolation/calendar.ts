import type { Random } from '../support/random.ts'

/** The business days that facts happen on; the last of them is today in every zone and at every moment of a world. */
export const DAYS: readonly string[] = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20']
/** The day that is not over. */
export const TODAY = '2026-11-20'
/** The days that are over, and may be published. */
export const PAST: readonly string[] = DAYS.slice(0, -1)
/** The first day that every table holds. */
export const FIRST_DAY = '2026-11-16'

const HOUR = 3_600_000
/** Zones without summer time, and how far they are ahead. */
export const ZONES: Readonly<Record<string, number>> = {
  UTC: 0,
  'Asia/Shanghai': 8 * HOUR,
  'America/Bogota': -5 * HOUR,
}

/** Some instant of a business day. */
export function instantOn(random: Random, day: string, zone: string): number {
  return Date.parse(`${day}T00:00:00Z`) - (ZONES[zone] ?? 0) + random.int(0, 24 * 3600 - 1) * 1000
}

/** A moment at which it is TODAY in every one of the zones. */
export function momentOfToday(random: Random): number {
  return Date.parse(`${TODAY}T05:00:00Z`) + random.int(0, 10 * 3600 - 1) * 1000
}

/** The days a range names, both ends inclusive; undefined = since the first data. */
export function daysOf(range: string | readonly [string, string] | undefined): readonly string[] {
  if (range === undefined) return DAYS
  if (typeof range !== 'string') return DAYS.filter((day) => range[0] <= day && day <= range[1])
  if (range === 'today') return [TODAY]
  if (range === 'yesterday') return PAST.slice(-1)
  const count = Number(/^last (\d+) days/.exec(range)?.[1])
  return [...PAST.slice(-count), ...(range.endsWith(' and today') ? [TODAY] : [])]
}
