import type { DatePart, Day, Grain, Instant, Interval } from '../base/time.ts'
import type { AtomicMetric, Catalog, Fill, Offset, Period, Process } from '../catalog/catalog.ts'
import type { Formula } from '../catalog/formula.ts'
import type { NumberType, ValueType } from '../catalog/schema.ts'
import type { Calendars } from './calendar.ts'
import type { TimeUnit } from './timeUnit.ts'

/**
 * A question whose names are bound, whose time is explicit and which carries its caller's scope. Nothing below this
 * door sees a caller's text other than as a value.
 */
export interface ResolvedQuestion {
  readonly catalog: Catalog
  readonly calendars: Calendars
  readonly now: Instant
  /** Everything that is aggregated and shifted for the answer, each once. */
  readonly series: readonly Series[]
  /** Columns in the order of the answer; hidden ones are computed for others and left out. */
  readonly metrics: readonly MetricColumn[]
  /** Group keys in the order of the answer, the main time first where it is grouped. */
  readonly keys: readonly QuestionKey[]
  /** The zone that buckets are cut and written in; undefined = each process's own. */
  readonly zone: string | undefined
  /** By process. */
  readonly windows: ReadonlyMap<string, Window>
  /** Conditions on rows, before aggregation. */
  readonly filters: readonly Predicate[]
  readonly scope: readonly ScopePredicate[]
  readonly having: readonly Predicate<MetricRef>[]
  readonly order: readonly { readonly column: string; readonly direction: 'asc' | 'desc' }[]
  readonly limit: number | undefined
  readonly offset: number
  readonly finality: 'any' | 'final' | 'finalOnly'
  readonly missing: 'null' | 'partial'
  /** Processes that a metric combines go to real time together. */
  readonly align: boolean
  readonly totals: boolean
  /** Columns of each subtotal. */
  readonly subtotals: readonly (readonly string[])[]
  readonly top: Top | undefined
  readonly extent: boolean
  readonly inProgress: boolean
  readonly metricFinality: boolean
  /** Milliseconds that a live answer may be old. */
  readonly maxStaleness: number
  /** How final what filters by entity were decided by is. */
  readonly filterFinality: 'final' | 'provisional' | 'missing'
  readonly approximate: readonly string[]
}

/** n groups of the whole question. */
export interface Top {
  readonly n: number
  readonly by: string
  readonly others: boolean
  readonly direction: 'asc' | 'desc'
}

/** A group key of the answer: of the time that metrics line up on, or of a field. */
export type QuestionKey =
  | { readonly kind: 'time'; readonly name: string; readonly unit: TimeUnit }
  | { readonly kind: 'field'; readonly name: string; readonly field: Field; readonly unit: TimeUnit | undefined }

/** What the caller may see: rows whose dimension key is one of the values. Every slice of every statement carries it. */
export interface ScopePredicate {
  readonly dimension: string
  readonly type: ValueType
  readonly values: readonly string[]
}

/** What facts are grouped and filtered by: a dimension's key, an attribute some hops away, a time, a relation. */
export interface Field {
  /** As asked: `advertiser`, `advertiser.industry`, `host.country.name`, `paid_at`. */
  readonly name: string
  /** The dimension (or its role), the relation, or empty for a time of the facts. */
  readonly dimension: string
  /** Links walked from the dimension. */
  readonly hops: readonly string[]
  readonly attribute: string | undefined
  readonly type: ValueType
  /** A time of the facts: `time`, or one of the sources' further times. */
  readonly time: string | undefined
  readonly isRelation: boolean
  /** A time or date, cut to the first day of its bucket. */
  readonly bucket: Grain | undefined
  /** A time or date, looked at by a part of it. */
  readonly part: DatePart | undefined
  /** The zone that a time is cut in; undefined = that of its process. */
  readonly zone: string | undefined
}

/** A metric column of the answer. */
export interface MetricRef {
  readonly name: string
}

export type NormalValue = string | boolean

/**
 * Filters without negation: `not` has been pushed down to the comparisons, where SQL's three-valued logic makes both
 * sides of a negation miss nulls. `matchNull` tells whether a null is one of the matches of in / notIn.
 */
