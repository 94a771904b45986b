import type { Random } from '../support/random.ts'
import { type Ask, type Reply, send } from './asks/ask.ts'
import type { Caller, Callers } from './callers.ts'
import { makeAsks } from './generate/asks.ts'
import type { House } from './house.ts'
import { type Wrong, wrongsOf } from './judge.ts'
import type { Moment, Town } from './model.ts'
import { count, type Tally } from './tally.ts'

/** A town at a moment, two tenants that ask the same, and how they do it. */
export interface World {
  readonly index: number
  readonly town: Town
  readonly moment: Moment
  readonly one: Caller
  readonly other: Caller
  readonly admin: Caller
  readonly asks: readonly Ask[]
  /** The admin asks first, so that the whole figures are known when the tenants ask. */
  readonly warmed: boolean
  /** Between the two rounds: nothing, time for live answers to grow old, or another replica. */
  readonly between: 'nothing' | 'time' | 'replica'
}

/** A reply that its caller must not have. */
export interface Failure {
  readonly world: World
  readonly ask: Ask
  readonly caller: Caller
  readonly reply: Reply
  readonly wrongs: readonly Wrong[]
}

/** Longer than a live answer is good for, and shorter than some questions allow it to be old. */
const SOME_TIME = 20_000

/** Chooses two tenants of a town and what they ask. */
export async function makeWorld(
  random: Random,
  index: number,
  town: Town,
  moment: Moment,
  callers: Callers,
): Promise<World> {
  const [first = {}, second = {}] = random.sample(town.tenants, 2)
  const one = await callers.tenant('one tenant', town, first)
  const isStrange = random.chance(0.05)
  const other = isStrange
    ? await callers.stranger(random.fork(), town)
    : await callers.tenant('the other', town, second)
  return {
    index,
    town,
    moment,
    one,
    other,
    admin: callers.admin(town),
    asks: makeAsks(random, { view: one.view, other: other.view }),
    warmed: random.chance(0.5),
    between: random.pick(['nothing', 'nothing', 'time', 'replica']),
  }
}

/**
 * Asks everything of a world. Both tenants send the same words at the same moment, each twice and by turns; then once
 * more, when everything is known.
 */
export async function askWorld(world: World, house: House, tally: Tally): Promise<Failure[]> {
  const { one, other, admin, asks } = world
  const failures: Failure[] = []
  const round = async (of: readonly Ask[], callers: readonly Caller[]): Promise<void> => {
    const all = of.flatMap((ask) =>
      callers.slice(0, ask.once === true ? 2 : undefined).map((caller) => ({ ask, caller })),
    )
    const got = await Promise.all(
      all.map(async ({ ask, caller }) => ({ ask, caller, reply: await send(house.app, ask.sent, caller.credential) })),
    )
    for (const { ask, caller, reply } of got) {
      count(reply, caller, tally)
      const wrongs = wrongsOf(reply, ask, caller.view, world.moment)
      if (wrongs.length > 0) failures.push({ world, ask, caller, reply, wrongs })
    }
  }
  if (world.warmed) await round(asks, [admin])
  await round(asks, [one, other, one, other])
  if (world.between === 'time') house.wait(SOME_TIME)
  if (world.between === 'replica') house.moveToReplica()
  await round(
    asks.filter(({ once }) => once !== true),
    [other, one],
  )
  tally.worlds++
  tally.failures += failures.length
  return failures
}
