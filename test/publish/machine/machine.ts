import { FAILURE_MS, LIVE_MS } from '../../../src/gateway/cache/answerCache.ts'
import type { Engines } from '../../crown/gatewayOf.ts'
import { Random } from '../../support/random.ts'
import { makeQuestions } from './asked.ts'
import { isAllowed, type Leeway, NO_LEEWAY, type Reading } from './judge.ts'
import { type Life, type LifeForm, openLife } from './life.ts'
import { read } from './readers.ts'
import { failureOf } from './report.ts'
import { writeFirstBatches } from './steps/batches.ts'
import { nextStep } from './steps/index.ts'
import { Misstep } from './steps/step.ts'

/** Steps of one life; then another begins. */
const LIFE = 500
const READERS = 4
/** By the stopwatch, which caches go by as well. */
const CACHED: Leeway = { live: LIVE_MS + 1, failure: FAILURE_MS + 1 }

export interface MachineOptions {
  readonly seed: number
  readonly steps: number
  readonly engines: Engines
  readonly onProgress?: (tally: Tally) => void
}

/** What a run has seen. */
export interface Tally {
  steps: number
  lives: number
  answers: number
  refusals: number
  /** By their finality, rows of answers. */
  readonly rows: Record<string, number>
  /** What was wrong; the run ends with it. */
  failure: string | undefined
}

/** Lives as many steps as are wanted, life after life. */
export async function runMachine({ seed, steps, engines, onProgress }: MachineOptions): Promise<Tally> {
  const tally: Tally = { steps: 0, lives: 0, answers: 0, refusals: 0, rows: {}, failure: undefined }
  while (tally.steps < steps && tally.failure === undefined) {
    const number = tally.lives++
    const form = formOf(number)
    const life = await openLife(engines, form)
    try {
      const random = new Random(seed * 7919 + number)
      await writeFirstBatches(life, random.fork())
      await live(life, random, form.caching ? CACHED : NO_LEEWAY, Math.min(LIFE, steps - tally.steps), tally)
    } finally {
      await life.close()
    }
    onProgress?.(tally)
  }
  return tally
}

/** Of twenty lives; each with ClickHouse takes as long as several with PostgreSQL. One has a cache. */
const CLICKHOUSE: ReadonlySet<number> = new Set([0, 9])

/** Both kinds of stores, with and without a cache. */
const formOf = (number: number): LifeForm => ({
  caching: number % 2 === 1,
  offlineIn: CLICKHOUSE.has(number % 20) ? 'clickhouse' : 'postgres',
})

async function live(life: Life, random: Random, leeway: Leeway, steps: number, tally: Tally): Promise<void> {
  const waiting: Reading[] = []
  const questions = makeQuestions(random.fork())
  let isOver = false
  const readers = Array.from({ length: READERS }, () =>
    read(
      life,
      questions,
      random.fork(),
      () => isOver,
      (reading) => waiting.push(reading),
    ),
  )
  const allRead = Promise.all(readers)
  // Told of where it is awaited.
  allRead.catch(() => undefined)
  try {
    for (let i = 0; i < steps && tally.failure === undefined; i++) {
      await take(life, random)
      tally.steps++
      judge(waiting, life, leeway, tally)
    }
  } catch (error) {
    if (!(error instanceof Misstep)) throw error
    tally.failure = failureOf(error.message, life, undefined, leeway)
  } finally {
    isOver = true
  }
  await allRead
  judge(waiting, life, leeway, tally)
}

async function take(life: Life, random: Random): Promise<void> {
  const { history } = life
  const step = nextStep(life, random)
  history.begin(step.name)
  const next = await step.run()
  history.end(next)
}

/** Judges what was answered before the last step ended; until then, what that step made of the world is not known. */
function judge(waiting: Reading[], life: Life, leeway: Leeway, tally: Tally): void {
  const ripe = waiting.filter(({ to }) => to <= life.history.done)
  waiting.splice(0, waiting.length, ...waiting.filter(({ to }) => to > life.history.done))
  for (const reading of ripe) {
    tally.answers++
    if (reading.plain.refusal !== undefined) tally.refusals++
    for (const row of reading.plain.rows) {
      const finality = String(row.at(-1))
      tally.rows[finality] = (tally.rows[finality] ?? 0) + 1
    }
    if (!isAllowed(reading, life.history, leeway)) {
      tally.failure ??= failureOf('an answer that no state allows', life, reading, leeway)
    }
  }
}
