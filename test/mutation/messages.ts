import type { Outcome } from './mutant.ts'

/** What a worker is told. */
export type Order = { readonly kind: 'judge'; readonly id: number } | { readonly kind: 'close' }

/** What a worker says. */
export type Message =
  | {
      readonly kind: 'ready'
      readonly cases: number
      /** Cases that fail without a mutant, with their reason: they judge nothing. */
      readonly broken: readonly string[]
      /** Milliseconds in which all cases ran once, and the longest of one. */
      readonly duration: number
      readonly longest: number
    }
  /** The worker is alive: a case is over. */
  | { readonly kind: 'beat' }
  | {
      readonly kind: 'judged'
      readonly id: number
      readonly outcome: Outcome
      readonly by: string | undefined
      /** The case that failed fails without the mutant now too: the worker is spoilt. */
      readonly isSpoilt: boolean
    }
  /** After the last mutant, every case ran once more without one; those that failed. */
  | { readonly kind: 'closed'; readonly failed: readonly string[] }
