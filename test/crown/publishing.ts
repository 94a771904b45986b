import type { Moment, ProcessModel, World } from './model.ts'
import { type Day, dayAt, startOf } from './oracle/calendar.ts'

/** A day that a process could publish further at a moment, and the moment after that. */
export interface Publishing {
  readonly process: ProcessModel
  readonly day: Day
  readonly after: Moment
}

/**
 * Days whose publication may change nothing but how final the values are: both stores hold the same rows, and the
 * stream was able to give them.
 */
export function publishings({ dataset, moment }: World): Publishing[] {
  if (moment.realtimeDown) return []
  return dataset.processes.flatMap((process) =>
    [...process.kinds].flatMap(([day, kind]): Publishing[] => {
      if (kind !== 'same' || day >= dayAt(moment.now, process.zone) || !isLive(process, day, moment)) return []
      const sources = process.sources.filter(
        ({ role, name }) => role !== 'stream' && moment.published.get(name)?.has(day) === false,
      )
      if (
        sources.length === 0 ||
        !process.sources.some(({ name, role }) => role !== 'stream' && isWithin(name, day, moment))
      )
        return []
      return [{ process, day, after: withDay(moment, sources, day) }]
    }),
  )
}

function isLive({ sources, zone }: ProcessModel, day: Day, { now, retention }: Moment): boolean {
  return sources.some(({ role, name }) => {
    const kept = retention.get(name)
    return role === 'stream' && (kept === undefined || startOf(day, zone) >= now - kept.milliseconds)
  })
}

/** Publishing before the first day that a source is known to hold would move that first day. */
function isWithin(source: string, day: Day, { since, published }: Moment): boolean {
  const first = since.get(source) ?? [...(published.get(source)?.keys() ?? [])].toSorted()[0]
  return first !== undefined && first <= day
}

function withDay(moment: Moment, sources: ProcessModel['sources'], day: Day): Moment {
  const published = new Map(moment.published)
  for (const { name, versions } of sources) {
    published.set(name, new Map([...(published.get(name) ?? []), [day, versions.get(day) ?? 1]]))
  }
  return { ...moment, published }
}
