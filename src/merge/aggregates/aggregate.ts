import type { Cell } from '../../base/cell.ts'
import type { Value } from '../value.ts'

/**
 * An aggregate as it crosses stores: read what travelled, merge two states, finish. `empty` is the identity of merge,
 * and only `finish` decides whether nothing is null or 0.
 */
export interface Aggregate<State> {
  readonly empty: State
  /** The parts in the order in which stores/sql writes them. */
  read(parts: readonly Cell[]): State
  merge(a: State, b: State): State
  /** The same state in a form that merges faster and takes less, for what was merged out of many; absent where there is none. */
  settle?(state: State): State
  finish(state: State): Value
}
