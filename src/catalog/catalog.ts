import type { Day, Grain } from '../base/time.ts'
import type { FilterInput } from './filterSchema.ts'
import type { Expression } from './formula.ts'
import type { AggregationName, NumberType, ValueType } from './schema.ts'

/**
 * The compiled catalog: what the files say, checked, linked and frozen. Everything above this room reads these shapes
 * and never a file.
 */
export interface Catalog {
  /** Hash of what the catalog means; comments and the order of files do not change it. */
  readonly version: string
  readonly domains: ReadonlyMap<string, Domain>
  readonly processes: ReadonlyMap<string, Process>
  readonly dimensions: ReadonlyMap<string, Dimension>
  readonly metrics: ReadonlyMap<string, Metric>
  readonly sources: ReadonlyMap<string, Source>
  readonly calendars: ReadonlyMap<string, Calendar>
  /** Every store that a source or a dimension table names. */
  readonly stores: ReadonlySet<string>
}

export interface Described {
  readonly name: string
  readonly label: string
  readonly aliases: readonly string[]
  readonly description: string | undefined
}

/** A calendar of one's own: its periods as written, or a table of days that has them. */
export interface Calendar extends Described {
  readonly periods: readonly { readonly label: string; readonly from: Day; readonly to: Day }[] | undefined
  readonly table:
    | { readonly store: string; readonly table: string; readonly day: string; readonly label: string }
    | undefined
}

export interface Domain {
  readonly name: string
  readonly processes: readonly string[]
  /** Metrics that a question to this domain may ask, composites included. */
  readonly metrics: readonly string[]
}

export interface Process extends Described {
  readonly domain: string
  readonly owner: string | undefined
  readonly zone: string
  /** Dimensions and roles of dimensions, by the names they are asked under. */
  readonly dimensions: readonly string[]
  readonly relations: ReadonlyMap<string, Relation>
  /** Further times that its sources hold. */
  readonly times: readonly string[]
  readonly modifiers: ReadonlyMap<string, Modifier>
  readonly sources: readonly Source[]
  readonly metrics: readonly string[]
}

/** Several rows of another table for one fact. */
export interface Relation extends Described {
  readonly tables: readonly { readonly store: string; readonly table: string }[]
  /** Column of the facts -> column of the table. */
  readonly on: ReadonlyMap<string, string>
  /** Columns that make a row of the facts unique. */
  readonly unique: readonly string[]
  readonly attributes: ReadonlyMap<string, Attribute>
}

export interface Modifier extends Described {
  readonly filters: readonly FilterInput[]
}

export type SourceExpression =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'sql'; readonly sql: string }

export type TimeGrain = 'instant' | 'minute' | 'hour' | 'day'

/** A time of a source's rows. */
export interface SourceTime {
  readonly expression: SourceExpression
  readonly grain: TimeGrain
  /** Rows tell of whole buckets of this grain, by their first day; undefined = of days or what is finer. */
  readonly whole: 'week' | 'month' | 'quarter' | 'year' | undefined
  /** A column that repeats its business day. */
  readonly day: string | undefined
}

export interface Source {
  readonly name: string
  readonly process: string
  readonly store: string
  readonly kind: 'batch' | 'stream'
  readonly layer: 'ODS' | 'DWD' | 'DWS' | 'ADS'
  readonly description: string | undefined
  readonly table: string
  readonly where: string | undefined
  readonly rows: 'event' | 'aggregate'
  readonly unique: string | undefined
  readonly time: SourceTime
  readonly times: ReadonlyMap<string, SourceTime>
  /** undefined for streams. */
  readonly complete: 'published' | 'watermark' | 'always' | undefined
  /** A query in the store's own SQL: for the last complete day, or for all complete days. */
  readonly watermark: { readonly kind: 'last' | 'days'; readonly sql: string } | undefined
  readonly version: string | undefined
  readonly audit: Audit
  /** Milliseconds that superseded versions are kept; undefined = until somebody asks to drop them. */
  readonly keep: number | undefined
  /** Day number (base/time.ts); undefined when not declared. */
  readonly since: number | undefined
  /** Milliseconds; undefined = for ever. */
  readonly retention: number | undefined
  /** Milliseconds that the newest event of a stream may be old; undefined = nobody looks. */
  readonly lag: number | undefined
  /** The key of each dimension: what is asked under its name. */
  readonly dimensions: ReadonlyMap<string, SourceExpression>
  /** The other columns of keys that have several. */
  readonly furtherKeys: ReadonlyMap<string, readonly SourceExpression[]>
  readonly partitions: readonly string[]
  readonly measures: ReadonlyMap<string, Measure>
  readonly upstream: readonly string[]
}

/** What is looked at before a version of a source is published. */
export interface Audit {
  /** Metric -> how far its day may be from real time, as a share of the published value. */
  readonly tolerance: ReadonlyMap<string, number>
  /** The dimension by which the stores are compared; undefined = the first that both hold. */
  readonly by: string | undefined
}

