import { expect, it } from 'vitest'
import { shiftBuckets } from '../../../src/plan/rules/shiftBuckets.ts'
import { after } from '../../support/planOf.ts'

const shifted = (offset: string, grain: string): string => {
  const plan = after(shiftBuckets, { metrics: [{ metric: 'clicks', offset }], time: { range: 'last 3 months', grain } })
  return (
    plan
      .find((line) => line.includes('shifted'))
      ?.split(', ')
      .at(-1) ?? ''
  )
}

it('moves buckets where the offset is whole buckets of the grain, and days elsewhere', () => {
  expect([shifted('1 month', 'month'), shifted('1 year', 'quarter'), shifted('14 days', 'week')]).toEqual([
    'bucket by bucket',
    'bucket by bucket',
    'bucket by bucket',
  ])
  expect([shifted('7 days', 'month'), shifted('1 month', 'week'), shifted('4 months', 'quarter')]).toEqual([
    'day by day',
    'day by day',
    'day by day',
  ])
  expect(shifted('start of month', 'month')).toBe('day by day')
})
