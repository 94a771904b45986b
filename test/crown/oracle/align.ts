import type { ProcessModel } from '../model.ts'
import { type DayRead, EMPTY, type ProcessReads, REALTIME } from './reads.ts'
import type { MetricColumn, Request } from './requests.ts'

/** `align: true` by its written rule: on a day that one of the processes of a metric reads from real time, so do the others. */
export function aligned(
  reads: ReadonlyMap<ProcessModel, ProcessReads>,
  columns: readonly MetricColumn[],
): Map<ProcessModel, ProcessReads> {
  const all = new Map(reads)
  for (const group of groupsOf(columns)) {
    const together = [...group].flatMap((process) => reads.get(process) ?? [])
    const moved = [...new Set(together.flatMap((each) => each.days))].filter((day) => {
      const isLive = together.some((each) => on(each, day).includes(REALTIME))
      return isLive && together.every((each) => holdsNothing(each, day) || each.streamsHold(day))
    })
    for (const process of group) {
      const own = reads.get(process)
      if (own !== undefined) all.set(process, withRealtime(own, moved))
    }
  }
  return all
}

const on = ({ reads }: ProcessReads, day: string) => [...reads.values()].map((days) => days.get(day))

/** The day is not read, or is empty by declaration. */
const holdsNothing = (process: ProcessReads, day: string) =>
  on(process, day).every((read) => read === undefined || read === EMPTY)

function withRealtime(process: ProcessReads, moved: readonly string[]): ProcessReads {
  const days = moved.filter((day) => !holdsNothing(process, day)).map((day): [string, DayRead] => [day, REALTIME])
  const reads = [...process.reads].map(([request, own]): [Request, Map<string, DayRead>] => {
    return [request, new Map([...own, ...days])]
  })
  return { ...process, reads: new Map(reads) }
}

/** Processes that some column combines; columns that share one are together. */
function groupsOf(columns: readonly MetricColumn[]): Set<ProcessModel>[] {
  const groups: Set<ProcessModel>[] = []
  for (const { requests } of columns) {
    const group = new Set(requests.map((request) => request.process))
    for (let i = groups.length - 1; i >= 0; i--) {
      const other = groups[i]
      if (other === undefined || [...other].every((process) => !group.has(process))) continue
      for (const process of other) group.add(process)
      groups.splice(i, 1)
    }
    groups.push(group)
  }
  return groups
}
