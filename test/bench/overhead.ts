import { buildServer } from '../../src/api/server.ts'
import { answer, contextOf } from '../../src/gateway/answer.ts'
import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import { statementsOf } from '../../src/gateway/execute.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { prepare } from '../../src/gateway/prepare.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import type { Statement, Store } from '../../src/stores/port.ts'
import { composed } from '../support/composed.ts'
import { startPostgres } from '../support/servers.ts'
import { interleaved } from './measure.ts'
import { phasesOf } from './phases.ts'
import { COMPARED, type Compared } from './questions.ts'
import { fillTrips, NOW, ROWS, tripCatalog } from './trips.ts'

const ROUNDS = { warmUp: 10, least: 20, budget: 4000 }

/** Compares every question with its SQL by hand, the trips standing in one of the two stores. */
export async function overhead(where: 'offline' | 'realtime', print: (line: string) => void): Promise<void> {
  const server = await startPostgres()
  const gateway = await composed(tripCatalog(where), server.url, { ONESERVICE_NOW: NOW, ONESERVICE_CACHE_MB: '0' })
  const store = gateway[where]
  await fillTrips(store)
  const { composition } = gateway
  const app = await buildServer(composition.api, { version: '0.0.0', logLevel: 'silent' })
  await app.ready()
  const headers = { 'content-type': 'application/json' }
  const ask = (payload: string) => app.inject({ method: 'POST', url: '/v1/query', headers, payload })
  print(`  ${ROWS.toLocaleString('en')} rows in ${store.engine}; median milliseconds, and how often the time by hand`)
  print(`  ${''.padEnd(38)}${['by hand', 'our SQL', 'question', 'HTTP'].map((head) => head.padStart(16)).join('')}`)
  for (const compared of COMPARED) print(await lineOf(compared, store, composition.gateway, ask))
  print('  of the question, ours alone; median microseconds')
  for (const { name, question } of COMPARED) {
    const phases = Object.entries(await phasesOf(question, composition.gateway))
    print(`  ${name.padEnd(38)} ${phases.map(([phase, took]) => `${phase} ${took.toFixed(0)}`).join('  ')}`)
  }
  await app.close()
  await gateway.close()
  await server.stop()
}

async function lineOf(
  { name, question, byHand }: Compared,
  store: Store,
  gateway: Gateway,
  ask: (payload: string) => Promise<unknown>,
): Promise<string> {
  const limits = { timeout: gateway.deadline }
  const hand: Statement = { dialect: store.dialect, text: byHand[store.dialect], params: [] }
  const ours = await statementsFor(question, gateway)
  const payload = JSON.stringify(question)
  const took = await interleaved(
    {
      hand: () => store.query(hand, limits),
      sql: () => Promise.all(ours.map((statement) => store.query(statement, limits))),
      question: () => answer(readQuestion(question), OPEN_CALLER, gateway),
      http: () => ask(payload),
    },
    ROUNDS,
  )
  const { rows } = await store.query(hand)
  const { rowCount } = await answer(readQuestion(question), OPEN_CALLER, gateway)
  const told = [took.sql, took.question, took.http].map((each) =>
    `${each.toFixed(2)} ${(each / took.hand).toFixed(2)} x`.padStart(16),
  )
  const differs = rows.length === rowCount ? '' : `  by hand ${rows.length} rows, the question ${rowCount}!`
  return `  ${name.padEnd(38)}${took.hand.toFixed(2).padStart(16)}${told.join('')}${differs}`
}

async function statementsFor(question: Compared['question'], gateway: Gateway): Promise<Statement[]> {
  const { catalog, stores, stateBytes } = gateway
  const { physical } = prepare(readQuestion(question), contextOf(OPEN_CALLER, gateway))
  const slices = physical.aggregates.flatMap((aggregate) => aggregate.slices)
  const built = await Promise.all(slices.map((slice) => statementsOf(slice, { catalog, stores, stateBytes })))
  return built.flat().map(({ statement }) => statement)
}
