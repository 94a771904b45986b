import type { Finality } from '../base/finality.ts'
import type { Day, Instant } from '../base/time.ts'
import type { Candidate, Coverage } from './coverage.ts'
import type { Snapshot } from './snapshot.ts'

/** Where a business day is read from. */
export type Read =
  | { readonly kind: 'empty' }
  | { readonly kind: 'offline'; readonly candidate: Candidate; readonly version: number | undefined }
  | { readonly kind: 'realtime'; readonly candidate: Candidate; readonly silence: Silence | undefined }
  | { readonly kind: 'missing' }

/** A stream whose newest event is older than the catalog allows. */
export interface Silence {
  /** undefined when the stream holds no event at all. */
  readonly newest: Instant | undefined
}

/** Why a day is not simply read from a published version. */
export type Reason =
  | 'today'
  | 'offline_not_published'
  | 'offline_hole'
  | 'offline_too_coarse'
  | 'other_metrics_unpublished'
  | 'no_offline_source'
  | 'aligned'
  | 'realtime_stale'
  | 'watermark'
  | 'realtime_retention'
  | 'realtime_down'
  | 'no_realtime_source'

/** How a day is read, how final that is, and why. */
export interface Mapped {
  readonly read: Read
  readonly finality: Finality
  readonly reason: Reason | undefined
}

/** Consecutive business days that are read alike. Both ends inclusive. */
export interface Run extends Mapped {
  readonly firstDay: Day
  readonly lastDay: Day
}

/** The runs of requests that can be read from the same sources, in order of days. */
export interface ClassMap {
  readonly coverage: readonly Coverage[]
  readonly runs: readonly Run[]
}

/** What decides where days are read from, besides the question. */
export interface RouteContext {
  readonly snapshot: Snapshot
  readonly now: Instant
  /** The moment that streams have kept their rows up to; where the question is of an earlier moment it is not `now`. */
  readonly clock?: Instant | undefined
  /** Stores that can't be reached at this moment. */
  readonly down: ReadonlySet<string>
  /** Streams that have fallen silent, by the names of their sources. */
  readonly silent: ReadonlyMap<string, Silence>
}
