import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEngines } from './engines.ts'
import { runFlags } from './flags.ts'
import { reportOf } from './report.ts'
import { runWorlds } from './worlds.ts'

const FIXED_SEED = 1
const FRESH_SEED = Math.floor(Math.random() * 1_000_000)

let opened: Awaited<ReturnType<typeof openEngines>>

beforeAll(async () => {
  opened = await openEngines()
})

afterAll(() => opened.close())

describe('the crown: two stores answer as one store holding everything', () => {
  it.each([
    ['the fixed seed', FIXED_SEED],
    [`the fresh seed ${FRESH_SEED}`, FRESH_SEED],
  ])('with %s', { timeout: 300_000 }, async (_, seed) => {
    const reports: string[] = []
    const tally = await runWorlds({
      seed,
      worlds: 1050,
      engines: opened.engines,
      prefix: `crown_${seed}_`,
      onFailure: async (failure) => reports.push(await reportOf(failure, seed)) > 0,
    })
    expect(reports.join('\n')).toBe('')
    expect(tally.worlds).toBeGreaterThanOrEqual(1050)
    // A generator that only made questions without an answer would find nothing.
    expect(tally.refusals).toBeLessThan(tally.worlds / 5)
    expect(tally.rows).toBeGreaterThan(3 * tally.worlds)
    expect(tally.singles).toBeGreaterThan(tally.worlds / 6)
  })

  it(`publishing a further day changes flags only, with the seed ${FRESH_SEED}`, { timeout: 300_000 }, async () => {
    const { worlds, changed, failures } = await runFlags(FRESH_SEED, 220, opened.engines, `flags_${FRESH_SEED}_`)
    expect(failures.join('\n')).toBe('')
    expect(worlds).toBe(220)
    expect(changed).toBeGreaterThan(worlds / 10)
  })
})
