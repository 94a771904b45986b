/** One question with what its answer must be. */
export interface MutationCase {
  readonly name: string
  /** Rejects when the answer is wrong. */
  run(): Promise<void>
}

/** An opened world with its cases, which may be run in any order and again and again. */
export interface OpenSuite {
  readonly cases: readonly MutationCase[]
  close(): Promise<void>
}

/**
 * Cases that may kill mutants. A suite is a module whose default export is this; it is loaded from the copy of the tree
 * that holds the mutants, so that whatever it imports is what is to be judged. Nothing it keeps may carry over from one
 * run of a case to the next: see forget.ts.
 */
export interface MutationSuite {
  open(): Promise<OpenSuite>
}
