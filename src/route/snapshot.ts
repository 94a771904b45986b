import type { Day } from '../base/time.ts'

/**
 * What is complete, at one epoch: immutable, so that a question that holds one sees no publication land between two of
 * its slices.
 */
export interface Snapshot {
  readonly epoch: number
  /** By source name; a source without an entry has nothing published. */
  readonly sources: ReadonlyMap<string, Completeness>
}

export interface Completeness {
  /** Business day -> published version. */
  readonly versions: ReadonlyMap<Day, number>
  /** The first day that was ever published, withdrawn or not: days before it are empty. undefined when there is none. */
  readonly first: Day | undefined
  /** The last day that is published. */
  readonly last: Day | undefined
  /** For a watermark: the last complete day. A watermark that lists its days has them in `versions`. */
  readonly watermark: Day | undefined
  /** The days, in order, of which another version is published than of the day before, or none where one was. */
  readonly edges: readonly Day[]
  /** In the snapshot of an earlier epoch: days whose version of then can't be read any more. */
  readonly gone?: ReadonlySet<Day> | undefined
}

export const NOTHING_COMPLETE: Completeness = {
  versions: new Map(),
  first: undefined,
  last: undefined,
  watermark: undefined,
  edges: [],
}

/** A snapshot's entry from (day, version) pairs; `since` is the first day that was published before. */
export function completenessOf(versions: ReadonlyMap<Day, number>, watermark?: Day, since?: Day): Completeness {
  let first = since
  let last: Day | undefined
  for (const day of versions.keys()) {
    if (first === undefined || day < first) first = day
    if (last === undefined || day > last) last = day
  }
  let edges: readonly Day[] | undefined
  return {
    versions,
    first,
    last,
    watermark,
    // Found by the first question that needs them: most sources of a snapshot are not asked for before the next one.
    get edges() {
      edges ??= edgesOf(versions)
      return edges
    },
  }
}

function edgesOf(versions: ReadonlyMap<Day, number>): Day[] {
  const edges: Day[] = []
  for (const [day, version] of versions) {
    if (versions.get(day - 1) !== version) edges.push(day)
    if (!versions.has(day + 1)) edges.push(day + 1)
  }
  return edges.toSorted((a, b) => a - b)
}

/** A day of a source that is to show a version, or none. */
export interface DayChange {
  readonly source: string
  readonly day: Day
  readonly version: number | undefined
}

/** A snapshot as it would be after changes. It is of no epoch that readers see. */
export function withChanges(snapshot: Snapshot, changes: readonly DayChange[]): Snapshot {
  const sources = new Map(snapshot.sources)
  for (const [name, ofSource] of Map.groupBy(changes, ({ source }) => source)) {
    const before = sources.get(name) ?? NOTHING_COMPLETE
    const versions = new Map(before.versions)
    for (const { day, version } of ofSource) {
      if (version === undefined) versions.delete(day)
      else versions.set(day, version)
    }
    // A day that is taken back was published all the same: it is not empty for that.
    const first = ofSource.reduce((least, { day }) => Math.min(least, day), before.first ?? Number.POSITIVE_INFINITY)
    sources.set(name, completenessOf(versions, before.watermark, Number.isFinite(first) ? first : undefined))
  }
  return { epoch: snapshot.epoch, sources }
}
