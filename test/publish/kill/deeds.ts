import { allAt, answerAt, bake, DAYS, SOURCES } from './bakery.ts'
import { publishAll, type Told, withdraw } from './doors.ts'
import type { KillWorld } from './world.ts'

/** Something that a gateway is told to do and may be killed over. */
export interface Deed {
  /** What is answered while nothing of it is done, and when all of it is. */
  readonly before: readonly unknown[]
  readonly after: readonly unknown[]
  /** Does it; the same again is the same deed. */
  act(url: string): Promise<Told>
}

/** Makes the deed of a round, whose number no other round has; a gateway stands by that nothing will happen to. */
export type MakeDeed = (world: KillWorld, round: number, url: string) => Promise<Deed>

/** The next version of all days of both sources is published. */
export const publication: MakeDeed = async ({ store }, round) => {
  await bake(store, round)
  const runId = `run-${round}`
  return { before: allAt(round - 1), after: allAt(round), act: (url) => publishAll(url, round, runId) }
}

/** One of the days that are out is taken back. */
export const withdrawal: MakeDeed = async ({ store }, round, url) => {
  await bake(store, round)
  const told = await publishAll(url, round, `run-${round}`)
  if (told?.status !== 200) throw new Error(JSON.stringify(told))
  const [source, day] = [SOURCES[0], DAYS[0]]
  const after = answerAt(SOURCES.map((each) => DAYS.map((of) => (each === source && of === day ? 0 : round))))
  return { before: allAt(round), after, act: (of) => withdraw(of, source, day) }
}

/** Deeds by name. Dropping old versions belongs here as well. */
export const DEEDS = { publication, withdrawal } as const
