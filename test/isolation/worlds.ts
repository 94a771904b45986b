import { parseDay } from '../../src/base/time.ts'
import { completenessOf, type Snapshot } from '../../src/route/snapshot.ts'
import { Random } from '../support/random.ts'
import { compiled } from '../support/shopCatalog.ts'
import { Callers } from './callers.ts'
import { catalogTexts } from './catalogTexts.ts'
import { makeMoment } from './generate/moment.ts'
import { makeTown } from './generate/town.ts'
import type { House } from './house.ts'
import type { Moment, Town } from './model.ts'
import { fillPublications, publicationsOf } from './publications.ts'
import { rowsOf } from './rows.ts'
import { fillTables, makeTables } from './tables.ts'
import { newTally, type Tally } from './tally.ts'
import { askWorld, type Failure, makeWorld } from './world.ts'

/** What is run, and who is told of it. */
export interface RunOptions {
  readonly seed: number
  readonly worlds: number
  /** The town to begin with, default 1: a failure names its own. */
  readonly first?: number
  readonly house: House
  /** Told each failed reply; true ends the run. */
  readonly onFailure: (failure: Failure) => boolean
  readonly onProgress?: (tally: Tally) => void
}

/** Worlds in one town: each has its own moment, tenants and questions. */
const WORLDS = 4
/** Towns whose rows are loaded together: few at first, for a run that may soon be over. */
const LEAST_TOWNS = 8
const MOST_TOWNS = 64

/** Makes worlds until there are enough of them, and asks all of each. */
export async function runWorlds(options: RunOptions): Promise<Tally> {
  const { house, seed, worlds } = options
  const tally = newTally()
  const callers = await Callers.open(house)
  await makeTables(house.store)
  let next = options.first ?? 1
  for (let most = LEAST_TOWNS; tally.worlds < worlds; most = Math.min(2 * most, MOST_TOWNS)) {
    const count = Math.min(most, Math.ceil((worlds - tally.worlds) / WORLDS))
    const towns = Array.from({ length: count }, () => makeTown(seed, next++))
    house.renew()
    await fillTables(house.store, rowsOf(towns, seed))
    await fillPublications(house.control, towns.flatMap(publicationsOf))
    for (const town of towns) {
      if (await runTown(town, options, callers, tally)) return tally
      options.onProgress?.(tally)
    }
  }
  return tally
}

/** True when the run is to end. */
async function runTown(
  town: Town,
  { seed, worlds, house, onFailure }: RunOptions,
  callers: Callers,
  tally: Tally,
): Promise<boolean> {
  const random = new Random(seed * 15_485_863 + town.id)
  const catalog = compiled(catalogTexts(town))
  for (let index = 0; index < WORLDS && tally.worlds < worlds; index++) {
    const moment = makeMoment(random.fork(), town)
    house.show({ catalog, snapshot: snapshotAt(moment, town), now: moment.now, realtimeDown: moment.realtimeDown })
    const world = await makeWorld(random.fork(), index, town, moment, callers)
    const failures = await askWorld(world, house, tally)
    if (failures.some(onFailure)) return true
  }
  return false
}

function snapshotAt({ published }: Moment, { processes }: Town): Snapshot {
  const sources = processes.flatMap((process) => process.sources)
  const entries = sources.map(({ name, versions }) => {
    const days = (published.get(name) ?? []).map(
      (day) => [parseDay(day) ?? Number.NaN, versions.get(day) ?? 1] as const,
    )
    return [name, completenessOf(new Map(days))] as const
  })
  return { epoch: 1, sources: new Map(entries) }
}
