import type { Expression } from './formula.ts'
import type { FilterOperator, NumberType, ValueType } from './schema.ts'

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
  /** Every store that a source or a dimension table names. */
  readonly stores: ReadonlySet<string>
}

export interface Described {
  readonly name: string
  readonly label: string
  readonly aliases: readonly string[]
  readonly description: string | undefined
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
  readonly dimensions: readonly string[]
  readonly modifiers: ReadonlyMap<string, Modifier>
  readonly sources: readonly Source[]
  readonly metrics: readonly string[]
}

export interface Modifier extends Described {
  readonly filters: readonly ModifierFilter[]
}

export interface ModifierFilter {
  readonly field: string
  readonly op: FilterOperator
  readonly values: readonly (string | number | boolean | null)[]
}

export type SourceExpression =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'sql'; readonly sql: string }

export type TimeGrain = 'instant' | 'minute' | 'hour' | 'day'

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
  readonly time: { readonly expression: SourceExpression; readonly grain: TimeGrain; readonly day: string | undefined }
  /** undefined for streams. */
  readonly complete: 'published' | 'watermark' | 'always' | undefined
  readonly watermark: string | undefined
  readonly version: string | undefined
  /** Day number (base/time.ts); undefined when not declared. */
  readonly since: number | undefined
  /** Milliseconds; undefined = for ever. */
  readonly retention: number | undefined
  readonly dimensions: ReadonlyMap<string, SourceExpression>
  readonly measures: ReadonlyMap<string, Measure>
  readonly upstream: readonly string[]
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
  readonly values:
    | readonly { readonly value: string | number | boolean; readonly label: string | undefined }[]
    | undefined
}

export interface DimensionTable {
  readonly store: string
  readonly table: string
  readonly key: string
}

export interface Attribute extends Described {
  readonly type: ValueType
  readonly expression: SourceExpression
}

export type Aggregation = 'sum' | 'count' | 'min' | 'max' | 'avg' | 'count_distinct'

interface MetricCommon extends Described {
  readonly unit: string | undefined
  readonly format: string | undefined
  readonly owner: string | undefined
  readonly status: 'draft' | 'published' | 'deprecated'
  readonly domain: string
  /** Processes it reads, one for atomic and derived metrics. */
  readonly processes: readonly string[]
  /** Dimensions that every one of its processes carries. */
  readonly dimensions: readonly string[]
  readonly type: NumberType
}

/** One process, one aggregation. */
export interface AtomicMetric extends MetricCommon {
  readonly kind: 'atomic'
  readonly aggregation: Aggregation
  readonly of: string | undefined
}

/** An atomic (or derived) metric under modifiers. `base` is the atomic metric at the root. */
export interface DerivedMetric extends MetricCommon {
  readonly kind: 'derived'
  readonly base: string
  readonly from: string
  readonly modifiers: readonly string[]
}

/** A formula over metrics. */
export interface CompositeMetric extends MetricCommon {
  readonly kind: 'composite'
  readonly formula: string
  readonly expression: Expression
}

export type Metric = AtomicMetric | DerivedMetric | CompositeMetric