export type Predicate<F = Field> =
  | { readonly kind: 'all' | 'any'; readonly items: readonly Predicate<F>[] }
  | {
      readonly kind: 'compare'
      readonly field: F
      readonly op: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'
      readonly value: NormalValue
    }
  | {
      readonly kind: 'oneOf' | 'noneOf'
      readonly field: F
      readonly values: readonly NormalValue[]
      readonly matchNull: boolean
    }
  | {
      readonly kind: 'text'
      readonly field: F
      readonly op: 'contains' | 'startsWith'
      readonly value: string
      readonly negated: boolean
    }
  | { readonly kind: 'null'; readonly field: F; readonly negated: boolean }
  /** A time within a half-open interval; a null time is neither within nor without. */
  | {
      readonly kind: 'during'
      readonly field: F
      readonly from: Instant | undefined
      readonly to: Instant | undefined
      readonly negated: boolean
    }

/** An atomic metric under modifiers: the unit that is planned, aggregated and merged. */
export interface AtomicRequest {
  /** `orders`, `orders[direct]`: equal requests have equal ids. */
  readonly id: string
  readonly metric: AtomicMetric
  readonly process: Process
  /** All of them hold; empty for the plain metric. */
  readonly modifiers: readonly Predicate[]
}

/** Events that followed others, counted at those others. */
export interface ConversionRequest {
  readonly base: AtomicRequest
  readonly follow: AtomicRequest
  readonly entity: string
  /** Milliseconds; undefined = ever. */
  readonly within: number | undefined
  readonly match: readonly string[]
  readonly credit: 'latest' | 'first' | 'every'
}

/** A request, looked at over a period, shifted and filled: what formulas of a resolved question stand on. */
export interface Series {
  readonly id: string
  readonly request: AtomicRequest
  readonly conversion: ConversionRequest | undefined
  readonly period: Period | undefined
  /** Applied to a day one after the other, the outermost first. */
  readonly offsets: readonly Shift[]
  readonly fill: Fill | undefined
}

/** An offset; of a comparison it may read an unfinished bucket only as far as the present one has come. */
export interface Shift {
  readonly offset: Offset
  readonly elapsed: 'same' | 'days' | 'whole' | undefined
}

/** A series by its id. */
export interface SeriesLeaf {
  readonly kind: 'request'
  readonly id: string
}

interface ColumnCommon {
  readonly name: string
  readonly metric: string
  readonly type: NumberType
  readonly unit: string | undefined
  readonly format: string | undefined
  readonly hidden: boolean
}

/** Computed from finished series. */
export interface FormulaColumn extends ColumnCommon {
  readonly kind: 'formula'
  readonly formula: Formula<SeriesLeaf>
  /** Ids of the series the formula reads. */
  readonly reads: readonly string[]
  readonly fill: Fill | undefined
  /** Conditions that the question adds to this metric: they hold on filled rows too. */
  readonly conditions: readonly Predicate[]
}

/** Computed from other columns of the finished answer. */
export interface AnalysisColumn extends ColumnCommon {
  readonly kind: 'delta' | 'ratio' | 'share' | 'rank'
  readonly of: string
  /** The other side of a delta or ratio. */
  readonly to: string | undefined
  /** Names of the keys that a whole agrees in. */
  readonly within: readonly string[]
  readonly direction: 'asc' | 'desc'
}

export type MetricColumn = FormulaColumn | AnalysisColumn

/** The time a process is asked for. */
export interface Window {
  readonly process: string
  /** Business days are cut here. */
  readonly businessZone: string
  /** Buckets are cut here. */
  readonly zone: string
  /** What was asked, half-open; infinite where the question named no range. */
  readonly asked: Interval
  /** The same, clipped to the end of today; empty (from >= to) when all of it lies in the future. */
  readonly interval: Interval
  /** True when the question named no range: there is no lower end but the first data. */
  readonly open: boolean
  readonly today: Day
  /** Where what can be read ends: with today, and nowhere for times that rows of today may bear ahead. */
  readonly end: Instant
  readonly now: Instant
  /** How far an unfinished period has come: to now, by the minute, and not beyond its real-time data. */
  readonly elapsed: Instant
  /** Conditions on the days of the answer: they clip what is shown and not what is read. */
  readonly days: readonly Predicate[]
  /** The grain that the answer's time is told apart by; undefined = not grouped by time. */
  readonly grain: Grain | undefined
}
