import type { Day } from './oracle/calendar.ts'
import type { Exact, Measured } from './oracle/exact.ts'
import type { Asked, Filter } from './question.ts'

/** What a dataset holds, written down once; catalogs, tables and the oracle are all made from it. */
export interface Dataset {
  readonly id: string
  readonly engines: Readonly<Record<StoreName, EngineName>>
  /** The store whose engine holds the whole truth for the single-store answer. */
  readonly truthStore: StoreName
  readonly days: readonly Day[]
  /** The first day that may be today: before it lie the days of kind `late`. */
  readonly firstToday: Day
  readonly processes: readonly ProcessModel[]
  readonly metrics: readonly MetricModel[]
  readonly advertisers: readonly Advertiser[]
}

export type StoreName = 'offline' | 'realtime'
export type EngineName = 'clickhouse' | 'postgres'

export type DimensionName = 'channel' | 'advertiser' | 'due' | 'trial'
export type Key = string | boolean | bigint | null

export interface Advertiser {
  readonly key: bigint
  readonly tier: string | null
  readonly active: boolean | null
}

/** One event that happened. */
export interface Fact {
  readonly id: string
  /** Microseconds since the epoch. */
  readonly at: number
  /** Its business day. */
  readonly day: Day
  readonly keys: Readonly<Record<DimensionName, Key>>
  /** Hundredths. */
  readonly amount: bigint | null
  readonly units: bigint | null
  readonly viewer: string | null
}

/**
 * same: both stores hold the truth, published or not;
 * late: always published, and the stream holds rows that are not true as well;
 * staged: never published, and the batch tables hold only versions that are not true.
 */
export type DayKind = 'same' | 'late' | 'staged'

export interface ProcessModel {
  readonly name: string
  readonly zone: string
  readonly dimensions: readonly DimensionName[]
  readonly modifiers: Readonly<Record<string, readonly Filter[]>>
  readonly sources: readonly SourceModel[]
  readonly kinds: ReadonlyMap<Day, DayKind>
  readonly facts: readonly Fact[]
  readonly viewerType: 'string' | 'integer'
  readonly style: FactStyle
}

/** How the facts of a process look, true or not. */
export interface FactStyle {
  readonly zone: string
  readonly dimensions: readonly DimensionName[]
  readonly keys: Readonly<Record<DimensionName, readonly Key[]>>
  readonly viewers: readonly (string | null)[]
  /** Units beyond 2^53, near the ends of 64 bits. */
  readonly huge: boolean
}

export interface SourceModel {
  readonly name: string
  readonly role: 'day' | 'event' | 'stream'
  readonly store: StoreName
  readonly table: string
  readonly dimensions: readonly DimensionName[]
  /** Atomic metrics it can answer for. */
  readonly holds: ReadonlySet<string>
  readonly unique: boolean
  /** An event table that repeats the business day in a column. */
  readonly dayColumn: boolean
  /** Aggregate rows that are grouped by the viewer as well. */
  readonly keyed: boolean
  /** The version that holds the truth of a day. */
  readonly versions: ReadonlyMap<Day, number>
}

export type Aggregation = 'sum' | 'count' | 'min' | 'max' | 'avg' | 'count_distinct'
export type MeasureName = 'amount' | 'units' | 'viewer'
export type NumberKind = 'integer' | 'decimal' | 'float'

export interface AtomicModel {
  readonly kind: 'atomic'
  readonly name: string
  readonly process: string
  readonly aggregation: Aggregation
  readonly of: MeasureName | undefined
  readonly type: NumberKind
}

export interface DerivedModel {
  readonly kind: 'derived'
  readonly name: string
  readonly process: string
  readonly from: string
  readonly modifiers: readonly string[]
  readonly type: NumberKind
}

export interface CompositeModel {
  readonly kind: 'composite'
  readonly name: string
  /** The process whose file it stands in; undefined for the file of composites. */
  readonly process: string | undefined
  readonly inputs: readonly string[]
  readonly formula: string
  readonly type: NumberKind
  /** The formula by hand, over its finished inputs. */
  readonly evaluate: (inputs: readonly Measured[]) => Measured
}

export type MetricModel = AtomicModel | DerivedModel | CompositeModel

/** What differs from moment to moment over one dataset. */
export interface Moment {
  readonly now: number
  /** Source -> published day -> version. */
  readonly published: ReadonlyMap<string, ReadonlyMap<Day, number>>
  /** By source; a source without an entry declares none. */
  readonly since: ReadonlyMap<string, Day>
  readonly retention: ReadonlyMap<string, { readonly text: string; readonly milliseconds: number }>
  readonly realtimeDown: boolean
}

export interface World {
  readonly dataset: Dataset
  readonly moment: Moment
  readonly question: Asked
}

export type { Exact, Measured }
