import type { Finality } from '../base/finality.ts'
import type { Value } from '../merge/value.ts'
import type { QuestionInput } from '../query/question.ts'
import type { Freshness, Notice } from '../route/freshness.ts'

/** What a caller gets; api/ writes it in the shape asked for. */
export interface Answer extends Figures {
  readonly receipt: Receipt
  readonly delivery: Delivery
}

/** Computed for this question, kept from before, or kept and older than a live answer, as the caller allowed. */
export type CacheOutcome = 'miss' | 'hit' | 'stale'

/** How an answer came to its caller. */
export interface Delivery {
  readonly outcome: CacheOutcome
  /** Another caller had asked the same just before: one execution serves both. */
  readonly collapsed: boolean
  /** Milliseconds since its figures began to be read. */
  readonly age: number
  /** Nothing it was read from can change but by a publication, which asks under another key. */
  readonly pinned: boolean
  /** What it is kept under. */
  readonly key: string
  /** Hash of everything but the receipt. */
  readonly tag: string
}

/** What is computed and kept: all of an answer but its receipt. Values are column by column, in the order of `columns`. */
export interface Figures {
  readonly columns: readonly Column[]
  readonly values: readonly (readonly Value[])[]
  readonly rowCount: number
  readonly freshness: Freshness
  readonly notices: readonly Notice[]
  readonly totals: AnswerTotals | undefined
  /** Only where they were asked for. */
  readonly subtotals?: readonly Subtotal[] | undefined
  readonly truncated: boolean
  /** Where the next page begins; null when there is none, or when the result is too large to be kept. */
  readonly nextCursor?: string | null | undefined
}

/** Totals by some of the keys, in the form of an answer. */
export interface Subtotal {
  readonly by: readonly string[]
  readonly columns: readonly Column[]
  readonly values: readonly (readonly Value[])[]
  readonly rowCount: number
}

export interface AnswerTotals {
  /** Metric columns only, in their order. */
  readonly names: readonly string[]
  readonly values: readonly Value[]
  readonly finality: Finality
}

export interface Column {
  readonly name: string
  readonly role: 'time' | 'dimension' | 'metric' | 'finality'
  readonly type: 'date' | 'timestamp' | 'string' | 'int64' | 'decimal' | 'float64' | 'boolean'
  /** A grain, or a calendar of the catalog. */
  readonly grain?: string
  readonly unit?: string
  readonly format?: string
}

export interface Receipt {
  /** Of the execution that gave the figures; a kept answer bears the id of when it was computed. */
  readonly queryId: string
  readonly catalogVersion: string
  readonly epoch: number
  readonly cache: CacheOutcome
  /** Metrics whose algorithm is approximate, with its error; exact metrics are not listed. */
  readonly approximate: readonly string[]
  /** The moment that phrases like "last 7 days" were read at (UTC). */
  readonly asOf: string
  /** Stands for whom the rows were cut to; null = for nobody. */
  readonly scope: string | null
  /** The published versions that were read, both ends inclusive. */
  readonly versions: readonly PinnedVersion[]
  /** What was asked, without what says nothing: posted to /v1/replay the receipt asks it again. */
  readonly question: QuestionInput
}

/** Days of a source in the version that an answer was read from. Days are YYYY-MM-DD. */
export interface PinnedVersion {
  readonly source: string
  readonly from: string
  readonly to: string
  readonly version: number
}
