import type { Day } from '../base/time.ts'
import type { ResolvedQuestion } from '../query/resolved.ts'
import { type Situation, streamsHold } from './dayRead.ts'
import type { ClassMap, Run } from './run.ts'

/** Where the days of one process are read from so far, and what decided it. */
export interface MappedProcess {
  readonly process: string
  readonly situation: Situation
  readonly maps: readonly ClassMap[]
}

/**
 * The days that a process reads from real time so that a metric does not mix: each day, by its date, that another process
 * of the same metrics reads from real time, and that the streams of all of them hold. Where one of them can't follow,
 * none is moved. Days before the first data hold nothing in any store and stay as they are.
 */
export function alignedDays(
  { process }: Pick<MappedProcess, 'process'>,
  all: readonly MappedProcess[],
  question: ResolvedQuestion,
): ReadonlySet<Day> {
  const group = processGroups(question).find((names) => names.has(process))
  const together = all.filter((each) => group?.has(each.process))
  const live = new Set(together.flatMap(({ maps }) => maps.flatMap(({ runs }) => runs.flatMap(liveDays))))
  const own = together.filter((each) => each.process === process)
  const moves = (day: Day): boolean =>
    together.every((each) => canFollow(day, each)) && !own.every((each) => readsNothing(day, each))
  return new Set([...live].filter(moves))
}

/** Processes that an asked metric combines; metrics that share a process are in one group, for it has one map. */
export function processGroups({ metrics, series }: ResolvedQuestion): ReadonlySet<string>[] {
  const processes = new Map(
    series.map(({ id, request, conversion }) => [
      id,
      [request.process.name, ...(conversion === undefined ? [] : [conversion.follow.process.name])],
    ]),
  )
  let groups: ReadonlySet<string>[] = []
  for (const metric of metrics) {
    if (metric.kind !== 'formula') continue
    const names = new Set(metric.reads.flatMap((id) => processes.get(id) ?? []))
    const apart = groups.filter((group) => group.isDisjointFrom(names))
    const met = groups.filter((group) => !group.isDisjointFrom(names))
    groups = [...apart, met.reduce((whole, group) => whole.union(group), names)]
  }
  return groups
}

function liveDays({ read, firstDay, lastDay }: Run): Day[] {
  return read.kind === 'realtime' ? Array.from({ length: lastDay - firstDay + 1 }, (_, i) => firstDay + i) : []
}

function canFollow(day: Day, process: MappedProcess): boolean {
  return readsNothing(day, process) || streamsHold(day, process.situation)
}

/** True when a process does not read a day, or knows that it holds nothing. */
function readsNothing(day: Day, { maps }: MappedProcess): boolean {
  return maps.every(({ runs }) => {
    const run = runs.find(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay)
    return run === undefined || run.read.kind === 'empty'
  })
}