/** What a column of a source gives: raw values of events, or one state of an aggregate row. */
export type Measure =
  | { readonly kind: 'value'; readonly expression: SourceExpression }
  | {
      readonly kind: 'state'
      readonly state: 'sum' | 'count' | 'min' | 'max' | 'key'
      readonly expression: SourceExpression
    }
  | { readonly kind: 'average'; readonly sum: SourceExpression; readonly count: SourceExpression }

export interface Dimension extends Described {
  readonly owner: string | undefined
  readonly type: ValueType
  /** The authoritative table first, then its copies; empty for a plain column of the facts. */
  readonly tables: readonly DimensionTable[]
  readonly nameAttribute: string | undefined
  readonly attributes: ReadonlyMap<string, Attribute>
  readonly links: ReadonlyMap<string, Link>
  /** The dimension that this one is another name of, in the processes that say so. */
  readonly roleOf: string | undefined
  readonly values:
    | readonly { readonly value: string | number | boolean; readonly label: string | undefined }[]
    | undefined
}

export interface DimensionTable {
  readonly store: string
  readonly table: string
  readonly key: string
  /** The other columns of a key that has several. */
  readonly furtherKeys: readonly string[]
  /** From when (inclusive) to when (exclusive or null) a row holds. */
  readonly history: { readonly from: string; readonly to: string } | undefined
  readonly partitions: readonly string[]
}

/** A dimension that the rows of another one's table name. */
export interface Link extends Described {
  readonly dimension: string
  readonly key: SourceExpression
}

export interface Attribute extends Described {
  readonly type: ValueType
  readonly expression: SourceExpression
}

/** `presence` counts the rows of any table, to tell that they are there; no catalog names it. */
export type Aggregation = AggregationName | 'presence'

/** How much calendar time: of a grain, or periods of a calendar of one's own. */
export interface Stretch {
  readonly count: number
  readonly unit: string
}

/** The window of a derived metric. */
export interface Period {
  /** How far back from the anchor; undefined = it begins there. */
  readonly trailing: Stretch | 'all' | undefined
  readonly leading: Stretch | 'all' | undefined
  /** A grain or a calendar: from the start of its bucket. */
  readonly toDate: string | undefined
  readonly atStart: boolean
  readonly at: 'last' | 'first' | 'average'
}

/** A shift in time: so much back, or the first day of a bucket. */
export type Offset = { readonly kind: 'back'; readonly by: Stretch } | { readonly kind: 'start'; readonly of: string }

/** What empty cells hold. */
export interface Fill {
  readonly spine: boolean
  readonly value: string | 'previous' | null
  readonly groups: 'each' | null
}

/** A metric in a variant. */
export interface Variant {
  readonly modifiers: readonly string[]
  readonly filters: readonly FilterInput[]
  readonly period: Period | undefined
  readonly offset: Offset | undefined
}

interface MetricCommon extends Described {
  readonly unit: string | undefined
  readonly format: string | undefined
  readonly owner: string | undefined
  readonly status: 'draft' | 'published' | 'deprecated'
  readonly domain: string
  /** Processes it reads, one for atomic metrics. */
  readonly processes: readonly string[]
  /** Dimensions that every one of its processes carries. */
  readonly dimensions: readonly string[]
  readonly type: NumberType
  readonly fill: Fill | undefined
}

/** One process, one aggregation. */
export interface AtomicMetric extends MetricCommon {
  readonly kind: 'atomic'
  readonly aggregation: Aggregation
  readonly of: string | undefined
  /** Of percentiles and the median. */
  readonly percentile: { readonly p: number; readonly method: 'continuous' | 'discrete' } | undefined
  readonly algorithm: 'exact' | 'approximate'
  /** What is aggregated are doubles; else exact numbers. */
  readonly floats: boolean
  /** One of the sources' further times; undefined = the process's own. */
  readonly time: string | undefined
  readonly snapshot: Snapshot | undefined
}

/** Only rows of the last (first) moment count. */
export interface Snapshot {
  readonly keep: 'last' | 'first'
  readonly by: readonly string[]
  readonly grain: Grain
}

/** A metric under modifiers, filters, a period, an offset. */
export interface DerivedMetric extends MetricCommon {
  readonly kind: 'derived'
  readonly from: string
  /** Its own and those of what it is derived from. */
  readonly modifiers: readonly string[]
  readonly variant: Variant
}

/** A formula over metrics. */
export interface CompositeMetric extends MetricCommon {
  readonly kind: 'composite'
  readonly formula: string
  readonly expression: Expression
  /** Names of the formula that are metrics in a variant. */
  readonly inputs: ReadonlyMap<string, Variant & { readonly metric: string }>
}

/** Events that followed others, counted at those others. */
export interface ConversionMetric extends MetricCommon {
  readonly kind: 'conversion'
  readonly base: string
  readonly follow: string
  readonly entity: string
  /** Milliseconds; undefined = ever. */
  readonly within: number | undefined
  readonly match: readonly string[]
  readonly credit: 'latest' | 'first' | 'every'
}

export type Metric = AtomicMetric | DerivedMetric | CompositeMetric | ConversionMetric
