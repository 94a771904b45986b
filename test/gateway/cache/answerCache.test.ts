import { describe, expect, it } from 'vitest'
import { CacheWorld } from './cacheWorld.ts'
import { inWorlds, SEEDS, unhandledIn } from './worlds.ts'

const WORLDS = 1000
const STEPS = 60

describe('the answer cache', () => {
  it.each(SEEDS)('keeps its promises in a world that changes (%s seed %i)', async (_, seed) => {
    const strays = await unhandledIn(() =>
      inWorlds(seed, WORLDS, async (random, tell) => {
        const world = new CacheWorld(random, tell)
        for (let step = 0; step < STEPS; step++) {
          await world.step()
          world.check()
        }
        await world.finish()
        world.check()
      }),
    )
    expect(strays).toEqual([])
  })
})
