import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import {
  addBuckets,
  DAY,
  dayOf,
  findZone,
  floorDay,
  floorInstant,
  formatDay,
  formatInstant,
  HOUR,
  MINUTE,
  offsetOf,
  parseDay,
  parseDuration,
  startOfDay,
} from '../../src/base/time.ts'

const day = (text: string): number => parseDay(text) ?? Number.NaN
const at = (text: string): number => Date.parse(text)

describe('days', () => {
  it.each(['2026-02-30', '2026-13-01', '2026-1-1', '20261120', '2026-11-20T00:00', ''])('refuses %j', (text) => {
    expect(parseDay(text)).toBeUndefined()
  })

  it('starts weeks on Monday, quarters in January, April, July, October', () => {
    // 2026-11-20 is a Friday.
    const floors = (['day', 'week', 'month', 'quarter', 'year'] as const).map((grain) =>
      formatDay(floorDay(day('2026-11-20'), grain)),
    )
    expect(floors).toEqual(['2026-11-20', '2026-11-16', '2026-11-01', '2026-10-01', '2026-01-01'])
    expect(formatDay(floorDay(day('2026-11-22'), 'week'))).toBe('2026-11-16')
    expect(formatDay(floorDay(day('1969-12-31'), 'week'))).toBe('1969-12-29')
  })

  it('steps from bucket to bucket over year ends', () => {
    expect(formatDay(addBuckets(day('2026-10-01'), 'quarter', 1))).toBe('2027-01-01')
    expect(formatDay(addBuckets(day('2026-11-01'), 'month', -12))).toBe('2025-11-01')
  })
})

describe('business days', () => {
  it('are 23 and 25 hours long when the clocks change', () => {
    const zone = 'America/New_York'
    const length = (text: string) => (startOfDay(day(text) + 1, zone) - startOfDay(day(text), zone)) / HOUR
    expect([length('2026-03-08'), length('2026-11-01'), length('2026-11-02')]).toEqual([23, 25, 24])
  })

  it('begin at the first moment that bears the date where midnight is skipped', () => {
    // Clocks in Cairo go from 00:00 to 01:00 on the last Friday of April.
    expect(startOfDay(day('2024-04-26'), 'Africa/Cairo')).toBe(at('2024-04-25T22:00:00Z'))
  })

  it('hold an instant in the zone of the process, not in UTC', () => {
    const instant = at('2026-11-19T16:00:00Z')
    expect(formatDay(dayOf(instant, 'Asia/Shanghai'))).toBe('2026-11-20')
    expect(formatDay(dayOf(instant - 1, 'Asia/Shanghai'))).toBe('2026-11-19')
    expect(formatDay(dayOf(instant, 'UTC'))).toBe('2026-11-19')
    expect(formatDay(dayOf(at('2026-11-20T10:00:00Z'), 'Pacific/Kiritimati'))).toBe('2026-11-21')
    expect(formatDay(dayOf(at('2026-11-20T10:59:00Z'), 'Pacific/Pago_Pago'))).toBe('2026-11-19')
  })
})

describe('instants', () => {
  it('floor to the hour of a half-hour zone', () => {
    expect(floorInstant(at('2026-11-20T10:45:00Z'), 'hour', 'Asia/Kolkata')).toBe(at('2026-11-20T10:30:00Z'))
  })

  it.each([
    'Asia/Shanghai',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'America/Havana',
    'Atlantic/Azores',
    'America/Santiago',
  ])('are told with the offset that the zone has at them: %s', (zone) => {
    const starts = ['2010-03-20', '2011-12-28', '2026-03-07', '2026-04-03', '2026-09-05', '2026-10-24', '2026-11-01']
    for (const start of starts)
      for (let at = Date.parse(start); at < Date.parse(start) + 10 * DAY; at += 10 * MINUTE) {
        const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
        expect(offsetOf(at, zone), new Date(at).toISOString()).toBe(offsetNanoseconds / 1e6)
      }
  })

  it('are written with the offset of their zone', () => {
    expect(formatInstant(at('2026-11-20T02:31:07Z'), 'Asia/Shanghai')).toBe('2026-11-20T10:31:07+08:00')
    expect(formatInstant(at('2026-11-01T05:30:00Z'), 'America/New_York')).toBe('2026-11-01T01:30:00-04:00')
    expect(formatInstant(at('2026-11-01T06:30:00Z'), 'America/New_York')).toBe('2026-11-01T01:30:00-05:00')
  })
})

describe('zones and durations', () => {
  it('finds a zone whatever its case and gives the spelling of the tz database', () => {
    expect(findZone('asia/shanghai')).toBe('Asia/Shanghai')
    expect(findZone('utc')).toBe('UTC')
    expect(findZone('+08:00')).toBeUndefined()
    expect(findZone("Asia/Shanghai'")).toBeUndefined()
  })

  it('reads durations', () => {
    expect(parseDuration('7 days')).toBe(7 * 24 * HOUR)
    expect(parseDuration('1 fortnight')).toBeUndefined()
  })
})
