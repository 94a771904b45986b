import { Fault } from '../base/faults.ts'
import type { Question } from '../query/question.ts'
import type { Slice } from '../route/physical.ts'
import type { Answer, Figures } from './answerTypes.ts'
import { assemble, requireFinal } from './assemble.ts'
import type { Computed } from './cache/answerCache.ts'
import type { Entry } from './cache/entry.ts'
import type { Caller } from './caller.ts'
import { completed } from './complete.ts'
import { execute, type SliceOutcome, StoreUnreachable } from './execute.ts'
import { catalogFor, type Gateway } from './gateway.ts'
import { type PrepareContext, type Prepared, prepare } from './prepare.ts'

/** What comes with a question besides itself. */
export interface AskOptions {
  /** Fires when the caller hangs up; what nobody else waits for then ends inside its stores. */
  readonly signal?: AbortSignal | undefined
  /** The caller's trace (W3C Trace Context), handed on to the stores. */
  readonly trace?: string | undefined
}

/**
 * The way of a question, whole:
 *
 *   admit -> resolve -> plan -> route -> (cache) -> execute -> merge -> finish -> answer
 *
 * Several questions may go together, as the panels of one GraphQL document do: they see one moment and one snapshot,
 * and what they read in common is read once. Each has its own outcome. What is known already is not executed, and what
 * is being executed for another caller is waited for.
 */
export async function answerAll(
  questions: readonly Question[],
  caller: Caller,
  gateway: Gateway,
  { signal, trace }: AskOptions = {},
): Promise<(Answer | Fault)[]> {
  const loading = gateway.calendars.missing(catalogFor(caller, gateway))
  if (loading !== undefined) await loading
  const context = contextOf(caller, gateway)
  const prepared = await Promise.all(
    questions.map((question) =>
      question.cursor === undefined ? admit(question, context, caller, gateway, { signal, trace }) : ELSEWHERE,
    ),
  )
  const outcomes = await gateway.cache.answer(prepared, signal, (missing, ends) =>
    compute(missing, context, gateway, { signal: ends, trace }),
  )
  for (const [i, { cursor, limit }] of questions.entries())
    if (cursor !== undefined) outcomes[i] = outcomeOf(() => gateway.pages.page(cursor, limit, context.scope))
  for (const each of outcomes) gateway.observer.question(caller, each instanceof Fault ? each.code : each.delivery)
  return outcomes
}

/** One question, one answer. Throws the Fault that a batch would return. */
export async function answer(
  question: Question,
  caller: Caller,
  gateway: Gateway,
  options: AskOptions = {},
): Promise<Answer> {
  const [outcome] = await answerAll([question], caller, gateway, options)
  if (outcome === undefined || outcome instanceof Fault) throw outcome ?? new TypeError('no outcome')
  return outcome
}

/** What is kept of a question's answer and good at this moment, with nothing to wait for; a door may know its bytes. */
export function keptAnswer(
  question: Question,
  caller: Caller,
  gateway: Gateway,
): { readonly prepared: Prepared; readonly entry: Entry } | undefined {
  if (question.cursor !== undefined || gateway.calendars.missing(catalogFor(caller, gateway)) !== undefined)
    return undefined
  const prepared = outcomeOf(() => gateway.prepared.known(question, contextOf(caller, gateway)))
  if (prepared instanceof Fault || waits(prepared)) return undefined
  const entry = gateway.cache.fresh(prepared)
  return entry && { prepared, entry }
}

/** A page of a result that is kept is not prepared. */
const ELSEWHERE = new Fault('CURSOR_GONE', 'A page is cut from what is kept.')

/** The moment of a question: everything it sees of the world, taken once. */
export function contextOf(caller: Caller, gateway: Gateway): PrepareContext {
  const catalog = catalogFor(caller, gateway)
  return {
    catalog,
    calendars: gateway.calendars.of(catalog),
    now: gateway.clock(),
    clock: gateway.wallClock?.(),
    scope: caller.scope,
    snapshot: gateway.snapshot(),
    down: gateway.health.down(),
    silent: gateway.silent(),
  }
}

/** A question on its way, unless it is known already that its answer would be refused. */
export function admit(
  question: Question,
  context: PrepareContext,
  caller: Caller,
  gateway: Gateway,
  options: AskOptions,
): Promise<Prepared | Fault> | Prepared | Fault {
  const prepared = outcomeOf(() => {
    const planned = gateway.prepared.prepare(question, context)
    if (!waits(planned)) requireFinal(planned)
    return planned
  })
  if (prepared instanceof Fault || !waits(prepared)) return prepared
  return completed(prepared, context, gateway, (needed) => answer(needed, caller, gateway, options))
}

/** execute -> merge -> finish, together. */
async function compute(
  asked: readonly Prepared[],
  context: PrepareContext,
  gateway: Gateway,
  options: AskOptions,
): Promise<Computed[]> {
  const until = performance.now() + gateway.deadline
  let prepared = asked
  for (;;) {
    const { stores, observer, stateBytes } = gateway
    const bounds = { ...options, timeout: until - performance.now() }
    const outcomes = await execute(prepared.map(slicesOf), {
      catalog: context.catalog,
      stores,
      observer,
      stateBytes,
      ...bounds,
    })
    const down = dispensable([...outcomes.values()], prepared)
    if (down === undefined)
      return prepared.map((each) => ({ prepared: each, outcome: figuresOf(each, outcomes, gateway) }))
    // Without its real-time store a question still has its published days: plan again around what is down.
    gateway.health.markDown(down)
    const around = { ...context, down: gateway.health.down() }
    prepared = prepared.map((each) => prepareAround(each, around, gateway))
  }
}

/** True when a question must ask something of its own first. */
function waits({ needs, clocked }: Prepared): boolean {
  return needs.length > 0 || clocked.length > 0
}

/** Entities that were found once are not looked for again. */
function prepareAround(each: Prepared, around: PrepareContext, gateway: Gateway): Prepared {
  const { asked, entities, newest } = each
  return entities === undefined && newest === undefined
    ? gateway.prepared.prepare(asked, around)
    : prepare(asked, { ...around, entities, newest })
}

function figuresOf(
  prepared: Prepared,
  outcomes: ReadonlyMap<Slice, SliceOutcome>,
  { pages }: Gateway,
): Figures | Fault {
  const keep = (whole: Figures, of: Prepared) => (from: number) => pages.keep(whole, of, from)
  return outcomeOf(() => assemble(prepared, outcomes, keep))
}

function slicesOf(prepared: Prepared): Slice[] {
  const own = prepared.physical.aggregates.flatMap(({ slices }) => slices)
  return [...own, ...[...prepared.wholes.values()].flatMap(slicesOf)]
}

/** A store that could not be reached and that only real-time slices need. */
function dispensable(outcomes: readonly SliceOutcome[], prepared: readonly Prepared[]): string | undefined {
  for (const outcome of outcomes) {
    if (!(outcome instanceof StoreUnreachable)) continue
    const needed = prepared.flatMap(slicesOf).filter(({ source }) => source.store === outcome.store)
    if (needed.length > 0 && needed.every(({ source }) => source.kind === 'stream')) return outcome.store
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
