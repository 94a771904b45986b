import { expect, it } from 'vitest'
import { shareScans } from '../../../src/plan/rules/shareScans.ts'
import { after, before } from '../../support/planOf.ts'

const scans = (lines: readonly string[]) => lines.filter((line) => /^(the rows|rows \d+):/.test(line))

const question = {
  metrics: [
    'clicks',
    { metric: 'clicks', period: 'trailing 7 days', as: 'week' },
    { metric: 'clicks', offset: '7 days', as: 'before' },
  ],
  time: { range: ['2026-11-10', '2026-11-12'], grain: 'day', zone: 'UTC' },
}

it('reads a process once for all that is asked of it', () => {
  expect(scans(before(shareScans, question))).toHaveLength(3)
  expect(scans(after(shareScans, question))).toEqual([
    'the rows: aggregate clicks of click | by time by day | from 2026-11-03T00:00:00+00:00 to before 2026-11-13T00:00:00+00:00 (UTC)',
  ])
})

it('leaves out the time between a range and one a year before', () => {
  const years = { ...question, metrics: ['clicks', { metric: 'clicks', offset: '1 year', as: 'before' }] }
  expect(scans(after(shareScans, years))[0]).toContain(
    'from 2025-11-10T00:00:00+00:00 to before 2025-11-13T00:00:00+00:00 and from 2026-11-10T00:00:00+00:00 to before 2026-11-13T00:00:00+00:00',
  )
})

it('reads apart what is cut inside a bucket of the other', () => {
  const elapsed = {
    ...question,
    metrics: ['clicks'],
    compare: { offset: '7 days' },
    time: { range: 'today', grain: 'day' },
  }
  expect(scans(after(shareScans, elapsed))).toHaveLength(2)
})
