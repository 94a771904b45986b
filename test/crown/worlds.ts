import { Fault } from '../../src/base/faults.ts'
import { answerAll } from '../../src/gateway/answer.ts'
import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { Random } from '../support/random.ts'
import { catalogTexts, singleStoreTexts } from './catalogTexts.ts'
import { difference, type Plain, plainAnswer, plainExpected, readsFinality, valuesOnly } from './compare.ts'
import { type Engines, gatewayAt } from './gatewayOf.ts'
import { makeDataset } from './generate/dataset.ts'
import { makeMoment } from './generate/moment.ts'
import { makeQuestion } from './generate/questions.ts'
import type { Dataset, StoreName, World } from './model.ts'
import { type Expected, expectedAnswer } from './oracle/answer.ts'
import type { Asked } from './question.ts'
import { dropTables, loadTables, tablesOf } from './tables.ts'

/** How many worlds are made over one dataset: loading tables costs more than asking. */
export const MOMENTS = 12
export const QUESTIONS = 3

/** A world whose answer is not what it must be, or that has none because something broke. */
export interface Failure {
  readonly kind: 'mismatch' | 'crash'
  readonly what: string
  readonly world: World
  readonly gateway: Gateway
  readonly got: Plain | string
  readonly wanted: Plain | string
}

/** What a run has seen: a generator that never makes something covers nothing of it. */
export interface Tally {
  worlds: number
  singles: number
  refusals: number
  rows: number
  failures: number
}

export interface RunOptions {
  readonly seed: number
  readonly worlds: number
  /** The dataset to begin with, default 0: a failure names its own. */
  readonly first?: number
  readonly engines: Engines
  /** Part of the tables' names, for runs that share a server. */
  readonly prefix: string
  /** Tells each failure; true ends the run. */
  readonly onFailure: (failure: Failure) => Promise<boolean>
  readonly onProgress?: (tally: Tally) => void
}

/** Datasets that are worked on at the same time: while one waits for its stores, another is made or judged. */
const LANES = 2

