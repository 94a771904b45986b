import { expect, it } from 'vitest'
import { widenReads } from '../../../src/plan/rules/widenReads.ts'
import { after } from '../../support/planOf.ts'

const read = (variant: object, time: object): string => {
  const plan = after(widenReads, { metrics: [{ metric: 'clicks', ...variant }], time: { zone: 'UTC', ...time } })
  return (
    plan
      .find((line) => line.startsWith('the rows'))
      ?.split(' | ')
      .slice(1, 3)
      .join(' | ') ?? ''
  )
}
const november = { range: ['2026-11-10', '2026-11-12'] }

it('reads before the range what a window needs, and no more', () => {
  expect(read({ period: 'trailing 7 days' }, { ...november, grain: 'day' })).toBe(
    'by time by day | from 2026-11-04T00:00:00+00:00 to before 2026-11-13T00:00:00+00:00 (UTC)',
  )
  expect(read({ period: 'month to date' }, { ...november, grain: 'day' })).toBe(
    'by time by day | from 2026-11-01T00:00:00+00:00 to before 2026-11-13T00:00:00+00:00 (UTC)',
  )
  expect(read({ period: 'all time' }, { ...november, grain: 'day' })).toBe(
    'by time by day | from the first data to before 2026-11-13T00:00:00+00:00 (UTC)',
  )
})

it('reads one total where one window is the answer', () => {
  expect(read({ period: 'trailing 2 days' }, november)).toBe(
    'as one total | from 2026-11-11T00:00:00+00:00 to before 2026-11-13T00:00:00+00:00 (UTC)',
  )
})

it('reads earlier days for an offset, by the month where months are moved', () => {
  expect(read({ offset: '7 days' }, { ...november, grain: 'day' })).toBe(
    'by time by day | from 2026-11-03T00:00:00+00:00 to before 2026-11-06T00:00:00+00:00 (UTC)',
  )
  expect(read({ offset: '1 month' }, { range: ['2026-10-01', '2026-11-30'], grain: 'month' })).toBe(
    'by time by month | from 2026-09-01T00:00:00+00:00 to before 2026-11-01T00:00:00+00:00 (UTC)',
  )
})

it('reads of a bucket the window that stands for it, and not the days before', () => {
  const months = { range: ['2026-09-01', '2026-10-31'], grain: 'month' }
  expect(read({ period: 'trailing 2 days' }, months)).toBe(
    'by time by day | from 2026-09-29T00:00:00+00:00 to before 2026-10-01T00:00:00+00:00 and from 2026-10-30T00:00:00+00:00 to before 2026-11-01T00:00:00+00:00 (UTC)',
  )
  expect(read({ period: { trailing: '2 days', at: 'average' } }, months)).toBe(
    'by time by day | from 2026-08-31T00:00:00+00:00 to before 2026-11-01T00:00:00+00:00 (UTC)',
  )
  expect(read({ period: 'trailing 40 days' }, months)).toBe(
    'by time by day | from 2026-08-22T00:00:00+00:00 to before 2026-11-01T00:00:00+00:00 (UTC)',
  )
  expect(read({ offset: 'start of week' }, months)).toBe(
    'by time by day | from 2026-08-31T00:00:00+00:00 to before 2026-09-01T00:00:00+00:00 and from 2026-09-28T00:00:00+00:00 to before 2026-09-29T00:00:00+00:00 (UTC)',
  )
})

it('reads more pieces than a hundred with what lies between them', () => {
  const years = { range: ['2016-01-01', '2025-12-31'], grain: 'month' }
  expect(read({ period: 'trailing 2 days' }, years)).toBe(
    'by time by day | from 2015-12-31T00:00:00+00:00 to before 2026-01-01T00:00:00+00:00 (UTC)',
  )
})
