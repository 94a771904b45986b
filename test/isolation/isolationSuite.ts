import { describe, expect, it } from 'vitest'
import { withHouse } from './database.ts'
import { reportOf } from './report.ts'
import { runWorlds } from './worlds.ts'

/** How many worlds each of the two test files asks; they run side by side. */
export const WORLDS = 2500

/** Asks many worlds of a seed: nobody may get a row, a total, a count, a value or a name of somebody else's. */
export function isolationSuite(title: string, seed: number): void {
  describe('two tenants that ask the same get their own', () => {
    it(`with ${title}`, { timeout: 600_000 }, async () => {
      const reports: string[] = []
      const onFailure = (failure: Parameters<typeof reportOf>[0]) => reports.push(reportOf(failure, seed)) > 0
      const tally = await withHouse((house) => runWorlds({ seed, worlds: WORLDS, house, onFailure }))
      expect(reports.join('\n')).toBe('')
      expect(tally.worlds).toBe(WORLDS)
      // A generator that is mostly refused, or never answered from what is kept, would show little.
      expect(tally.toTenants).toBeGreaterThan(10 * WORLDS)
      expect(tally.refusals).toBeLessThan(tally.toTenants / 3)
      expect(tally.rows).toBeGreaterThan(8 * WORLDS)
      expect(tally.hits).toBeGreaterThan(WORLDS)
      expect(tally.collapsed).toBeGreaterThan(WORLDS)
      expect(tally.stale).toBeGreaterThan(WORLDS / 20)
    })
  })
}
