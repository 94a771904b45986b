/** Serialised figures, and when they began to be read. */
export interface Entry {
  readonly key: string
  readonly packed: Buffer
  /** Hash of `packed`. */
  readonly tag: string
  /** On the cache's own clock; before the first statement began. */
  readonly bornAt: number
  readonly pinned: boolean
}
