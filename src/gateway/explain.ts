import { Fault } from '../base/faults.ts'
import { formatDay } from '../base/time.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { printPlan } from '../plan/print.ts'
import type { Question } from '../query/question.ts'
import { type Freshness, freshnessOf, type Notice, noticesOf } from '../route/freshness.ts'
import type { Slice } from '../route/physical.ts'
import type { Run } from '../route/run.ts'
import type { Parameter } from '../stores/port.ts'
import { proveScope, type ScopeProof } from '../stores/sql/scopeProof.ts'
import { admit, contextOf } from './answer.ts'
import type { Caller } from './caller.ts'
import { statementsOf } from './execute.ts'
import type { Gateway } from './gateway.ts'

/** The road of a question, stopped before anything is read. */
export interface Explanation {
  /** Indented text, the last step first. */
  readonly plan: string
  readonly sourceMap: readonly ExplainedMap[]
  readonly statements: readonly ExplainedStatement[]
  readonly freshness: Freshness
  readonly notices: readonly Notice[]
  readonly catalogVersion: string
  readonly epoch: number
}

export interface ExplainedMap {
  readonly process: string
  readonly zone: string
  readonly metrics: readonly string[]
  readonly days: readonly {
    readonly from: string
    readonly to: string
    readonly read: Run['read']['kind']
    readonly source: string | null
    readonly version: number | null
    readonly finality: Run['finality']
    readonly reason: string | null
  }[]
  /** Sources that can't answer, and why. */
  readonly refused: readonly string[]
}

export interface ExplainedStatement {
  readonly source: string
  readonly store: string
  readonly engine: string
  readonly metrics: readonly string[]
  readonly text: string
  readonly params: readonly Parameter[]
  /** Where the statement is cut to the rows that the caller may see; empty for a caller who may see all. */
  readonly scope: readonly ScopeProof[]
}

/** Explains a question as it would be answered now. */
export async function explain(question: Question, caller: Caller, gateway: Gateway): Promise<Explanation> {
  await gateway.calendars.missing(gateway.catalog)
  const context = contextOf(caller, gateway)
  const { catalog, now, snapshot } = context
  const prepared = await admit(question, context, caller, gateway, {})
  if (prepared instanceof Fault) throw prepared
  const { aggregates } = prepared.physical
  const slices = aggregates.flatMap((aggregate) => aggregate.slices)
  const statements = await Promise.all(slices.map((slice) => explainSlice(slice, catalog, gateway)))
  return {
    plan: printPlan(prepared.plan),
    sourceMap: aggregates.flatMap(({ node, time, maps }) =>
      maps.map((map) => ({
        process: node.process,
        zone: time.businessZone,
        metrics: map.coverage.map(({ request }) => request.id),
        days: map.runs.map(explainRun),
        refused: [...new Set(map.coverage.flatMap(({ refusals }) => refusals))],
      })),
    ),
    statements: statements.flat(),
    freshness: freshnessOf(aggregates, now),
    notices: noticesOf(aggregates),
    catalogVersion: catalog.version,
    epoch: snapshot.epoch,
  }
}

async function explainSlice(slice: Slice, catalog: Catalog, gateway: Gateway): Promise<ExplainedStatement[]> {
  const { name: source, store } = slice.source
  const engine = gateway.stores.get(store)?.engine ?? 'unknown'
  const { stores, stateBytes } = gateway
  const statements = await statementsOf(slice, { catalog, stores, stateBytes }, 'show')
  return statements.map(({ statement, measures }) => {
    const { text, params } = statement
    const metrics = measures.map(({ measure }) => measure.request.id)
    return { source, store, engine, metrics, text, params, scope: proveScope(statement, slice) }
  })
}

function explainRun({ firstDay, lastDay, read, finality, reason }: Run): ExplainedMap['days'][number] {
  const source = read.kind === 'offline' || read.kind === 'realtime' ? read.candidate.source.name : null
  const version = read.kind === 'offline' ? (read.version ?? null) : null
  return {
    from: formatDay(firstDay),
    to: formatDay(lastDay),
    read: read.kind,
    source,
    version,
    finality,
    reason: reason ?? null,
  }
}
