import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEngines } from '../../crown/engines.ts'
import { runMachine } from './machine.ts'

/** How many steps each of the two test files takes; they run side by side. */
const STEPS = 5000

/** Lives of a seed, step by step: no answer that no state allows. */
export function machineSuite(title: string, seed: number): void {
  describe('publishing, step by step, while others read', () => {
    let opened: Awaited<ReturnType<typeof openEngines>>
    beforeAll(async () => {
      opened = await openEngines()
    })
    afterAll(() => opened.close())

    it(`shows no answer that no state allows: ${title}`, { timeout: 600_000 }, async () => {
      const began = performance.now()
      const { failure, ...tally } = await runMachine({ seed, steps: STEPS, engines: opened.engines })
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      process.stdout.write(`publishing machine (--seed ${seed}): ${JSON.stringify(tally)} in ${seconds} s\n`)
      expect(failure, `--seed ${seed}`).toBeUndefined()
      expect(tally.steps).toBe(STEPS)
      // It has seen all there is to see, and not too little of it.
      expect(tally.answers).toBeGreaterThan(STEPS / 2)
      for (const finality of ['final', 'provisional', 'missing']) expect(tally.rows[finality]).toBeGreaterThan(100)
      expect(tally.refusals).toBeGreaterThan(100)
    })
  })
}
