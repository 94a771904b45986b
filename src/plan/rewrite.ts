import { joinOf, type LogicalNode } from './logical.ts'
import type { Rewrite } from './rules/rule.ts'
import { shareScans } from './rules/shareScans.ts'

/**
 * In the order they are applied.
 * 1. shareScans: metrics of one process over the same rows are read in one pass; everything later counts passes.
 */
export const REWRITES: readonly Rewrite[] = [shareScans]

/** Applies every rewrite. One that loses a state is a bug, and fails the question rather than answering wrongly. */
export function rewrite(plan: LogicalNode): LogicalNode {
  const wanted = requestsOf(plan)
  let node = plan
  for (const rule of REWRITES) {
    node = rule.apply(node)
    if (requestsOf(node) !== wanted) throw new Error(`the rewrite ${rule.name} changed what is computed`)
  }
  return node
}

function requestsOf(node: LogicalNode): string {
  return joinOf(node)
    .inputs.flatMap((input) => input.requests.map((request) => request.id))
    .toSorted()
    .join(' ')
}
