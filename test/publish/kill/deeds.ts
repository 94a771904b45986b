import { expect } from 'vitest'
import { SCHEMA } from '../../../src/control/migrate.ts'
import type { Store } from '../../../src/stores/port.ts'
import { allAt, answerAt, bake, DAYS, SOURCES } from './bakery.ts'
import { dropOld, publishAll, type Told, withdraw } from './doors.ts'
import type { KillWorld } from './world.ts'

/** Something that a gateway is told to do and may be killed over. */
export interface Deed {
  /** What is answered while nothing of it is done, and when all of it is. */
  readonly before: readonly unknown[]
  readonly after: readonly unknown[]
  /** Does it; the same again is the same deed. */
  act(url: string): Promise<Told>
  /** What else must hold when it is done. */
  check?(): Promise<void>
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

/** What was superseded long ago is dropped; readers see nothing of it. */
export const drop: MakeDeed = async (world, round, url) => {
  const { store } = world
  for (const version of [round, round + OTHER]) {
    await bake(store, version)
    const told = await publishAll(url, version, `run-${version}`)
    if (told?.status !== 200) throw new Error(JSON.stringify(told))
  }
  await store.execute(`update ${SCHEMA}.publication set superseded_at = superseded_at - interval '1 hour'`)
  const rows = allAt(round + OTHER)
  return {
    before: rows,
    after: rows,
    act: (of) => dropOld(of),
    check: async () => expect(await rowCounts(store, round)).toEqual(SOURCES.map(() => '0')),
  }
}

/** A number that tells the second version of a round from those of other rounds. */
const OTHER = 500

async function rowCounts(store: Store, version: number): Promise<unknown[]> {
  const counts: unknown[] = []
  for (const source of SOURCES) {
    const text = `select count(*) from ${source} where pv = $1::bigint`
    counts.push((await store.query({ dialect: 'postgres', text, params: [version] })).rows[0]?.[0])
  }
  return counts
}

/** Deeds by name. */
export const DEEDS = { publication, withdrawal, drop } as const
