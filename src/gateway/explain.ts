import { formatDay } from '../base/time.ts'
import { printPlan } from '../plan/print.ts'
import type { Question } from '../query/question.ts'
import { type Freshness, freshnessOf, type Notice, noticesOf } from '../route/freshness.ts'
import type { Run } from '../route/sourceMap.ts'
import type { Parameter } from '../stores/port.ts'
import { statementsOf } from './execute.ts'
import type { Caller, Gateway } from './gateway.ts'
import { prepare } from './prepare.ts'

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
}

/** Explains a question as it would be answered now. */
export function explain(question: Question, caller: Caller, gateway: Gateway): Explanation {
  const now = gateway.clock()
  const { catalog, stores, health } = gateway
  const snapshot = gateway.snapshot()
  const prepared = prepare(question, { catalog, now, scope: caller.scope, snapshot, down: health.down() })
  const { aggregates } = prepared.physical
  return {
    plan: printPlan(prepared.plan),
    sourceMap: aggregates.flatMap(({ node, window, maps }) =>
      maps.map((map) => ({
        process: node.process,
        zone: window.businessZone,
        metrics: map.coverage.map(({ request }) => request.id),
        days: map.runs.map(explainRun),
        refused: [...new Set(map.coverage.flatMap(({ refusals }) => refusals))],
      })),
    ),
    statements: aggregates.flatMap(({ slices }) =>
      slices.flatMap((slice) =>
        statementsOf(slice, catalog, stores).map(({ statement, measures }) => ({
          source: slice.source.name,
          store: slice.source.store,
          engine: stores.get(slice.source.store)?.engine ?? 'unknown',
          metrics: measures.map(({ measure }) => measure.request.id),
          text: statement.text,
          params: statement.params,
        })),
      ),
    ),
    freshness: freshnessOf(aggregates, now),
    notices: noticesOf(aggregates),
    catalogVersion: catalog.version,
    epoch: snapshot.epoch,
  }
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