/** Makes worlds until there are enough of them, and asks each. */
export async function runWorlds(options: RunOptions): Promise<Tally> {
  const tally: Tally = { worlds: 0, singles: 0, refusals: 0, rows: 0, failures: 0 }
  let next = options.first ?? 0
  let ended = false
  const lane = async () => {
    while (!ended && tally.worlds < options.worlds) {
      const index = next++
      ended = (await runDataset(index, options, tally, () => ended)) || ended
      options.onProgress?.(tally)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return tally
}

/** Runs some work while a dataset's tables stand in their stores. */
export async function withTables<T>(
  random: Random,
  dataset: Dataset,
  engines: Engines,
  work: () => Promise<T>,
): Promise<T> {
  const tables = tablesOf(random, dataset)
  const inStore = (name: StoreName) => tables.filter(([store]) => store === name).map(([, table]) => table)
  const both: readonly StoreName[] = ['offline', 'realtime']
  await Promise.all(both.map((name) => loadTables(engines[dataset.engines[name]], inStore(name))))
  try {
    return await work()
  } finally {
    for (const name of both) await dropTables(engines[dataset.engines[name]], inStore(name))
  }
}

/** The dataset of a seed and a number, and the choices behind it. */
export function datasetOf(
  seed: number,
  index: number,
  prefix: string,
): { dataset: Dataset; tables: Random; random: Random } {
  const random = new Random(seed * 7919 + index)
  return { dataset: makeDataset(random.fork(), `${prefix}${index}`), tables: random.fork(), random }
}

function runDataset(index: number, options: RunOptions, tally: Tally, isOver: () => boolean): Promise<boolean> {
  const { dataset, tables, random } = datasetOf(options.seed, index, options.prefix)
  return withTables(tables, dataset, options.engines, async () => {
    const single = singleStoreTexts(dataset)
    for (let turn = 0; turn < MOMENTS && tally.worlds < options.worlds && !isOver(); turn++) {
      const moment = makeMoment(random.fork(), dataset)
      const questions = Array.from({ length: QUESTIONS }, () => makeQuestion(random.fork(), dataset))
      const gateway = gatewayAt(catalogTexts(dataset, moment), dataset, moment, options.engines)
      const alone = gatewayAt(single, dataset, { ...moment, realtimeDown: false }, options.engines)
      const worlds = questions.map((question) => ({ dataset, moment, question }))
      const failures = await checkWorlds(worlds, gateway, alone, tally)
      tally.failures += failures.length
      for (const failure of failures) if (await options.onFailure(failure)) return true
    }
    return false
  })
}

/** Asks several worlds of one moment together, as the panels of one document, and compares each by itself. */
async function checkWorlds(
  worlds: readonly World[],
  gateway: Gateway,
  alone: Gateway,
  tally: Tally,
): Promise<Failure[]> {
  const expected = worlds.map(expectedAnswer)
  const outcomes = await ask(
    worlds.map(({ question }) => question),
    gateway,
  )
  const failures = worlds.flatMap((world, i): Failure[] => {
    const [outcome, wanted] = [outcomes[i], expected[i]]
    if (outcome === undefined || wanted === undefined) throw new RangeError('every world has an outcome')
    tally.worlds++
    if (wanted.refusal !== undefined) tally.refusals++
    else tally.rows += wanted.rows.length
    return judge(outcome, wanted, world, gateway)
  })
  const comparable = worlds.filter(
    (world, i) => expected[i]?.whole === true && expected[i]?.refusal === undefined && !readsFinality(world.question),
  )
  const singles = await ask(
    comparable.map(({ question }) => question),
    alone,
  )
  tally.singles += comparable.length
  return [
    ...failures,
    ...comparable.flatMap((world, i) =>
      judgeSingle(singles[i] ?? 'no outcome', outcomes[worlds.indexOf(world)] ?? 'no outcome', world, alone),
    ),
  ]
}

/** What came of a question: an answer, the code of a refusal, or what broke. */
export type Outcome = Plain | string

export async function ask(questions: readonly Asked[], gateway: Gateway): Promise<Outcome[]> {
  if (questions.length === 0) return []
  try {
    const outcomes = await answerAll(questions.map(readQuestion), OPEN_CALLER, gateway)
    return outcomes.map((outcome) => (outcome instanceof Fault ? describe(outcome) : plainAnswer(outcome)))
  } catch (error) {
    return questions.map(() => describe(error))
  }
}

function describe(error: unknown): string {
  if (error instanceof Fault && (error.code === 'NOT_ANSWERABLE' || error.code === 'NOT_FINAL')) return error.code
  const cause = error instanceof Error && error.cause instanceof Error ? `\n  ${error.cause.stack}` : ''
  const code = error instanceof Fault ? `${error.code} ${JSON.stringify(error.errors)} ` : ''
  return `crash: ${code}${error instanceof Error ? error.stack : String(error)}${cause}`
}

function judge(got: Outcome, expected: Expected, world: World, gateway: Gateway): Failure[] {
  const wanted = expected.refusal ?? plainExpected(expected, world.question)
  const what = differs(got, wanted)
  if (what === undefined) return []
  return [{ kind: isCrash(got) ? 'crash' : 'mismatch', what, world, gateway, got, wanted }]
}

function judgeSingle(single: Outcome, split: Outcome, world: World, gateway: Gateway): Failure[] {
  if (typeof split === 'string') return []
  const got = typeof single === 'string' ? single : valuesOnly(single)
  const wanted = valuesOnly(split)
  const what = differs(got, wanted)
  if (what === undefined) return []
  return [
    {
      kind: isCrash(got) ? 'crash' : 'mismatch',
      what: `one store and two differ: ${what}`,
      world,
      gateway,
      got,
      wanted,
    },
  ]
}

function isCrash(outcome: Outcome): boolean {
  return typeof outcome === 'string' && outcome.startsWith('crash')
}

function differs(got: Outcome, wanted: Plain | string): string | undefined {
  if (typeof got === 'string' || typeof wanted === 'string') {
    if (got === wanted) return undefined
    return `${typeof got === 'string' ? got : 'an answer'} instead of ${typeof wanted === 'string' ? wanted : 'an answer'}`
  }
  return difference(got, wanted)
}
