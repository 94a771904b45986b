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
  /** The first and last published day; undefined when there is none. */
  readonly first: Day | undefined
  readonly last: Day | undefined
  /** For `complete: watermark`: the last complete day. */
  readonly watermark: Day | undefined
  /** The days, in order, of which another version is published than of the day before, or none where one was. */
  readonly edges: readonly Day[]
}

export const NOTHING_COMPLETE: Completeness = {
  versions: new Map(),
  first: undefined,
  last: undefined,
  watermark: undefined,
  edges: [],
}

/** A snapshot's entry from (day, version) pairs. */
export function completenessOf(versions: ReadonlyMap<Day, number>, watermark?: Day): Completeness {
  let first: Day | undefined
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
