import type { Day, Grain, Instant, Interval } from '../base/time.ts'
import type { AtomicMetric, Catalog, Process } from '../catalog/catalog.ts'
import type { Formula } from '../catalog/formula.ts'
import type { NumberType, ValueType } from '../catalog/schema.ts'

/**
 * A question whose names are bound, whose time is explicit and which carries its caller's scope. Nothing below this
 * door sees a caller's text other than as a value.
 */
export interface ResolvedQuestion {
  readonly catalog: Catalog
  readonly now: Instant
  /** Every atomic metric under its modifiers that the answer needs, each once. */
  readonly requests: readonly AtomicRequest[]
  readonly metrics: readonly MetricColumn[]
  readonly fields: readonly Field[]
  readonly grain: Grain | undefined
  /** The zone that buckets are cut and written in; undefined = each process's own. */
  readonly zone: string | undefined
  readonly windows: ReadonlyMap<string, Window>
  readonly filters: readonly Predicate[]
  readonly scope: readonly ScopePredicate[]
  readonly having: readonly Predicate<MetricRef>[]
  readonly order: readonly { readonly column: string; readonly direction: 'asc' | 'desc' }[]
  readonly limit: number | undefined
  readonly finality: 'any' | 'final' | 'finalOnly'
  readonly totals: boolean
  /** Milliseconds that a live answer may be old. */
  readonly maxStaleness: number
}

/** What the caller may see: rows whose dimension key is one of the values. Every slice of every statement carries it. */
export interface ScopePredicate {
  readonly dimension: string
  readonly type: ValueType
  readonly values: readonly string[]
}

/** A dimension's key, or one of its attributes. */
export interface Field {
  /** As asked: `advertiser`, `advertiser.industry`. */
  readonly name: string
  readonly dimension: string
  readonly attribute: string | undefined
  readonly type: ValueType
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

/** An atomic metric under modifiers: the unit that is planned, aggregated and merged. */
export interface AtomicRequest {
  /** `orders`, `orders[direct]`: equal requests have equal ids. */
  readonly id: string
  readonly metric: AtomicMetric
  readonly process: Process
  /** All of them hold; empty for the plain metric. */
  readonly modifiers: readonly Predicate[]
}

/** An atomic request by its id: what formulas of a resolved question stand on. */
export interface RequestLeaf {
  readonly kind: 'request'
  readonly id: string
}

export interface MetricColumn {
  readonly name: string
  readonly metric: string
  readonly type: NumberType
  readonly unit: string | undefined
  readonly format: string | undefined
  /** How the column is computed from finished atomic values. */
  readonly formula: Formula<RequestLeaf>
  /** Ids of the requests the formula reads. */
  readonly reads: readonly string[]
}

/** The time a process is read for. */
export interface Window {
  readonly process: string
  /** Business days are cut here. */
  readonly businessZone: string
  /** Buckets are cut here. */
  readonly zone: string
  readonly grain: Grain | undefined
  /** Half-open, clipped to the end of today; empty (from >= to) when all of it lies in the future. */
  readonly interval: Interval
  /** True when the question named no range: there is no lower end but the first data. */
  readonly open: boolean
  /** Business days that the interval touches, both inclusive; lastDay < firstDay when there are none. */
  readonly firstDay: Day
  readonly lastDay: Day
  readonly today: Day
}
