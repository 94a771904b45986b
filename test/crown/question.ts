import type { Grain } from './oracle/calendar.ts'

/** A question as the crown writes it: the JSON of the public contract, nothing bound. */
export type Scalar = string | number | boolean | null

export interface Filter {
  readonly field?: string
  readonly op?: string
  readonly values?: readonly Scalar[]
  readonly and?: readonly Filter[]
  readonly or?: readonly Filter[]
  readonly not?: Filter
}

export interface AskedMetric {
  readonly metric: string
  readonly modifiers?: readonly string[]
  readonly as?: string
}

export interface Asked {
  readonly metrics: readonly (string | AskedMetric)[]
  readonly dimensions?: readonly string[]
  readonly time?: { readonly range?: string | readonly string[]; readonly grain?: Grain; readonly zone?: string }
  readonly filters?: readonly Filter[]
  readonly having?: readonly Filter[]
  readonly order?: readonly { readonly field: string; readonly direction?: 'asc' | 'desc' }[]
  readonly limit?: number
  readonly finality?: 'any' | 'final' | 'finalOnly'
  readonly totals?: boolean
  readonly align?: boolean
}
