import { Temporal } from 'temporal-polyfill'

export const ZONES = ['Asia/Shanghai', 'America/New_York', 'Asia/Kolkata', 'UTC'] as const
export type Zone = (typeof ZONES)[number]

/** The days of 2026 on which the clocks of New York change: one of 23 hours, one of 25. */
export const CHANGES = ['2026-03-08', '2026-11-01'] as const

export interface Row {
  /** Microseconds since the epoch. */
  readonly at: number
  readonly cents: number
  readonly person: string
}

/** At an edge, a millisecond and 0.4 of one around it: in microseconds. */
const AROUND = [-1000, -400, 0, 400, 1000]
const HALF_HOUR = 30 * 60_000
const DAYS_AROUND = [-2, -1, 0, 1, 2]

/** Rows around every half hour of the days around a change of clocks, in every zone; a few people come again and again. */
export function rowsAround(change: string): Row[] {
  const first = Math.min(...ZONES.map((zone) => startOf(shifted(change, -2), zone)))
  const last = Math.max(...ZONES.map((zone) => startOf(shifted(change, 3), zone)))
  const rows: Row[] = []
  for (let edge = first; edge <= last; edge += HALF_HOUR)
    for (const around of AROUND) {
      const i = rows.length
      rows.push({ at: edge * 1000 + around, cents: ((i * 37) % 1000) + 1, person: `p${(i * i) % 23}` })
    }
  return rows
}

/** The days around a change, first to last. */
export function daysAround(change: string): string[] {
  return DAYS_AROUND.map((by) => shifted(change, by))
}

export function shifted(day: string, by: number): string {
  return Temporal.PlainDate.from(day).add({ days: by }).toString()
}

/** The first millisecond of a day. */
export function startOf(day: string, zone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds
}

/** The bucket of a row as answers write it. */
export function labelOf({ at }: Row, grain: 'minute' | 'hour' | 'day', zone: string): string {
  const time = Temporal.Instant.fromEpochMilliseconds(Math.floor(at / 1000)).toZonedDateTimeISO(zone)
  if (grain === 'day') return time.toPlainDate().toString()
  const floor = time.round({ smallestUnit: grain, roundingMode: 'floor' })
  return floor.toString({ timeZoneName: 'never', smallestUnit: 'second' })
}

/** `YYYY-MM-DD HH:MM:SS.ffffff` in UTC. */
export function textOf({ at }: Row): string {
  const millisecond = Math.floor(at / 1000)
  const micros = `${at - millisecond * 1000}`.padStart(3, '0')
  return new Date(millisecond).toISOString().replace('T', ' ').replace('Z', micros)
}
