import { Random } from '../../support/random.ts'
import type { Engines } from '../gatewayOf.ts'
import { dropTables, loadTables } from '../tables.ts'
import { difference, type Table } from './compare.ts'
import { ask, gatewayAt } from './gateway.ts'
import { makeCatalog } from './generate/catalog.ts'
import { makeDataset, makeMoment } from './generate/data.ts'
import { makeQuestion } from './generate/question.ts'
import type { World } from './model.ts'
import { expectedAnswer } from './oracle/answer.ts'
import { ENGINES, tablesOf } from './tables.ts'

/** Worlds over one set of rows: publications and catalogs, and questions of each. */
const MOMENTS = 10
const QUESTIONS = 4

export interface Failure {
  readonly kind: 'mismatch' | 'crash'
  readonly what: string
  readonly world: World
  readonly place: string
  readonly got: Table | string
  readonly wanted: Table | string
}

export interface Tally {
  worlds: number
  refusals: number
  open: number
  rows: number
  cells: number
  failures: number
  features: Record<string, number>
}

export interface RunOptions {
  readonly seed: number
  readonly worlds: number
  readonly first?: number
  readonly engines: Engines
  readonly prefix: string
  readonly onFailure: (failure: Failure) => boolean
}

/** Makes worlds until there are enough of them, and asks each. */
export async function runAlgebra(options: RunOptions): Promise<Tally> {
  const tally: Tally = { worlds: 0, refusals: 0, open: 0, rows: 0, cells: 0, failures: 0, features: {} }
  let next = options.first ?? 0
  let ended = false
  const lane = async () => {
    try {
      while (!ended && tally.worlds < options.worlds) ended = (await runDataset(next++, options, tally)) || ended
    } finally {
      // What broke in one lane ends the other, before the stores are closed.
      ended = true
    }
  }
  const lanes = await Promise.allSettled([lane(), lane()])
  for (const each of lanes) if (each.status === 'rejected') throw each.reason
  return tally
}

async function runDataset(index: number, options: RunOptions, tally: Tally): Promise<boolean> {
  const { dataset, tables, turns } = datasetOf(options.seed, index, options.prefix)
  const inStore = (name: keyof typeof ENGINES) => tables.filter(([store]) => store === name).map(([, table]) => table)
  const stores = ['offline', 'realtime'] as const
  await Promise.all(stores.map((store) => loadTables(options.engines[ENGINES[store]], inStore(store))))
  try {
    for (const [turn, worlds] of turns.entries()) {
      if (tally.worlds >= options.worlds) break
      const [{ moment, catalog }] = worlds
      const gateway = gatewayAt(dataset, moment, catalog, options.engines)
      const outcomes = await ask(
        worlds.map(({ question }) => question),
        gateway,
      )
      for (const [i, world] of worlds.entries()) {
        const place = `seed ${options.seed}, dataset ${index}, turn ${turn}`
        const failure = judge(world, outcomes[i] ?? 'no outcome', tally, place)
        if (failure !== undefined && options.onFailure(failure)) return true
      }
    }
    return false
  } finally {
    for (const store of stores) await dropTables(options.engines[ENGINES[store]], inStore(store))
  }
}

/** The rows of a seed and a number, and the worlds over them: those of one turn share publications and a catalog. */
export function datasetOf(seed: number, index: number, prefix: string) {
  const random = new Random(seed * 104_729 + index)
  const dataset = makeDataset(random.fork(), `${prefix}${index}`)
  const tables = tablesOf(random.fork(), dataset)
  const turns = Array.from({ length: MOMENTS }, (): [World, ...World[]] => {
    const moment = makeMoment(random.fork(), dataset)
    const catalog = makeCatalog(random.fork(), dataset)
    const world = (): World => ({
      dataset,
      moment,
      catalog,
      question: makeQuestion(random.fork(), dataset, moment, catalog),
    })
    return [world(), ...Array.from({ length: QUESTIONS - 1 }, world)]
  })
  return { dataset, tables, turns }
}

export function judge(world: World, got: Table | string, tally: Tally, place: string): Failure | undefined {
  const { table: wanted, tolerances, isOpen } = expectedAnswer(world)
  tally.worlds++
  if (isOpen) {
    tally.open++
    return undefined
  }
  if (wanted === 'NOT_FINAL') tally.refusals++
  else {
    tally.rows += wanted.rows.length
    tally.cells += wanted.rows.flat().filter((cell) => cell !== null).length
  }
  const what =
    typeof got === 'string' || typeof wanted === 'string'
      ? got === wanted
        ? undefined
        : `${typeof got === 'string' ? got : 'an answer'} instead of ${typeof wanted === 'string' ? wanted : 'an answer'}`
      : difference(got, wanted, tolerances)
  if (what === undefined) return undefined
  tally.failures++
  const kind = typeof got === 'string' && got.startsWith('crash') ? 'crash' : 'mismatch'
  return { kind, what, world, place, got, wanted }
}
