import { buildPlan, type LogicalNode } from '../plan/logical.ts'
import { rewrite } from '../plan/rewrite.ts'
import type { Question } from '../query/question.ts'
import { type ResolveContext, resolve } from '../query/resolve.ts'
import type { ResolvedQuestion } from '../query/resolved.ts'
import { type PhysicalPlan, route } from '../route/physical.ts'
import type { Snapshot } from '../route/snapshot.ts'
import { cacheKey, isPinned } from './cache/key.ts'

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
}

export interface PrepareContext extends ResolveContext {
  readonly snapshot: Snapshot
  readonly down: ReadonlySet<string>
}

/** resolve -> plan -> route. Nothing is read yet. */
export function prepare(asked: Question, context: PrepareContext): Prepared {
  const question = resolve(asked, context)
  const plan = rewrite(buildPlan(question))
  const physical = route(plan, context.catalog, question.totals, context)
  const { snapshot } = context
  return {
    asked,
    question,
    plan,
    physical,
    snapshot,
    key: cacheKey(question, physical),
    pinned: isPinned(question, physical),
  }
}
