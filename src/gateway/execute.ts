import { Fault, type FaultCode } from '../base/faults.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { aggregateFor } from '../merge/aggregates/index.ts'
import { type PartialTable, readPartial } from '../merge/partial.ts'
import type { Slice, SliceMeasure } from '../route/physical.ts'
import { measureKey, shareSlices } from '../route/share.ts'
import type { Statement, Store } from '../stores/port.ts'
import { buildStatements, type SliceStatement } from '../stores/sql/build.ts'
import { columnTypesOf } from '../stores/sql/columnTypes.ts'
import { type ColumnTypes, NO_TYPES } from '../stores/sql/numberKind.ts'
import { proveScope } from '../stores/sql/scopeProof.ts'
import type { Observer } from './observer.ts'
import { bytesOfColumns, mostRows, StateBudget } from './stateBudget.ts'

/** A store could not be reached: the question may be planned again without it. */
export class StoreUnreachable extends Fault {
  readonly store: string

  constructor(store: string, cause: Fault) {
    super('STORE_DOWN', cause.message, { cause })
    this.store = store
  }
}

export interface ExecuteContext {
  readonly catalog: Catalog
  readonly stores: ReadonlyMap<string, Store>
  /** Fires when the caller goes away; statements then end inside their stores. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds a statement may run; the store itself enforces it. */
  readonly timeout: number
  /** Bytes that the states of one question may take. */
  readonly stateBytes: number
  /** The caller's trace (W3C Trace Context): hexadecimal digits and dashes, nothing else. */
  readonly trace?: string | undefined
  readonly observer: Observer
}

/** The statements of a slice, in the dialect of its store. One that lacks the caller's scope is never given out. */
export async function statementsOf(
  slice: Slice,
  { catalog, stores, stateBytes }: Pick<ExecuteContext, 'catalog' | 'stores' | 'stateBytes'>,
): Promise<SliceStatement[]> {
  const store = storeOf(slice, stores)
  const types = await typesFor(slice, store).catch((error: unknown) => {
    throw forPlanner(error, store)
  })
  const statements = buildStatements(slice, catalog, store.dialect, types, mostRows(stateBytes))
  for (const { statement } of statements) proveScope(statement, slice)
  return statements
}

/** What PostgreSQL sums and counts by itself is the same whatever its columns are: it is asked only for keys that travel. */
function typesFor({ source, measures }: Slice, store: Store): Promise<ColumnTypes> {
  const areNeeded = measures.some(({ recipe, travels }) => recipe.kind === 'keys' && travels === 'spread')
  return areNeeded || store.dialect === 'clickhouse' ? columnTypesOf(source, store) : Promise.resolve(NO_TYPES)
}

/** What one slice gave: its partial tables, or why it gave none. */
export type SliceOutcome = readonly PartialTable[] | Fault

/** A slice that is run once, and the slices of questions that it is run for. */
interface SharedRun {
  readonly slice: Slice
  readonly parts: readonly { readonly slice: Slice; readonly budget: StateBudget }[]
}

/**
 * Runs every slice of several questions at once; what slices have in common is read once. A slice that fails does so
 * for itself: faults are outcomes. STORE_DOWN (StoreUnreachable), STORE_FAILED, DEADLINE, OVER_BUDGET. What comes is
 * counted question by question, so that none is refused for what it was asked with.
 */
export async function execute(
  questions: readonly (readonly Slice[])[],
  context: ExecuteContext,
): Promise<ReadonlyMap<Slice, SliceOutcome>> {
  const parts = questions.flatMap((slices) => {
    const budget = new StateBudget(context.stateBytes)
    return slices.map((slice) => ({ slice, budget }))
  })
  const shared = shareSlices(parts.map(({ slice }) => slice))
  const runs = Map.groupBy(parts, ({ slice }) => shared.get(slice) ?? slice)
  const outcomes = await Promise.all(
    [...runs].map(async ([slice, of]) => {
      const outcome = await runSlice({ slice, parts: of }, context)
      return of.map((part) => [part, outcome] as const)
    }),
  )
  // Only now is it known of each question what all its statements gave.
  return new Map(
    outcomes.flat().map(([{ slice, budget }, outcome]) => [slice, budget.refusal ?? partOf(outcome, slice)]),
  )
}

