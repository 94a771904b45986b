import type { Cell } from '../../base/cell.ts'
import type { Value } from '../value.ts'
import type { Aggregate } from './aggregate.ts'

/** Merges what is there: null is nothing, and the other one stands as it is. */
export function ofPresent<State>(merge: (a: State, b: State) => State) {
  return (a: State | null, b: State | null): State | null => (a === null ? b : b === null ? a : merge(a, b))
}

/** An aggregate that travels as one part and is finished as it stands; of nothing it is null. */
export function ofOnePart<State extends Value>(
  read: (cell: Cell) => State | null,
  merge: (a: State, b: State) => State,
): Aggregate<State | null> {
  return { empty: null, read: ([part]) => read(part ?? null), merge: ofPresent(merge), finish: (state) => state }
}
