import { describe, expect, it } from 'vitest'
import { Fault } from '../../src/base/faults.ts'
import { formatInstant } from '../../src/base/time.ts'
import { resolveRange } from '../../src/query/range.ts'

/** A Friday morning in Shanghai. */
const NOW = Date.parse('2026-11-20T10:31:07+08:00')

const shown = (range: string | string[], zone = 'Asia/Shanghai', now = NOW): string => {
  try {
    const { from, to } = resolveRange(range, now, zone)
    return `${formatInstant(from, zone).slice(0, 16)} ${formatInstant(to, zone).slice(0, 16)}`
  } catch (error) {
    return error instanceof Fault ? `${error.code} ${error.message}` : String(error)
  }
}

describe('ends', () => {
  it.each([
    [['2026-11-14', '2026-11-20'], '2026-11-14T00:00 2026-11-21T00:00'],
    [['2026-11-20'], '2026-11-20T00:00 2026-11-21T00:00'],
    [['2026-11-20T10', '2026-11-20T10'], '2026-11-20T10:00 2026-11-20T11:00'],
    [['2026-11-20T10:00', '2026-11-20T10:30'], '2026-11-20T10:00 2026-11-20T10:31'],
    [['2026-02', '2026-03'], '2026-02-01T00:00 2026-04-01T00:00'],
    [['2025', '2026'], '2025-01-01T00:00 2027-01-01T00:00'],
    [['2026-11-20T02:00Z', '2026-11-20T11:59+08:00'], '2026-11-20T10:00 2026-11-20T12:00'],
  ])('%j are inclusive at the precision written', (range, expected) => {
    expect(shown(range)).toBe(expected)
  })

  it('take both of an hour that the clocks show twice', () => {
    const { from, to } = resolveRange(['2026-11-01T01', '2026-11-01T01'], NOW, 'America/New_York')
    expect((to - from) / 3_600_000).toBe(2)
  })
})

describe('hours that the clocks skip', () => {
  it('hold no time, and a range over them is cut at the skip', () => {
    const over = (from: string, to: string): string[] => {
      const range = resolveRange([from, to], NOW, 'America/New_York')
      return [range.from, range.to].map((instant) => new Date(instant).toISOString().slice(11, 16))
    }
    // 2026-03-08: 01:59 EST is followed by 03:00 EDT, 07:00 UTC.
    expect(over('2026-03-08T01', '2026-03-08T02')).toEqual(['06:00', '07:00'])
    expect(over('2026-03-08T02', '2026-03-08T03')).toEqual(['07:00', '08:00'])
    expect(() => resolveRange(['2026-03-08T02', '2026-03-08T02'], NOW, 'America/New_York')).toThrow(
      /ends before it begins/,
    )
  })
})

describe('phrases', () => {
  it.each([
    ['today', '2026-11-20T00:00 2026-11-21T00:00'],
    ['yesterday', '2026-11-19T00:00 2026-11-20T00:00'],
    ['last 7 days', '2026-11-13T00:00 2026-11-20T00:00'],
    ['Last  7 days and today', '2026-11-13T00:00 2026-11-21T00:00'],
    ['last 2 weeks', '2026-11-02T00:00 2026-11-16T00:00'],
    ['last month', '2026-10-01T00:00 2026-11-01T00:00'],
    ['last 24 hours', '2026-11-19T10:00 2026-11-20T10:00'],
    ['this week', '2026-11-16T00:00 2026-11-23T00:00'],
    ['month to date', '2026-11-01T00:00 2026-11-21T00:00'],
    ['quarter to date', '2026-10-01T00:00 2026-11-21T00:00'],
  ])('%s', (phrase, expected) => {
    expect(shown(phrase)).toBe(expected)
  })

  it('mean the days of the zone they are asked in', () => {
    expect(shown('today', 'America/Los_Angeles')).toBe('2026-11-19T00:00 2026-11-20T00:00')
  })
})

describe('impossible ranges', () => {
  it.each([
    [['2026-11-20', '2026-11-14'], /ends before it begins/],
    [['2026-02-30', '2026-03-01'], /not a day of the calendar/],
    [['2026-11-20T24:00'], /not a time of the day/],
    [['2026-13', '2026-14'], /not a month/],
    ['last 0 days', /at least one unit/],
    ['last 99999 years', /lies between 1900-01-01/],
    [['1800-01-01', '1800-01-02'], /lies between/],
    [['1901-01-01', '2299-12-31'], /at most 36600 days/],
    ['last days', /neither a date nor a known phrase/],
    ['sometime', /neither a date nor a known phrase/],
    ['last 5 minutes and today', /goes with days/],
  ])('%j', (range, told) => {
    expect(shown(range)).toMatch(/^INVALID_RANGE/)
    expect(shown(range)).toMatch(told)
  })
})
