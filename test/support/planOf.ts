import { buildPlan } from '../../src/plan/build.ts'
import type { LogicalNode } from '../../src/plan/logical.ts'
import { printPlan } from '../../src/plan/print.ts'
import { REWRITES, rewrite } from '../../src/plan/rewrite.ts'
import type { Rewrite } from '../../src/plan/rules/rule.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { resolve } from '../../src/query/resolve.ts'
import type { ScopePredicate } from '../../src/query/resolved.ts'
import { compiled } from './shopCatalog.ts'

const NOW = Date.parse('2026-11-20T10:00:00Z')

/** The plan of a question to the shop, as text, line by line. */
export function planOf(question: QuestionInput, scope: readonly ScopePredicate[] = []): string[] {
  const { plan, calendars } = built(question, scope)
  return printPlan(rewrite(plan, calendars)).split('\n')
}

/** The same, with the rewrites up to one and without it: what that one changes. */
export function before(rule: Rewrite, question: QuestionInput): string[] {
  return printPlan(upTo(rule, question, false)).split('\n')
}

export function after(rule: Rewrite, question: QuestionInput): string[] {
  return printPlan(upTo(rule, question, true)).split('\n')
}

function upTo(rule: Rewrite, question: QuestionInput, inclusive: boolean): LogicalNode {
  const { plan, calendars } = built(question, [])
  const end = REWRITES.indexOf(rule) + (inclusive ? 1 : 0)
  return REWRITES.slice(0, end).reduce((node, each) => each.apply(node, calendars), plan)
}

function built(question: QuestionInput, scope: readonly ScopePredicate[]) {
  const { question: resolved } = resolve(readQuestion(question), { catalog: compiled(), now: NOW, scope })
  return { plan: buildPlan(resolved), calendars: resolved.calendars }
}
