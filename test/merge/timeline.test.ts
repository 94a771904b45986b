import { describe, expect, it } from 'vitest'
import { parseDay, startOfDay } from '../../src/base/time.ts'
import { readOffset } from '../../src/catalog/variant.ts'
import { isWholeBuckets, Timeline } from '../../src/plan/timeline.ts'
import { CalendarDays } from '../../src/query/calendar.ts'

const day = (text: string) => parseDay(text) ?? Number.NaN
const ZONE = 'Asia/Shanghai'

/** Two halves of ten and of five days. */
const half = new CalendarDays(
  'half',
  '1',
  Array.from({ length: 15 }, (_, i): [number, string] => [day('2026-03-01') + i, i < 10 ? 'one' : 'two']),
)
const timelineOf = (step: 'minute' | 'hour' | 'day') => new Timeline(step, ZONE, new Map([['half', half]]))
const at = (text: string) => Date.parse(`${text}+08:00`)
const PERIOD = { trailing: undefined, leading: undefined, toDate: undefined, atStart: false, at: 'last' } as const

describe('a timeline', () => {
  it('moves by stretches, months clamped', () => {
    const days = timelineOf('day')
    expect(days.move(day('2026-03-31'), { count: 1, unit: 'month' }, -1)).toBe(day('2026-02-28'))
    expect(days.move(day('2026-03-31'), { count: 2, unit: 'week' }, 2)).toBe(day('2026-04-28'))
    expect(timelineOf('hour').move(at('2026-03-31T05:00'), { count: 1, unit: 'month' }, -1)).toBe(
      at('2026-02-28T05:00'),
    )
    expect(days.move(-Infinity, { count: 1, unit: 'half' }, 1)).toBe(-Infinity)
  })

  it('moves from the n-th day of a period to the n-th, clamped, and out of the calendar nowhere', () => {
    const days = timelineOf('day')
    const one = { count: 1, unit: 'half' }
    expect(days.move(day('2026-03-02'), one, 1)).toBe(day('2026-03-12'))
    expect(days.move(day('2026-03-09'), one, 1)).toBe(day('2026-03-15'))
    expect(days.move(day('2026-03-12'), one, -1)).toBe(day('2026-03-02'))
    expect(days.move(day('2026-03-02'), one, -1)).toBe(undefined)
    expect(days.move(day('2026-03-02'), { count: 2, unit: 'half' }, 0.5)).toBe(day('2026-03-12'))
    expect(days.move(day('2026-03-20'), one, -1)).toBe(undefined)
    const hours = timelineOf('hour')
    expect(hours.move(at('2026-03-12T17:00'), one, -1)).toBe(at('2026-03-02T17:00'))
    expect(hours.move(at('2026-03-02T17:00'), one, -1)).toBe(undefined)
  })

  it('finds where a bucket begins', () => {
    const days = timelineOf('day')
    const hours = timelineOf('hour')
    expect(days.floor(day('2026-03-12'), 'half')).toBe(day('2026-03-11'))
    expect(hours.floor(at('2026-03-12T17:00'), 'half')).toBe(at('2026-03-11T00:00'))
    expect(days.floor(day('2026-03-20'), 'half')).toBe(undefined)
    expect(hours.floor(at('2026-03-20T01:00'), 'half')).toBe(undefined)
    expect(days.floor(day('2026-03-12'), 'week')).toBe(day('2026-03-09'))
    expect(hours.floor(at('2026-03-12T17:00'), 'quarter')).toBe(at('2026-01-01T00:00'))
    expect(days.floor(day('2026-03-12'), 'hour')).toBe(day('2026-03-12'))
    expect(timelineOf('minute').floor(at('2026-03-12T17:25'), 'hour')).toBe(at('2026-03-12T17:00'))
    expect(days.floor(Infinity, 'half')).toBe(Infinity)
  })

  it('moves an instant as its day, at the same time of the day', () => {
    const days = timelineOf('day')
    expect(days.shiftInstant(at('2026-03-31T10:31'), readOffset('1 month'))).toBe(at('2026-02-28T10:31'))
    expect(days.shiftInstant(at('2026-03-31T10:31'), readOffset('3 hours'))).toBe(at('2026-03-31T07:31'))
    expect(days.shiftInstant(at('2026-03-31T10:31'), readOffset('start of month'))).toBe(at('2026-03-01T10:31'))
    expect(days.shiftInstant(at('2026-03-12T10:31'), readOffset('1 half'))).toBe(at('2026-03-02T10:31'))
    expect(days.shiftInstant(at('2026-03-12T10:31'), readOffset('start of half'))).toBe(at('2026-03-11T10:31'))
    expect(days.shiftInstant(at('2026-03-02T10:31'), readOffset('1 half'))).toBe(undefined)
    expect(days.shiftInstant(-Infinity, readOffset('1 half'))).toBe(-Infinity)
  })

  it('gives no window outside of a calendar', () => {
    const days = timelineOf('day')
    const one = { count: 1, unit: 'half' }
    expect(days.window(day('2026-03-02'), { ...PERIOD, trailing: one })).toBe(undefined)
    expect(days.window(day('2026-03-12'), { ...PERIOD, leading: one })).toBe(undefined)
    expect(days.window(day('2026-03-20'), { ...PERIOD, toDate: 'half' })).toBe(undefined)
    expect(days.window(day('2026-03-12'), { ...PERIOD, trailing: one })).toEqual({
      from: day('2026-03-03'),
      to: day('2026-03-13'),
    })
    expect(days.window(day('2026-03-12'), { ...PERIOD, toDate: 'half' })).toEqual({
      from: day('2026-03-11'),
      to: day('2026-03-13'),
    })
  })

  it('holds instants in positions', () => {
    expect(timelineOf('day').at(at('2026-03-12T00:00') - 1)).toBe(day('2026-03-11'))
    expect(timelineOf('day').start(day('2026-03-12'))).toBe(startOfDay(day('2026-03-12'), ZONE))
    expect(timelineOf('hour').at(at('2026-03-12T17:25'))).toBe(at('2026-03-12T17:00'))
  })
})

describe('whole buckets', () => {
  it.each([
    ['1 week', 'week', true],
    ['14 days', 'week', true],
    ['6 days', 'week', false],
    ['1 month', 'week', false],
    ['1 month', 'month', true],
    ['1 year', 'month', true],
    ['30 days', 'month', false],
    ['3 months', 'quarter', true],
    ['2 months', 'quarter', false],
    ['1 year', 'quarter', true],
    ['12 months', 'year', true],
    ['4 quarters', 'year', true],
    ['2 quarters', 'year', false],
    ['1 day', 'day', false],
    ['start of month', 'month', false],
    ['1 half', 'month', false],
  ] as const)('%s by the %s: %s', (offset, grain, whole) => {
    expect(isWholeBuckets(readOffset(offset), grain)).toBe(whole)
  })
})
