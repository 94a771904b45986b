import { describe, expect, it } from 'vitest'
import { parseDay } from '../../src/base/time.ts'
import { bucketsOf, holdsAt } from '../../src/merge/buckets.ts'
import { keepMoments } from '../../src/merge/snapshot.ts'
import { Timeline } from '../../src/plan/timeline.ts'
import type { Predicate, Window } from '../../src/query/resolved.ts'

const ZONE = 'Asia/Shanghai'
const day = (text: string) => parseDay(text) ?? Number.NaN
const at = (text: string) => Date.parse(`${text}+08:00`)
const days = new Timeline('day', ZONE, new Map())
const hours = new Timeline('hour', ZONE, new Map())
const field = (look: { part?: string; bucket?: string } = {}) =>
  ({ part: undefined, bucket: undefined, ...look }) as never
const is = (op: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte', value: string, look = {}): Predicate => ({
  kind: 'compare',
  field: field(look),
  op,
  value,
})

describe('conditions on time', () => {
  // A Thursday.
  const holds = (predicate: Predicate) => holdsAt(predicate, day('2026-11-19'), days)

  it('compare days, buckets and parts', () => {
    expect(holds(is('eq', '2026-11-19'))).toBe(true)
    expect(holds(is('gt', '2026-11-18'))).toBe(true)
    expect(holds(is('lt', '2026-11-19'))).toBe(false)
    expect(holds(is('lt', '2026-11-20'))).toBe(true)
    expect(holds(is('gte', '2026-11-20'))).toBe(false)
    expect(holds(is('lt', '9', { part: 'month' }))).toBe(false)
    expect(holds(is('eq', '2026-11-01', { bucket: 'month' }))).toBe(true)
    expect(holds(is('eq', '2026-11-16', { bucket: 'week' }))).toBe(true)
    expect(holds(is('eq', '4', { part: 'dow' }))).toBe(true)
    // As numbers, not as texts.
    expect(holds(is('gt', '9', { part: 'month' }))).toBe(true)
    expect(holds(is('lte', '9', { part: 'day' }))).toBe(false)
    expect(holdsAt(is('eq', '9', { part: 'hour' }), at('2026-11-19T09:00'), hours)).toBe(true)
    expect(holdsAt(is('eq', '2026-11-19', { bucket: 'hour' }), at('2026-11-19T09:00'), hours)).toBe(true)
    expect(holdsAt(is('eq', '2026-11-01', { bucket: 'month' }), at('2026-11-19T00:00'), hours)).toBe(true)
  })

  it('combine', () => {
    const yes = is('eq', '2026-11-19')
    const no = is('ne', '2026-11-19')
    expect(holds({ kind: 'all', items: [yes, no] })).toBe(false)
    expect(holds({ kind: 'all', items: [yes, yes] })).toBe(true)
    expect(holds({ kind: 'any', items: [yes, no] })).toBe(true)
    expect(holds({ kind: 'any', items: [no, no] })).toBe(false)
  })

  it('know lists, intervals and null', () => {
    const values = ['2026-11-18', '2026-11-19']
    expect(holds({ kind: 'oneOf', field: field(), values, matchNull: false })).toBe(true)
    expect(holds({ kind: 'noneOf', field: field(), values, matchNull: false })).toBe(false)
    expect(holds({ kind: 'noneOf', field: field({ part: 'dow' }), values: ['3'], matchNull: false })).toBe(true)
    expect(holds({ kind: 'null', field: field(), negated: false })).toBe(false)
    expect(holds({ kind: 'null', field: field(), negated: true })).toBe(true)
    const during = (from: string | undefined, to: string | undefined, negated = false) =>
      holds({
        kind: 'during',
        field: field(),
        from: from === undefined ? undefined : at(from),
        to: to === undefined ? undefined : at(to),
        negated,
      })
    expect(during('2026-11-19T00:00', '2026-11-20T00:00')).toBe(true)
    expect(during(undefined, '2026-11-19T00:00')).toBe(false)
    expect(during('2026-11-20T00:00', undefined, true)).toBe(true)
    expect(during(undefined, undefined, true)).toBe(false)
  })
})

describe('buckets of a range', () => {
  const window = { days: [], grain: 'minute' } as unknown as Window
  const minutes = new Timeline('minute', ZONE, new Map())
  const unit = (grain: string) => [{ unit: { kind: 'grain', grain } }] as never

  it('hold each position once', () => {
    const made = bucketsOf(unit('week'), days, window, day('2026-11-14'), day('2026-11-24'))
    expect(made.map(({ keys }) => keys)).toEqual([[day('2026-11-09')], [day('2026-11-16')], [day('2026-11-23')]])
    expect(made.map(({ positions }) => positions.length)).toEqual([2, 7, 2])
  })

  it('are no more than 100,000', () => {
    const from = at('2026-01-01T00:00')
    const upTo = (count: number) => bucketsOf(unit('minute'), minutes, window, from, from + (count - 1) * 60_000)
    expect(upTo(100_000).length).toBe(100_000)
    expect(() => upTo(100_001)).toThrow('more than 100000 buckets of time by the minute')
  })
})

describe('kept moments', () => {
  // Base hours, and moments within them.
  const table = {
    bases: ['T01:00', 'T01:00', 'T02:00', 'T03:00', 'T03:00'].map((time) => at(`2026-11-19${time}`)),
    moments: [1, 3, 5, 7, null],
    by: [['a', 'b', 'a', 'b', 'a']],
    size: 5,
  }
  const interval = (from: string, to: string) => ({ from: at(`2026-11-19${from}`), to: at(`2026-11-19${to}`) })
  const kept = (keep: 'last' | 'first', ...intervals: readonly { from: number; to: number }[]) =>
    keepMoments(table, intervals, 'hour', ZONE, keep)

  it('are the last or the first of each that they are kept by', () => {
    const all = { from: -Infinity, to: Infinity }
    expect(kept('last', all)).toEqual({ rows: [2, 3], moment: undefined })
    expect(kept('first', all)).toEqual({ rows: [0, 1], moment: undefined })
    const together = { ...table, by: [] }
    expect(keepMoments(together, [all], 'hour', ZONE, 'last')).toEqual({ rows: [3], moment: 7 })
    expect(keepMoments(together, [all], 'hour', ZONE, 'first')).toEqual({ rows: [0], moment: 1 })
    expect(
      keepMoments({ ...together, bases: undefined }, [interval('T01:00', 'T02:00')], undefined, ZONE, 'last'),
    ).toEqual({
      rows: [3],
      moment: 7,
    })
  })

  it('lie within the intervals, an end left out', () => {
    expect(kept('last', interval('T01:00', 'T03:00'))).toEqual({ rows: [1, 2], moment: undefined })
    expect(kept('last', { from: at('2026-11-19T01:00'), to: at('2026-11-19T03:00') + 1 })).toEqual({
      rows: [2, 3],
      moment: undefined,
    })
    expect(kept('last', interval('T02:00', 'T03:00'))).toEqual({ rows: [2], moment: 5 })
    expect(kept('first', interval('T01:00', 'T02:00'), interval('T03:00', 'T04:00'))).toEqual({
      rows: [0, 1],
      moment: undefined,
    })
    expect(kept('first', interval('T04:00', 'T05:00'))).toEqual({ rows: [], moment: undefined })
  })
})
