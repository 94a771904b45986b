import { describe, expect, it } from 'vitest'
import { Flights } from '../../../src/gateway/cache/flights.ts'
import { Sky } from './sky.ts'
import { inWorlds, SEEDS, settled, unhandledIn } from './worlds.ts'

const WORLDS = 800
const STEPS = 40

describe('flights', () => {
  it.each(SEEDS)('do what their model does, in any order of events (%s seed %i)', async (_, seed) => {
    const strays = await unhandledIn(() =>
      inWorlds(seed, WORLDS, async (random, tell) => {
        const sky = new Sky(random, tell)
        for (let step = 0; step < STEPS; step++) {
          sky.step()
          await settled()
          sky.check()
        }
        sky.finish()
        await settled()
        sky.check()
      }),
    )
    expect(strays).toEqual([])
  })

  it('give an outcome or CLIENT_CLOSED to whoever leaves in the moment of landing', async () => {
    for (const leavesFirst of [true, false]) {
      const flights = new Flights<string>(() => 0)
      const landing = Promise.withResolvers<ReadonlyMap<string, string>>()
      const controller = new AbortController()
      const [flight] = flights.launch(['a'], () => landing.promise, { signal: controller.signal })
      const joined = flights.join('a', 0, undefined)
      if (leavesFirst) controller.abort()
      landing.resolve(new Map([['a', 'here']]))
      if (!leavesFirst) controller.abort()
      const [first, second] = await Promise.allSettled([flight, joined])
      expect(second).toEqual({ status: 'fulfilled', value: 'here' })
      if (first.status === 'fulfilled') expect(first.value).toBe('here')
      else expect(first.reason).toMatchObject({ code: 'CLIENT_CLOSED' })
      expect(flights.size).toBe(0)
    }
  })
})
