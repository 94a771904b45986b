import { Fault } from '../base/faults.ts'
import type { Question } from '../query/question.ts'
import type { Slice } from '../route/physical.ts'
import { type Answer, assemble } from './assemble.ts'
import { execute, type SliceOutcome, StoreUnreachable } from './execute.ts'
import type { Caller, Gateway } from './gateway.ts'
import { type Prepared, prepare } from './prepare.ts'

/**
 * The way of a question, whole:
 *
 *   admit -> resolve -> plan -> route -> execute -> merge -> finish -> answer
 *
 * Several questions may go together, as the panels of one GraphQL document do: they see one moment and one snapshot,
 * and what they read in common is read once. Each has its own outcome.
 */
export async function answerAll(
  questions: readonly Question[],
  caller: Caller,
  gateway: Gateway,
  signal?: AbortSignal,
): Promise<(Answer | Fault)[]> {
  const until = performance.now() + gateway.deadline
  for (;;) {
    const prepared = prepareAll(questions, caller, gateway)
    const limits = { signal, timeout: until - performance.now() }
    const { catalog, stores } = gateway
    const outcomes = await execute(prepared.flatMap(slicesOf), { catalog, stores, ...limits })
    const down = dispensable([...outcomes.values()], prepared)
    if (down === undefined) return prepared.map((each) => outcomeOf(() => assembleOne(each, outcomes)))
    // Without its real-time store a question still has its published days: plan again around what is down.
    gateway.health.markDown(down)
  }
}

/** One question, one answer. Throws the Fault that a batch would return. */
export async function answer(
  question: Question,
  caller: Caller,
  gateway: Gateway,
  signal?: AbortSignal,
): Promise<Answer> {
  const [outcome] = await answerAll([question], caller, gateway, signal)
  if (outcome === undefined || outcome instanceof Fault) throw outcome ?? new TypeError('no outcome')
  return outcome
}

function prepareAll(questions: readonly Question[], caller: Caller, gateway: Gateway): (Prepared | Fault)[] {
  const context = {
    catalog: gateway.catalog,
    now: gateway.clock(),
    scope: caller.scope,
    snapshot: gateway.snapshot(),
    down: gateway.health.down(),
  }
  return questions.map((question) => outcomeOf(() => prepare(question, context)))
}

function assembleOne(prepared: Prepared | Fault, outcomes: ReadonlyMap<Slice, SliceOutcome>): Answer {
  if (prepared instanceof Fault) throw prepared
  return assemble(prepared, outcomes)
}

function slicesOf(prepared: Prepared | Fault) {
  return prepared instanceof Fault ? [] : prepared.physical.aggregates.flatMap(({ slices }) => slices)
}

/** A store that could not be reached and that only real-time slices need. */
function dispensable(outcomes: readonly SliceOutcome[], prepared: readonly (Prepared | Fault)[]): string | undefined {
  for (const outcome of outcomes) {
    if (!(outcome instanceof StoreUnreachable)) continue
    const needed = prepared.flatMap(slicesOf).filter(({ source }) => source.store === outcome.store)
    if (needed.every(({ source }) => source.kind === 'stream')) return outcome.store
  }
  return undefined
}

function outcomeOf<T>(run: () => T): T | Fault {
  try {
    return run()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}
