import { type Grain, type Interval, union } from '../../base/time.ts'
import { baseAt, baseStart, isEdge, meet, nextBase } from '../../query/timeUnit.ts'
import { type Aggregate, joinOf, pickOf, withJoin, withScan } from '../logical.ts'
import type { Rewrite } from './rule.ts'

/**
 * Aggregates of one process become one scan, told apart in time as finely as the finest of them, where the cuts of each
 * fall on edges of that grain: each source is then read once.
 */
export const shareScans: Rewrite = {
  name: 'shareScans',
  apply(node) {
    const join = joinOf(node)
    const groups = new Map<string, Aggregate[]>()
    const place = new Map<string, { key: string; index: number }>()
    for (const { id, node: series } of join.inputs) {
      const scan = pickOf(series).input
      if (scan.kind === 'convert') continue
      const key = signature(scan)
      const shared = groups.get(key) ?? []
      groups.set(key, shared)
      let index = shared.findIndex((each) => unite(each, scan) !== undefined)
      const partner = shared[index]
      const united = partner === undefined ? undefined : unite(partner, scan)
      if (united === undefined) index = shared.push(scan) - 1
      else shared[index] = united
      place.set(id, { key, index })
    }
    const inputs = join.inputs.map(({ id, node: series }) => {
      const at = place.get(id)
      const scan = at && groups.get(at.key)?.[at.index]
      return { id, node: scan === undefined ? series : withScan(series, scan) }
    })
    return withJoin(node, { ...join, inputs })
  },
}

/** Aggregates that may be one: rows of one process under one time. Kept moments are kept per metric. */
function signature({ process, time, requests }: Aggregate): string {
  return JSON.stringify([process, time ?? '', requests[0]?.metric.snapshot])
}

/** Both in one; undefined when a cut of one falls inside a bucket that the other reads otherwise. */
function unite(a: Aggregate, b: Aggregate): Aggregate | undefined {
  const requests = [...new Map([...a.requests, ...b.requests].map((request) => [request.id, request])).values()]
  if (a.base === 'exact' || b.base === 'exact') return undefined
  if (sameReads(a.reads, b.reads)) {
    const base = a.base === undefined ? b.base : b.base === undefined ? a.base : meet(a.base, b.base)
    return { ...a, base, requests }
  }
  const reads = union([...a.reads, ...b.reads])
  const coarse = a.base === undefined || b.base === undefined ? (a.base ?? b.base ?? 'day') : meet(a.base, b.base)
  for (const base of [coarse, meet(coarse, 'day')]) if (isCleanCut(a, b, base)) return { ...a, base, reads, requests }
  return undefined
}

function sameReads(a: readonly Interval[], b: readonly Interval[]): boolean {
  return a.length === b.length && a.every((each, i) => each.from === b[i]?.from && each.to === b[i]?.to)
}

/** True when every bucket of the grain is read alike by both, or whole, or by one alone and cut by itself. */
function isCleanCut(a: Aggregate, b: Aggregate, base: Grain): boolean {
  const { zone } = a.window
  const edges = [...a.reads, ...b.reads].flatMap(({ from, to }) => [from, to]).filter(Number.isFinite)
  return edges.every((edge) => {
    if (isEdge(edge, base, zone)) return true
    const bucket = baseAt(edge, base, zone)
    const within = { from: baseStart(bucket, base, zone), to: baseStart(nextBase(bucket, base, zone), base, zone) }
    const [x, y] = [clip(a.reads, within), clip(b.reads, within)]
    return sameReads(x, y)
  })
}

function clip(reads: readonly Interval[], { from, to }: Interval): Interval[] {
  return reads.flatMap((each) => {
    const part = { from: Math.max(each.from, from), to: Math.min(each.to, to) }
    return part.from < part.to ? [part] : []
  })
}
