import type { Source } from '../catalog/catalog.ts'
import type { DayChange, Snapshot } from '../route/snapshot.ts'

/** A version of a day whose rows are written and wait to be published. Days are YYYY-MM-DD in the process's zone. */
export interface StagedDay {
  readonly source: string
  readonly day: string
  readonly version: number
  /** What the writer says it has written; the audit holds the rows against it. */
  readonly rowCount?: number | undefined
  readonly checksum?: string | undefined
  /** The version may have no rows. */
  readonly empty?: boolean | undefined
  readonly runId?: string | undefined
}

/** What batch writers may do with publications. */
export interface Publisher {
  /** Audits versions and records them as staged. A version that was ever shown is left as it is. */
  stage(days: readonly StagedDay[]): Promise<unknown>
  /** Makes the newest staged version of each day live, all of them in one transaction. */
  publish(requests: readonly { readonly source: string; readonly days: readonly string[] }[]): Promise<unknown>
}

/** What a change does to the value of a metric on a day. Values are exact texts; null is no value. */
export interface Restated {
  readonly metric: string
  readonly day: string
  readonly old: string | null
  readonly new: string | null
  readonly oldFinality: string
  readonly newFinality: string
  /** The code of why a side could not be computed. */
  readonly fault: string | null
}

/** A value in both stores. Without a dimension it is the total of the day. */
export interface Drifted {
  readonly metric: string
  readonly day: string
  readonly dimension: string | null
  readonly value: string | null
  readonly realtime: string
  readonly offline: string
}

/** A metric of a day that one source alone gives, beside real time; without values it could not be compared. */
export interface Checked {
  readonly source: string
  readonly metric: string
  readonly day: string
  readonly values: { readonly realtime: string; readonly offline: string } | undefined
}

/** What changes do, computed before they are made. */
export interface Comparison {
  readonly restated: readonly Restated[]
  readonly drifted: readonly Drifted[]
  /** What landing sources with a tolerance were held against. */
  readonly checked: readonly Checked[]
  /** Every source that the values may depend on: when one changes meanwhile, they must be computed again. */
  readonly watched: readonly string[]
}

/** Computes what changes would do to what readers see under a snapshot. */
export type Compare = (changes: readonly DayChange[], before: Snapshot) => Promise<Comparison>

/** A day as a publisher wants it. */
export interface WantedDay {
  readonly source: Source
  readonly day: string
  /** undefined = the newest staged one. */
  readonly version: number | undefined
  /** The day has no rows. */
  readonly empty: boolean
  /** Where it was asked for. */
  readonly pointer: string
}
