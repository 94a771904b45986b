import { writeFigures } from '../../src/api/shapes.ts'
import { assemble } from '../../src/gateway/assemble.ts'
import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import { execute, statementsOf } from '../../src/gateway/execute.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { NO_OBSERVER } from '../../src/gateway/observer.ts'
import { prepare } from '../../src/gateway/prepare.ts'
import { buildPlan } from '../../src/plan/build.ts'
import { rewrite } from '../../src/plan/rewrite.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { resolve } from '../../src/query/resolve.ts'
import { route } from '../../src/route/physical.ts'
import type { ResultSet, Statement, Store } from '../../src/stores/port.ts'
import { alone } from './measure.ts'

/** Microseconds of each step of a question that are ours, the stores answering at once with what they last said. */
export async function phasesOf(input: QuestionInput, gateway: Gateway): Promise<Record<string, number>> {
  const { catalog, stateBytes } = gateway
  const stores = await rememberingStores(gateway.stores)
  const context = { catalog, now: gateway.clock(), scope: OPEN_CALLER.scope }
  const situation = { ...context, snapshot: gateway.snapshot(), down: gateway.health.down(), silent: gateway.silent() }
  const question = readQuestion(input)
  const { question: resolved } = resolve(question, context)
  const plan = rewrite(buildPlan(resolved), resolved.calendars)
  const prepared = prepare(question, situation)
  const slices = prepared.physical.aggregates.flatMap((aggregate) => aggregate.slices)
  const run = () => execute([slices], { catalog, stores, stateBytes, observer: NO_OBSERVER, timeout: gateway.deadline })
  const outcomes = await run()
  const answer = assemble(prepared, outcomes, () => () => undefined)
  const built = await alone(() =>
    Promise.all(slices.map((slice) => statementsOf(slice, { catalog, stores, stateBytes }))),
  )
  return {
    form: await alone(() => readQuestion(input)),
    resolve: await alone(() => resolve(question, context)),
    plan: await alone(() => rewrite(buildPlan(resolved), resolved.calendars)),
    route: await alone(() => route(plan, resolved, situation)),
    build: built,
    read: Math.max(0, (await alone(run)) - built),
    'merge+finish': await alone(() => assemble(prepared, outcomes, () => () => undefined)),
    serialise: await alone(() => writeFigures(answer, 'records')),
  }
}

/** Stores that ask once and repeat themselves. */
async function rememberingStores(stores: ReadonlyMap<string, Store>): Promise<ReadonlyMap<string, Store>> {
  const remembering = [...stores].map(([name, store]): [string, Store] => {
    const known = new Map<string, Promise<ResultSet>>()
    const query = (statement: Statement): Promise<ResultSet> => {
      const key = JSON.stringify(statement)
      const result = known.get(key) ?? store.query(statement)
      known.set(key, result)
      return result
    }
    return [name, Object.assign(Object.create(store), { query }) as Store]
  })
  return new Map(remembering)
}
