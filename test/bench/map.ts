import { parseDay } from '../../src/base/time.ts'
import { contextOf } from '../../src/gateway/answer.ts'
import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { StoreHealth } from '../../src/gateway/health.ts'
import { type PrepareContext, type Prepared, prepare } from '../../src/gateway/prepare.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { coverageOf } from '../../src/route/coverage.ts'
import { rememberCuts } from '../../src/route/cuts.ts'
import { mapSources, situationOf } from '../../src/route/sourceMap.ts'
import type { Bench } from './bench.ts'
import { manyPublications, manySources } from './manySources.ts'
import { alone } from './measure.ts'

/** Milliseconds that all source maps of a question may take. */
const MOST_FOR_MAPS = 0.5
const NOW = Date.parse('2026-11-20T10:31:00+08:00')
const ROUNDS = 300

const ASKED: Readonly<Record<string, QuestionInput>> = {
  'one process': { metrics: ['p1_amount'] },
  'one process, two tables': { metrics: ['p1_amount', 'p1_buyers'] },
  'a composite over four': { metrics: ['four'] },
  'the four, days of New York': { metrics: ['four'], time: { zone: 'America/New_York' } },
}

/** What the source maps of a question cost where a thousand sources have a year of publications each. */
export const map: Bench = {
  name: 'map',
  says: `source maps by day over 1,000 published sources (target: at most ${MOST_FOR_MAPS} ms a question)`,
  run: measure,
}

async function measure(print: (line: string) => void, missed: (what: string) => void): Promise<void> {
  const gateway = gatewayOf()
  const context = contextOf(OPEN_CALLER, gateway)
  print(
    `  ${context.catalog.sources.size} sources, ${context.snapshot.sources.size} of them published; median milliseconds`,
  )
  print(`  ${''.padEnd(28)}${['days', 'runs', 'maps', 'whole question'].map((head) => head.padStart(16)).join('')}`)
  for (const [name, question] of Object.entries(ASKED)) {
    for (const days of [7, 90, 400]) {
      const asked = readQuestion({ ...question, time: { ...question.time, range: `last ${days} days`, grain: 'day' } })
      const prepared = prepare(asked, context)
      const maps = await milliseconds(() => mapAll(prepared, context))
      const whole = await milliseconds(() => prepare(asked, context))
      const figures = [`${days}`, `${runCount(prepared)}`, maps.toFixed(3), whole.toFixed(3)]
      print(`  ${name.padEnd(28)}${figures.map((figure) => figure.padStart(16)).join('')}`)
      if (maps > MOST_FOR_MAPS) missed(`${name} over ${days} days: ${maps.toFixed(3)} ms`)
    }
  }
  print(`  the moment of a question: ${(await milliseconds(() => contextOf(OPEN_CALLER, gateway))).toFixed(4)} ms`)
}

function gatewayOf() {
  const catalog = manySources()
  const snapshot = manyPublications(catalog, parseDay('2026-11-18') ?? 0)
  const clock = () => NOW
  const health = new StoreHealth(clock)
  const stores = new Map()
  return createGateway({ catalog: () => catalog, snapshot: () => snapshot, clock, health, stores, deadline: 1000 })
}

/** Every source map of a question, as `route` makes them. */
function mapAll({ question, physical }: Prepared, context: PrepareContext): void {
  const cutsFor = rememberCuts()
  for (const { node, time } of physical.aggregates) {
    const coverages = node.requests.map((request) => coverageOf(request, node, question.catalog))
    mapSources(situationOf(coverages, time, context, cutsFor))
  }
}

function runCount({ physical }: Prepared): number {
  return physical.aggregates.flatMap(({ maps }) => maps.flatMap(({ runs }) => runs)).length
}

/** Of code that has run for a while: the compiler is at work for up to some hundred rounds, at three times as much. */
async function milliseconds(work: () => unknown): Promise<number> {
  await alone(work, ROUNDS)
  return (await alone(work, ROUNDS)) / 1000
}
