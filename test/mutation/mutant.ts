/** What a mutant changes; the report adds up by these. */
export type MutantKind =
  | 'relational'
  | 'equality'
  | 'arithmetic'
  | 'logical'
  | 'default'
  | 'boolean'
  | 'condition'
  | 'rounding and extremes'
  | 'number'
  | 'text'
  | 'some and every'
  | 'call removed'
  | 'statement removed'
  | 'body removed'
  | 'loop'

/** One change of one place, which the run switches on by its number. */
export interface Mutant {
  /** From 1 on. */
  readonly id: number
  /** Relative to the root, with slashes. */
  readonly file: string
  /** From 1 on. */
  readonly line: number
  readonly kind: MutantKind
  /** What stands there, and what in its place; shortened, for people. */
  readonly before: string
  readonly after: string
}

/** What became of a mutant; `equivalent` is one that no case notices, and of which equivalent.ts says why none can. */
export type Outcome = 'killed' | 'timeout' | 'survived' | 'not covered' | 'equivalent'

/** A mutant with its outcome; `by` names the case that failed. */
export interface Judged {
  readonly mutant: Mutant
  readonly outcome: Outcome
  readonly by: string | undefined
}
