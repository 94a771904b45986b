import { expect } from 'vitest'
import type { Deed, MakeDeed } from './deeds.ts'
import { listed, rowsNow } from './doors.ts'
import type { SpawnedGateway } from './gateway.ts'
import type { Trap } from './relay.ts'
import { countStatements, killAt, killOver, type Moment } from './trap.ts'
import type { KillWorld } from './world.ts'

/** What a sweep has seen. */
export interface Swept {
  kills: number
  /** Kills after which all of the deed was found done. */
  done: number
}

/**
 * Kills the gateway over the statement that makes the deed public, found by its words: before it nothing of the deed is
 * done, after it all of it.
 */
export async function killOverWords(
  world: KillWorld,
  makeDeed: MakeDeed,
  moment: Moment,
  words: string,
): Promise<{ readonly isDone: boolean }> {
  let gateway = await world.start()
  try {
    const deed = await makeDeed(world, ++rounds, gateway.url)
    expect(await isKilled(world, deed, gateway, killOver(gateway, words, moment))).toBe(true)
    gateway = await world.start()
    const found = { isDone: await isDone(deed, gateway) }
    await complete(deed, gateway)
    return found
  } finally {
    await gateway.kill()
  }
}

/** A number that no other round of this process has had. */
let rounds = 0

/**
 * Counts the statements of a deed, then kills the gateway over some of them, each time over another such deed. After each
 * kill a new gateway finds all of it done or nothing, and the same again completes it.
 */
export async function sweep(world: KillWorld, makeDeed: MakeDeed, moment: Moment, isEvery: boolean): Promise<Swept> {
  const swept: Swept = { kills: 0, done: 0 }
  let gateway = await world.start()
  try {
    const statements = await countOf(world, makeDeed, gateway)
    for (let k = 1; k <= statements; k++) {
      // What is done stands at the end; before that, one of a few will do.
      if (!isEvery && k < statements - LAST && k % STRIDE !== 1) continue
      const deed = await makeDeed(world, ++rounds, gateway.url)
      if (!(await isKilled(world, deed, gateway, killAt(gateway, k, moment)))) continue
      gateway = await world.start()
      swept.kills++
      if (await isDone(deed, gateway)) swept.done++
      await complete(deed, gateway)
    }
    return swept
  } finally {
    await gateway.kill()
  }
}

const LAST = 4
const STRIDE = 6

async function countOf(world: KillWorld, makeDeed: MakeDeed, gateway: SpawnedGateway): Promise<number> {
  const deed = await makeDeed(world, ++rounds, gateway.url)
  let sent = 0
  const count = countStatements((so) => {
    sent = so
  })
  expect(await isKilled(world, deed, gateway, count)).toBe(false)
  return sent
}

/** False when the deed went through before the trap closed: polls of the gateway are statements, too. */
async function isKilled({ relay }: KillWorld, deed: Deed, gateway: SpawnedGateway, trap: Trap): Promise<boolean> {
  expect(await rowsNow(gateway.url)).toEqual(deed.before)
  relay.trap = trap
  const told = await deed.act(gateway.url)
  relay.trap = undefined
  if (told === undefined) {
    await gateway.gone
    return true
  }
  expect(told.status, JSON.stringify(told.body)).toBe(200)
  expect(await rowsNow(gateway.url)).toEqual(deed.after)
  return false
}

/** Wholly old or wholly new. */
async function isDone(deed: Deed, { url }: SpawnedGateway): Promise<boolean> {
  const rows = await rowsNow(url)
  expect([deed.before, deed.after]).toContainEqual(rows)
  return JSON.stringify(rows) === JSON.stringify(deed.after)
}

/** The same again completes it, and once more changes nothing. */
async function complete(deed: Deed, { url }: SpawnedGateway): Promise<void> {
  expect(await deed.act(url)).toMatchObject({ status: 200 })
  expect(await rowsNow(url)).toEqual(deed.after)
  await deed.check?.()
  const records = await listed(url)
  expect(await deed.act(url)).toMatchObject({ status: 200 })
  expect(await rowsNow(url)).toEqual(deed.after)
  expect(await listed(url)).toEqual(records)
}
