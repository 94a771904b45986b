import { expect, it } from 'vitest'
import { addShifts } from '../../../src/plan/rules/addShifts.ts'
import { after, before } from '../../support/planOf.ts'

const nested = (offset: string) => ({
  metrics: [{ metric: 'clicks', offset: '3 days' }],
  compare: { offset, elapsed: 'whole' as const },
  time: { range: 'last 7 days', grain: 'week' },
})
const previous = (lines: string[]) => lines.find((line) => line.split(', shifted').length > 2) ?? ''

it('adds days and weeks that stand one on another', () => {
  expect(before(addShifts, nested('4 days'))).toContain(
    '          clicks of rows 2, shifted by 3 days, day by day, shifted by 4 days, day by day',
  )
  expect(after(addShifts, nested('4 days'))).toContain('          clicks of rows 2, shifted by 7 days, day by day')
})

it('leaves months alone, which are clamped one by one', () => {
  expect(previous(after(addShifts, nested('1 month')))).toContain('shifted by 3 days, day by day, shifted by 1 month')
})
