import { listAt, type Reply } from './asks/ask.ts'
import type { Caller } from './callers.ts'

/** What a run has seen: one that asked little would have shown little. */
export interface Tally {
  worlds: number
  replies: number
  toTenants: number
  refusals: number
  /** Rows of figures and values that tenants got. */
  rows: number
  hits: number
  stale: number
  /** Answers that were executed once for several who asked at once. */
  collapsed: number
  failures: number
}

/** A tally of nothing yet. */
export function newTally(): Tally {
  return { worlds: 0, replies: 0, toTenants: 0, refusals: 0, rows: 0, hits: 0, stale: 0, collapsed: 0, failures: 0 }
}

/** Counts a reply in. */
export function count({ status, headers, json }: Reply, { view }: Caller, tally: Tally): void {
  tally.replies++
  if (Object.keys(view.bound).length === 0) return
  tally.toTenants++
  if (status >= 400) tally.refusals++
  tally.rows += listAt(json, 'rows').length + listAt(json, 'values').length
  if (headers.includes('OneService; hit')) tally.hits++
  if (headers.includes('fwd=stale')) tally.stale++
  if (headers.includes('collapsed')) tally.collapsed++
}
