import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEngines } from '../engines.ts'
import { reportOf } from './report.ts'
import { runAlgebra } from './worlds.ts'

const FIXED_SEED = 1
const FRESH_SEED = Math.floor(Math.random() * 1_000_000)
const WORLDS = 1500

let opened: Awaited<ReturnType<typeof openEngines>>

beforeAll(async () => {
  opened = await openEngines()
})

afterAll(() => opened.close())

describe('the crown over the metric algebra', () => {
  it.each([
    ['the fixed seed', FIXED_SEED],
    [`the fresh seed ${FRESH_SEED}`, FRESH_SEED],
  ])('with %s', { timeout: 300_000 }, async (_, seed) => {
    const reports: string[] = []
    const tally = await runAlgebra({
      seed,
      worlds: WORLDS,
      engines: opened.engines,
      prefix: `${seed}_`,
      onFailure: (failure) => reports.push(reportOf(failure)) > 0,
    })
    expect(reports.join('\n')).toBe('')
    expect(tally.worlds).toBeGreaterThanOrEqual(WORLDS)
    // A generator that only made questions without an answer would find nothing.
    expect(tally.refusals).toBeLessThan(tally.worlds / 10)
    expect(tally.open).toBeLessThan(tally.worlds / 10)
    expect(tally.rows).toBeGreaterThan(5 * tally.worlds)
    expect(tally.cells).toBeGreaterThan(2 * tally.rows)
  })
})
