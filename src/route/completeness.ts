import type { Day } from '../base/time.ts'
import type { Source } from '../catalog/catalog.ts'
import { type Completeness, NOTHING_COMPLETE, type Snapshot } from './snapshot.ts'

/** The first day that a source may hold; undefined = none is known, -Infinity = there is no such day. */
export function sinceOf(source: Source, snapshot: Snapshot): number | undefined {
  if (source.since !== undefined) return source.since
  const lists = source.complete === 'published' || source.watermark?.kind === 'days'
  return lists ? knownOf(source, snapshot).first : Number.NEGATIVE_INFINITY
}

/** What a snapshot knows of a source. */
export function knownOf(source: Source, snapshot: Snapshot): Completeness {
  return snapshot.sources.get(source.name) ?? NOTHING_COMPLETE
}

/** Whether a source holds all of a day. */
export function isComplete(source: Source, day: Day, snapshot: Snapshot): boolean {
  const { versions, watermark } = knownOf(source, snapshot)
  if (source.complete === 'always') return true
  if (source.watermark?.kind === 'last') return watermark !== undefined && day <= watermark
  return versions.has(day)
}
