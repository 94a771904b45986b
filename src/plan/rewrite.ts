import type { Calendars } from '../query/calendar.ts'
import { joinOf, type LogicalNode, pickOf } from './logical.ts'
import { addShifts } from './rules/addShifts.ts'
import type { Rewrite } from './rules/rule.ts'
import { shareScans } from './rules/shareScans.ts'
import { shiftBuckets } from './rules/shiftBuckets.ts'
import { widenReads } from './rules/widenReads.ts'

/**
 * In the order they are applied.
 * 1. addShifts: offsets that nest are one, and may then be whole buckets.
 * 2. shiftBuckets: decides what a shift moves; what is read follows from it.
 * 3. widenReads: each scan reads what its series needs, no more.
 * 4. shareScans: one pass over each process; last, because it looks at what is read.
 */
export const REWRITES: readonly Rewrite[] = [addShifts, shiftBuckets, widenReads, shareScans]

/** Applies every rewrite. One that loses a series or a request is a bug, and fails the question. */
export function rewrite(plan: LogicalNode, calendars: Calendars): LogicalNode {
  const wanted = outputsOf(plan)
  let node = plan
  for (const rule of REWRITES) {
    node = rule.apply(node, calendars)
    if (outputsOf(node) !== wanted) throw new Error(`the rewrite ${rule.name} changed what is computed`)
  }
  return node
}

function outputsOf(node: LogicalNode): string {
  return joinOf(node)
    .inputs.map((input) => {
      const { input: scan, request } = pickOf(input.node)
      const known = scan.kind === 'convert' ? scan.id === request : scan.requests.some(({ id }) => id === request)
      return `${input.id} <- ${known ? request : 'nothing'}`
    })
    .join('\n')
}
