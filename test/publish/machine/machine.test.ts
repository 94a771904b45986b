import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEngines } from '../../crown/engines.ts'
import { runMachine } from './machine.ts'

const STEPS = 5000
const FIXED_SEED = 20261121
const fresh = Math.floor(Math.random() * 1_000_000)

let opened: Awaited<ReturnType<typeof openEngines>>

beforeAll(async () => {
  opened = await openEngines()
})

afterAll(() => opened.close())

describe('publishing, step by step, while others read', () => {
  it.each([
    ['a seed that stays', FIXED_SEED],
    ['a fresh seed', fresh],
  ])('shows no answer that no state allows: %s', { timeout: 600_000 }, async (_, seed) => {
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
