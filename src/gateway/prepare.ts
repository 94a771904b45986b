import { Fault, faultDetail } from '../base/faults.ts'
import type { Instant } from '../base/time.ts'
import { wholeKey } from '../merge/finish.ts'
import { buildPlan } from '../plan/build.ts'
import type { LogicalNode } from '../plan/logical.ts'
import { rewrite } from '../plan/rewrite.ts'
import type { Entities, EntityNeed } from '../query/entities.ts'
import type { Question } from '../query/question.ts'
import { type ResolveContext, resolve } from '../query/resolve.ts'
import type { ResolvedQuestion } from '../query/resolved.ts'
import { type PhysicalPlan, route } from '../route/physical.ts'
import type { RouteContext, Run } from '../route/run.ts'
import type { Snapshot } from '../route/snapshot.ts'
import { cacheKey, isPinned } from './cache/key.ts'
import { type Clocked, clockedSources } from './newest.ts'

/** A question on its way, ready to be executed; what `explain` shows. */
export interface Prepared {
  readonly asked: Question
  readonly question: ResolvedQuestion
  readonly plan: LogicalNode
  readonly physical: PhysicalPlan
  readonly snapshot: Snapshot
  /** What its answer is kept under. */
  readonly key: string
  /** Its answer can change by a publication only, and then has another key. */
  readonly pinned: boolean
  /** Metrics per entity that its filters wait for; it means nothing before they are known. */
  readonly needs: readonly EntityNeed[]
  /** Totals that are questions of their own, by the names of their keys: facts stand in several groups of a relation. */
  readonly wholes: ReadonlyMap<string, Prepared>
  /** What was found of them. */
  readonly entities: Entities | undefined
  /** Streams that must be asked how far they have come. */
  readonly clocked: readonly Clocked[]
  readonly newest: PrepareContext['newest']
  /** The earlier side of a comparison is too coarse to be cut, so that whole elapsed days are compared. */
  readonly comparesDays: boolean
}

export interface PrepareContext extends ResolveContext {
  readonly snapshot: Snapshot
  readonly down: ReadonlySet<string>
  readonly silent: RouteContext['silent']
  /** The moment by which streams keep their rows; default: the question's own. */
  readonly clock?: Instant | undefined
}

/** resolve -> plan -> route. Nothing is read yet. */
export function prepare(asked: Question, context: PrepareContext): Prepared {
  const { question, needs } = resolve(asked, context)
  const { snapshot } = context
  const { routed, comparesDays, ...planned } = planAndRoute(question, context)
  return {
    asked,
    question: routed,
    ...planned,
    snapshot,
    key: cacheKey(routed, planned.physical),
    pinned: isPinned(routed, planned.physical),
    needs,
    entities: context.entities,
    clocked: context.newest === undefined ? clockedSources(routed, planned.physical) : [],
    newest: context.newest,
    wholes: wholesOf(asked, question, context),
    comparesDays,
  }
}

/** What is total over groups of a relation is read by itself, so that each fact counts once in it. */
function wholesOf(asked: Question, question: ResolvedQuestion, context: PrepareContext): Map<string, Prepared> {
  const wholes = new Map<string, Prepared>()
  const relations = question.keys.flatMap((key) => (key.kind === 'field' && key.field.isRelation ? [key.name] : []))
  if (relations.length === 0) return wholes
  if (question.top !== undefined) {
    const message = `The rest of the groups of ${relations.join(', ')} can't be folded: a fact may stand in several of them.`
    throw Fault.at([faultDetail('NOT_ANSWERABLE', '/top', message)])
  }
  const shares = question.metrics.flatMap((metric) => (metric.kind === 'share' ? [metric.within] : []))
  for (const names of [...(question.totals ? [[]] : []), ...question.subtotals, ...shares]) {
    if (relations.every((name) => names.includes(name))) continue
    wholes.set(wholeKey(question.keys, names), prepare(wholeOf(asked, question, names), context))
  }
  return wholes
}

/** The same question by fewer keys. */
function wholeOf(asked: Question, question: ResolvedQuestion, names: readonly string[]): Question {
  const kept = (index: number): boolean => {
    const offset = asked.time.grain === undefined ? 0 : 1
    return names.includes(question.keys[index + offset]?.name ?? '')
  }
  const { grain, ...time } = asked.time
  return {
    ...asked,
    metrics: asked.metrics.filter((each) => typeof each === 'string' || each.metric !== undefined),
    dimensions: asked.dimensions.filter((_, i) => kept(i)),
    time: names.includes('time') && grain !== undefined ? { ...time, grain } : time,
    ...{ having: [], order: [], totals: false, subtotals: [], limit: undefined, offset: 0 },
  }
}

/** An unfinished period meets as much of the earlier one; where that can't be cut within a day, its whole elapsed days. */
function planAndRoute(question: ResolvedQuestion, context: PrepareContext) {
  const cut = planOf(question, context)
  const cuts = question.series.some(({ offsets }) => offsets.some(({ elapsed }) => elapsed === 'same'))
  if (cuts && losesByCutting(cut, question, context)) {
    const routed = comparedBy(question, 'days')
    const whole = planOf(routed, context)
    if (!(whole instanceof Fault)) return { routed, comparesDays: true, ...whole }
  }
  if (cut instanceof Fault) throw cut
  return { routed: question, comparesDays: false, ...cut }
}

/** The same question, an unfinished period compared otherwise. */
function comparedBy(question: ResolvedQuestion, elapsed: 'days' | 'whole'): ResolvedQuestion {
  const series = question.series.map((each) => ({
    ...each,
    offsets: each.offsets.map((shift) => (shift.elapsed === 'same' ? { ...shift, elapsed } : shift)),
  }))
  return { ...question, series }
}

type Planned = { readonly plan: LogicalNode; readonly physical: PhysicalPlan }

function planOf(question: ResolvedQuestion, context: PrepareContext): Planned | Fault {
  try {
    const plan = rewrite(buildPlan(question), question.calendars)
    return { plan, physical: route(plan, question, context) }
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

/** Whether a day misses only because it is cut more finely than any source tells times; what misses anyway does not count. */
function losesByCutting(cut: Planned | Fault, question: ResolvedQuestion, context: PrepareContext): boolean {
  if (cut instanceof Fault) return cut.code === 'NOT_ANSWERABLE'
  const missing = runsOf(cut.physical, (run) => run.read.kind === 'missing')
  if (missing.length === 0) return false
  const uncut = planOf(comparedBy(question, 'whole'), context)
  if (uncut instanceof Fault) return true
  const read = Map.groupBy(
    runsOf(uncut.physical, (run) => run.read.kind !== 'missing'),
    ({ of }) => of,
  )
  return missing.some(({ of, run: { firstDay, lastDay } }) =>
    (read.get(of) ?? []).some(({ run }) => run.firstDay <= lastDay && run.lastDay >= firstDay),
  )
}

function runsOf({ aggregates }: PhysicalPlan, isWanted: (run: Run) => boolean): { of: string; run: Run }[] {
  return aggregates.flatMap(({ maps }) =>
    maps.flatMap(({ coverage, runs }) =>
      runs.filter(isWanted).flatMap((run) => coverage.map(({ request }) => ({ of: request.id, run }))),
    ),
  )
}
