import type { Day } from '../base/time.ts'
import { sinceOf } from './completeness.ts'
import type { Candidate, Coverage } from './coverage.ts'
import type { ReadTime } from './readTime.ts'
import { firstRetained } from './retention.ts'
import type { RouteContext } from './run.ts'
import type { Snapshot } from './snapshot.ts'

/** Requests that the same sources cover: they are mapped once. */
export interface CoverageClass {
  readonly members: readonly Coverage[]
  readonly batch: readonly Candidate[]
  readonly streams: readonly Candidate[]
  /** The first day that any batch source of the process may hold; undefined = none is known; -Infinity = there is no such day. */
  readonly since: number | undefined
}

export function classesOf(coverages: readonly Coverage[], snapshot: Snapshot): CoverageClass[] {
  const groups = new Map<string, Coverage[]>()
  for (const coverage of coverages) {
    const key = [...coverage.batch, ...coverage.streams].map(({ source }) => source.name).join(' ')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [coverage])
    else group.push(coverage)
  }
  return [...groups.values()].map((members) => {
    const batch = members[0]?.batch ?? []
    // Of all batch sources of the process: a day that another table holds is not empty for this one, but unpublished.
    const sources = batch.length === 0 ? [] : (members[0]?.request.process.sources ?? [])
    const firsts = sources.filter(({ kind }) => kind === 'batch').flatMap((source) => sinceOf(source, snapshot) ?? [])
    const since = firsts.length === 0 ? undefined : Math.min(...firsts)
    return { members, batch, streams: members[0]?.streams ?? [], since }
  })
}

/** Where a question without a range begins when nothing says where data begins: 1970-01-01. */
const DAWN: Day = 0

/** The first day that any source may hold, for a question without a range. */
export function firstDayOf(
  coverages: readonly Coverage[],
  { today, businessZone }: Pick<ReadTime, 'today' | 'businessZone'>,
  context: RouteContext,
): Day {
  const firsts = classesOf(coverages, context.snapshot).flatMap(({ since, streams }) => {
    if (since !== undefined) return [since]
    return streams.map(({ source }) => firstRetained(source, businessZone, context))
  })
  return Math.max(DAWN, Math.min(...firsts, today))
}
