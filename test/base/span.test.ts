import { describe, expect, it } from 'vitest'
import { addSpan, addSpanToInstant, parseSpan, type Span } from '../../src/base/span.ts'
import { formatDay, formatInstant, parseDay } from '../../src/base/time.ts'

const span = (text: string): Span => {
  const read = parseSpan(text)
  if (read === undefined) throw new TypeError(`${text} is no span`)
  return read
}
const moved = (day: string, text: string, times: number): string =>
  formatDay(addSpan(parseDay(day) ?? Number.NaN, span(text), times))

describe('spans of days', () => {
  it.each([
    ['2026-03-31', '1 month', -1, '2026-02-28'],
    ['2024-03-31', '1 month', -1, '2024-02-29'],
    ['2024-02-29', '1 year', 1, '2025-02-28'],
    ['2026-01-31', '1 month', 1, '2026-02-28'],
    ['2026-01-31', '1 month', 2, '2026-03-31'],
    ['2026-05-31', '1 quarter', -1, '2026-02-28'],
    ['2026-11-20', '2 weeks', -1, '2026-11-06'],
    ['2026-01-01', '1 day', -1, '2025-12-31'],
  ])('%s and %s times %i is %s', (day, text, times, expected) => {
    expect(moved(day, text, times)).toBe(expected)
  })

  it('are read with and without their plural, and nothing else is', () => {
    expect([parseSpan('7 days'), parseSpan('1 day'), parseSpan('7days')]).toEqual([
      { count: 7, unit: 'day' },
      { count: 1, unit: 'day' },
      { count: 7, unit: 'day' },
    ])
    expect(['days', '7 dogs', '-7 days', '1.5 days', ''].map(parseSpan)).toEqual(Array(5).fill(undefined))
  })
})

describe('spans of instants', () => {
  const zone = 'America/New_York'
  const at = (text: string, by: string, times: number): string =>
    formatInstant(addSpanToInstant(Date.parse(text), span(by), times, zone), zone)

  it('keep the time of the day over a clock change, and count hours as they pass', () => {
    expect(at('2026-03-09T10:00:00-04:00', '7 days', -1)).toBe('2026-03-02T10:00:00-05:00')
    expect(at('2026-03-09T10:00:00-04:00', '168 hours', -1)).toBe('2026-03-02T09:00:00-05:00')
    expect(at('2026-11-02T10:30:00-05:00', '1 day', -1)).toBe('2026-11-01T10:30:00-05:00')
  })

  it('are the moment of the skip where clocks skip the time', () => {
    expect(at('2026-03-09T02:30:00-04:00', '1 day', -1)).toMatch(/^2026-03-08T0[13]:/)
  })
})
