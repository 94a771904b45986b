import { Fault } from '../base/faults.ts'
import type { Question } from '../query/question.ts'
import { type Answer, assemble } from './assemble.ts'
import { withDeadline } from './deadline.ts'
import { execute, StoreUnreachable } from './execute.ts'
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
  return withDeadline(gateway.deadline, signal, async (limits) => {
    for (;;) {
      const prepared = prepareAll(questions, caller, gateway)
      try {
        return await executeAll(prepared, gateway, limits)
      } catch (error) {
        // Without its real-time store a question still has its published days: plan again around what is down.
        if (!(error instanceof StoreUnreachable) || !canDoWithout(error.store, prepared)) throw error
        gateway.health.markDown(error.store)
      }
    }
  })
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

async function executeAll(
  prepared: readonly (Prepared | Fault)[],
  gateway: Gateway,
  limits: { readonly signal: AbortSignal; readonly timeout: number },
): Promise<(Answer | Fault)[]> {
  const partials = await execute(prepared.flatMap(slicesOf), {
    ...limits,
    catalog: gateway.catalog,
    stores: gateway.stores,
  })
  return prepared.map((each) => (each instanceof Fault ? each : outcomeOf(() => assemble(each, partials))))
}

function slicesOf(prepared: Prepared | Fault) {
  return prepared instanceof Fault ? [] : prepared.physical.aggregates.flatMap(({ slices }) => slices)
}

function canDoWithout(store: string, prepared: readonly (Prepared | Fault)[]): boolean {
  const needed = prepared.flatMap(slicesOf).filter(({ source }) => source.store === store)
  return needed.length > 0 && needed.every(({ source }) => source.kind === 'stream')
}

function outcomeOf<T>(run: () => T): T | Fault {
  try {
    return run()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}
