import { type Day, type Instant, startOfDay } from '../base/time.ts'
import type { Catalog, Process, Source } from '../catalog/catalog.ts'
import { recipeFor } from '../catalog/recipe.ts'
import { isComplete } from './completeness.ts'
import type { Snapshot } from './snapshot.ts'

/** A day that a stream may not lose yet, because a batch source that should hold it does not. */
export interface Unprotected {
  readonly day: Day
  /** Batch sources that are not complete for it. */
  readonly lacking: readonly string[]
}

/**
 * The days of a stream whose rows are the only ones: those for which some metric that the stream gives has batch
 * sources, and none of them is complete. Days before a declared `since` are empty, and what no batch source gives at all
 * was declared to go with the stream.
 */
export function unprotectedDays(
  stream: Source,
  days: { readonly from: Day; readonly to: Day },
  catalog: Catalog,
  snapshot: Snapshot,
): Unprotected[] {
  const process = catalog.processes.get(stream.process)
  if (process === undefined) return []
  const groups = batchesOf(stream, process, catalog)
  const since = firstDay(groups.flat())
  const found: Unprotected[] = []
  for (let day = Math.max(days.from, since ?? days.from); day <= days.to; day++) {
    const lacking = groups.filter((sources) => !sources.some((source) => isComplete(source, day, snapshot)))
    const names = new Set(lacking.flatMap((sources) => sources.map(({ name }) => name)))
    if (names.size > 0) found.push({ day, lacking: [...names] })
  }
  return found
}

/** For each metric that a stream gives, the batch sources that give it too; metrics of the same sources once. */
function batchesOf(stream: Source, process: Process, catalog: Catalog): Source[][] {
  const groups = new Map<string, Source[]>()
  for (const name of process.metrics) {
    const metric = catalog.metrics.get(name)
    if (metric?.kind !== 'atomic' || recipeFor(stream, metric) === undefined) continue
    const batches = process.sources.filter(
      (source) => source.kind === 'batch' && recipeFor(source, metric) !== undefined,
    )
    if (batches.length > 0) groups.set(batches.map((source) => source.name).join(' '), batches)
  }
  return [...groups.values()]
}

/** undefined when a source does not say where its data begins: rows of a day that came before tell that it was not empty. */
function firstDay(sources: readonly Source[]): Day | undefined {
  const firsts = sources.map(({ since }) => since)
  return firsts.includes(undefined) || firsts.length === 0 ? undefined : Math.min(...firsts.flatMap((day) => day ?? []))
}

/** Days of a stream that leave its retention soon, or have left it, and that nothing else holds. */
export interface RetentionWarning {
  readonly source: string
  readonly day: Day
  readonly lacking: readonly string[]
  /** When the first of its rows leave the retention; in the past where they have. */
  readonly leavesAt: Instant
}

/** How far ahead days are looked at, and how far back. */
const AHEAD_MS = 86_400_000
const BACK_DAYS = 7

/** What a purge job would lose now or within a day, of every stream with a retention. */
export function retentionWarnings(catalog: Catalog, snapshot: Snapshot, now: Instant): RetentionWarning[] {
  return [...catalog.sources.values()].flatMap((stream) => {
    const { retention, kind, name } = stream
    const zone = catalog.processes.get(stream.process)?.zone
    if (kind !== 'stream' || retention === undefined || zone === undefined) return []
    const last = lastDayLeaving(now + AHEAD_MS - retention, zone)
    return unprotectedDays(stream, { from: last - BACK_DAYS, to: last }, catalog, snapshot).map(({ day, lacking }) => ({
      ...{ source: name, day, lacking, leavesAt: startOfDay(day, zone) + retention },
    }))
  })
}

/** The last day that begins before a moment. */
function lastDayLeaving(moment: Instant, zone: string): Day {
  let day = Math.floor(moment / 86_400_000) + 1
  while (startOfDay(day, zone) >= moment) day--
  return day
}
