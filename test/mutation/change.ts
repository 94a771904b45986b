import type { Node } from '@oxc-project/types'
import type { MutantKind } from './mutant.ts'

/** A node with what a mutator must know of where it stands. */
export interface Place {
  readonly node: Node
  readonly parent: Place | undefined
  /** The field of the parent that holds it. */
  readonly field: string
  readonly source: string
}

/** Text that goes around a place, so that the mutant's number switches between what stands there and something else. */
export interface Change {
  readonly kind: MutantKind
  readonly start: number
  readonly end: number
  readonly before: string
  readonly after: string
  readonly opening: (id: number) => string
  readonly closing: string
}

/** Gives the changes of a place; none where it has nothing to say. */
export type Mutator = (place: Place) => readonly Change[]

/** Another expression in the place of one. */
export function replaced(kind: MutantKind, { node, source }: Place, after: string): Change {
  const { start, end } = node
  const opening = (id: number): string => `($on(${id}) ? (${after}) : (`
  return { kind, start, end, before: source.slice(start, end), after, opening, closing: '))' }
}

/**
 * A constant in the place of a condition. It counts as reached where the condition comes out the other way: elsewhere it
 * changes nothing.
 */
export function decided({ node, source }: Place, after: boolean): Change {
  const { start, end } = node
  const opening = (id: number): string => `($is(${id}) ? (${after}) : $came(${id}, ${!after}, `
  return { kind: 'condition', start, end, before: source.slice(start, end), after: `${after}`, opening, closing: '))' }
}

/** A statement at a point that runs only where the mutant is active. */
export function inserted(kind: MutantKind, at: number, before: string, statement: string): Change {
  const opening = (id: number): string => `;if ($on(${id})) ${statement};`
  return { kind, start: at, end: at, before, after: statement, opening, closing: '' }
}

/** The text of a node. */
export function textOf({ start, end }: Node, source: string): string {
  return source.slice(start, end)
}
