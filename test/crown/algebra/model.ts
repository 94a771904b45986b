import type { Day } from '../oracle/calendar.ts'
import type { Measured } from '../oracle/exact.ts'

/** Rows that several catalogs, publications and questions are made over. */
export interface Dataset {
  readonly id: string
  readonly days: readonly Day[]
  readonly now: number
  readonly processes: readonly ProcessModel[]
  readonly users: readonly User[]
}

export interface User {
  readonly key: number
  readonly tier: string | null
}

/** One event that happened; times are microseconds since the epoch. */
export interface Fact {
  readonly id: string
  readonly at: number
  readonly paid: number | null
  /** Its business day. */
  readonly day: Day
  readonly channel: string | null
  readonly region: string | null
  readonly user: number | null
  readonly flag: boolean | null
  readonly size: number | null
  /** Hundredths. */
  readonly amount: bigint | null
}

/**
 * same: both stores hold the truth, published or not; late: always published, and the stream holds rows that are not
 * true as well; staged: never published, and the batch holds only what is not true.
 */
export type DayKind = 'same' | 'late' | 'staged'

export interface ProcessModel {
  readonly name: 'visit' | 'buy'
  readonly zone: string
  readonly dimensions: readonly string[]
  readonly facts: readonly Fact[]
  readonly kinds: ReadonlyMap<Day, DayKind>
  /** The version that holds the truth of a day. */
  readonly versions: ReadonlyMap<Day, number>
  readonly unique: boolean
  readonly dayColumn: boolean
}

/** What is published, by process, and what is declared of the sources. */
export interface Moment {
  readonly published: ReadonlyMap<string, ReadonlySet<Day>>
  readonly since: ReadonlyMap<string, Day>
  readonly retentionDays: ReadonlyMap<string, number | undefined>
}

export type Scalar = string | number | boolean | null

export interface Filter {
  readonly field?: string
  readonly grain?: string
  readonly part?: string
  readonly metric?: string
  readonly per?: string
  readonly filters?: readonly Filter[]
  readonly op?: string
  readonly values?: readonly Scalar[]
  readonly and?: readonly Filter[]
  readonly or?: readonly Filter[]
  readonly not?: Filter
}

export interface PeriodParts {
  readonly trailing?: string
  readonly leading?: string
  readonly toDate?: string
  readonly atStart?: boolean
  readonly at?: 'last' | 'first' | 'average'
}
export type PeriodText = string | PeriodParts

export interface FillParts {
  readonly spine?: boolean
  readonly value?: number | null | 'previous'
  readonly groups?: 'each' | null
}

export interface Variant {
  readonly metric: string
  readonly modifiers?: readonly string[]
  readonly filters?: readonly Filter[]
  readonly period?: PeriodText
  readonly offset?: string
}

/** A metric as its author writes it. */
export interface MetricFile {
  readonly metric: string
  readonly agg?: string
  readonly of?: string
  readonly type?: string
  readonly percentile?: { readonly p: number; readonly method: 'continuous' | 'discrete' }
  readonly algorithm?: 'exact' | 'approximate'
  readonly time?: 'paid_at'
  readonly snapshot?: { readonly keep: 'last' | 'first'; readonly by: readonly string[]; readonly grain: string }
  readonly from?: string
  readonly modifiers?: readonly string[]
  readonly filters?: readonly Filter[]
  readonly period?: PeriodText
  readonly offset?: string
  readonly fill?: FillParts
  readonly conversion?: {
    readonly base: string
    readonly then: string
    readonly entity: string
    readonly within?: string
    readonly match: readonly string[]
    readonly credit: 'latest' | 'first' | 'every'
  }
  readonly formula?: string
  readonly inputs?: Readonly<Record<string, Variant>>
}

export interface MetricModel {
  readonly file: MetricFile
  /** Undefined in the file of composites. */
  readonly process: 'visit' | 'buy' | undefined
  /** Of a composite: the names it reads in order, and the formula by hand. */
  readonly names?: readonly string[]
  readonly evaluate?: (inputs: readonly Measured[]) => Measured
}

export interface Catalog {
  readonly metrics: readonly MetricModel[]
  /** By process. */
  readonly modifiers: Readonly<Record<string, Readonly<Record<string, readonly Filter[]>>>>
  readonly seasons: readonly { readonly label: string; readonly from: Day; readonly to: Day }[]
}

export type GrainText = string | { readonly every: string; readonly from: Day }

export type FillText = 'none' | 'null' | 'zero' | 'previous' | FillParts

export type AskedMetric =
  | string
  | (Variant & { readonly fill?: FillText; readonly as?: string })
  | { readonly share: { readonly of: string; readonly within: readonly string[] }; readonly as: string }
  | {
      readonly rank: { readonly by: string; readonly within: readonly string[]; readonly direction: 'asc' | 'desc' }
      readonly as: string
    }

export type AskedDimension =
  | string
  | { readonly field: string; readonly grain?: GrainText; readonly part?: string; readonly as?: string }

export interface Asked {
  readonly metrics?: readonly AskedMetric[]
  readonly dimensions?: readonly AskedDimension[]
  readonly time?: {
    readonly range?: string | readonly string[]
    readonly grain?: GrainText
    readonly zone?: string
    readonly wholeBuckets?: boolean
  }
  readonly filters?: readonly Filter[]
  readonly having?: readonly Filter[]
  readonly order?: readonly { readonly field: string; readonly direction?: 'asc' | 'desc' }[]
  readonly limit?: number
  readonly offset?: number
  readonly compare?: { readonly offset: string; readonly elapsed?: 'same' | 'whole' }
  readonly fill?: FillText
  readonly top?: {
    readonly n: number
    readonly by: string
    readonly others: boolean
    readonly direction: 'asc' | 'desc'
  }
  readonly totals?: boolean
  readonly subtotals?: readonly (string | readonly string[])[]
  readonly missing?: 'null' | 'partial'
  readonly metricFinality?: boolean
  readonly finality?: 'any' | 'final' | 'finalOnly'
}

export interface World {
  readonly dataset: Dataset
  readonly moment: Moment
  readonly catalog: Catalog
  readonly question: Asked
}