async function runSlice(run: SharedRun, context: ExecuteContext): Promise<SliceOutcome> {
  try {
    const { slice } = run
    const store = storeOf(slice, context.stores)
    const statements = await statementsOf(slice, context)
    const bounded = { ...context, signal: endingWith(run, context.signal) }
    return await Promise.all(statements.map((statement) => runStatement(statement, store, run, bounded)))
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

/** Also fires when every question that a slice is run for is refused: nobody waits for its other statements then. */
function endingWith({ parts }: SharedRun, caller: AbortSignal | undefined): AbortSignal {
  const ending = new AbortController()
  for (const { budget } of parts)
    budget.onRefusal(() => {
      if (parts.every((part) => part.budget.refusal !== undefined)) ending.abort()
    })
  return caller === undefined ? ending.signal : AbortSignal.any([caller, ending.signal])
}

/** What one slice asked for of the tables that several share. */
function partOf(outcome: SliceOutcome, { measures }: Slice): SliceOutcome {
  if (outcome instanceof Fault) return outcome
  const wanted = new Set(measures.map(measureKey))
  return outcome.flatMap((table) => {
    const states = table.states.filter(({ key }) => wanted.has(key))
    if (states.length === table.states.length) return [table]
    return states.length === 0 ? [] : [{ ...table, states }]
  })
}

async function runStatement(
  of: SliceStatement,
  store: Store,
  { parts }: SharedRun,
  context: ExecuteContext,
): Promise<PartialTable> {
  const { rows } = await ask(of, store, context)
  const columns = bytesOfColumns(rows)
  for (const { slice, budget } of parts) {
    const wanted = new Set(slice.measures.map(measureKey))
    budget.take(of, ({ measure }) => wanted.has(measureKey(measure)), rows.length, columns)
  }
  const refusals = parts.map(({ budget }) => budget.refusal)
  const [refusal] = refusals
  // What was counted is not kept when nobody may have it.
  if (refusal !== undefined && !refusals.includes(undefined)) throw refusal
  return readPartial(rows, {
    distinctGroups: !of.isSpread,
    base: of.slice.time.base,
    moment: of.measures[0]?.measure.request.metric.snapshot?.grain,
    by: of.by ?? [],
    fields: of.slice.fields,
    measures: of.measures.map(({ measure, presence, parts }) => ({
      key: measureKey(measure),
      request: measure.request.id,
      aggregate: aggregateOf(measure),
      presence,
      parts,
    })),
  })
}

function aggregateOf({ request: { metric }, travels }: SliceMeasure) {
  return aggregateFor(metric, travels === 'count')
}

async function ask({ statement }: SliceStatement, store: Store, context: ExecuteContext) {
  const { signal, timeout, trace, observer } = context
  const began = performance.now()
  const ended = (outcome: 'ok' | FaultCode): void =>
    observer.statement(store.name, store.engine, performance.now() - began, outcome)
  try {
    const result = await store.query(traced(statement, trace), signal === undefined ? { timeout } : { signal, timeout })
    ended('ok')
    return result
  } catch (error) {
    ended(error instanceof Fault ? error.code : 'INTERNAL')
    throw forPlanner(error, store)
  }
}

const TRACE = /^[0-9a-f-]{1,64}$/

/** The statement with the caller's trace behind it, where the logs of every store show it. */
function traced(statement: Statement, trace: string | undefined): Statement {
  if (trace === undefined || !TRACE.test(trace)) return statement
  return Object.freeze({ ...statement, text: `${statement.text} /* traceparent='${trace}' */` })
}

/** What failed, in the words the planner and the caller need. */
function forPlanner(error: unknown, store: Store): unknown {
  if (!(error instanceof Fault)) return error
  if (error.code === 'STORE_DOWN') return new StoreUnreachable(store.name, error)
  return error.code === 'DEADLINE' ? new Fault('DEADLINE', TOO_SLOW, { cause: error }) : error
}

const TOO_SLOW =
  'The question took longer than its deadline; ask for a shorter range, fewer dimensions or more filters.'

function storeOf(slice: Slice, stores: ReadonlyMap<string, Store>): Store {
  const store = stores.get(slice.source.store)
  if (store === undefined) throw new Fault('STORE_DOWN', `The store ${slice.source.store} is not connected.`)
  return store
}
