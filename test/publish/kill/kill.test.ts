import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEEDS } from './deeds.ts'
import { killOverWords, sweep } from './sweep.ts'
import type { Moment } from './trap.ts'
import { type KillWorld, openKillWorld } from './world.ts'

/** KILL_EVERY=1 kills over every statement instead of some. */
const isEvery = process.env.KILL_EVERY === '1'

/** In the statement that makes a publication public, or a withdrawal. */
const LANDING = 'land_days('

let world: KillWorld

beforeAll(async () => {
  world = await openKillWorld()
})

afterAll(() => world.close())

const CASES: readonly (readonly [keyof typeof DEEDS, Moment])[] = [
  ['publication', 'before'],
  ['publication', 'sent'],
  ['publication', 'done'],
  ['withdrawal', 'sent'],
  ['withdrawal', 'done'],
  ['drop', 'sent'],
]

describe('a gateway that is killed over its statements', () => {
  it.each(CASES)('leaves all of a %s or nothing: %s', { timeout: 600_000 }, async (name, moment) => {
    const began = performance.now()
    const swept = await sweep(world, DEEDS[name], moment, isEvery)
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    process.stdout.write(`killed over a ${name}, ${moment}: ${JSON.stringify(swept)} in ${seconds} s\n`)
    expect(swept.kills).toBeGreaterThan(3)
    if (name === 'drop') return
    // Over the first it was too early to do it.
    expect(swept.done).toBeLessThan(swept.kills)
    if (moment === 'sent') return
    expect(await killOverWords(world, DEEDS[name], moment, LANDING)).toEqual({ isDone: moment === 'done' })
  })
})
