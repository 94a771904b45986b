import type { SourceExpression } from '../../catalog/catalog.ts'

/** What an expression is to its store; decides how it is summed without losing digits, and how its distinct values travel. */
export type NumberKind =
  /** `inWords`: of 64 bits at most, so that distinct ones may travel as bits; a boolean is summed as an integer and is none. */
  | { readonly kind: 'integer'; readonly inWords: boolean }
  | { readonly kind: 'float' }
  | { readonly kind: 'decimal'; readonly scale: number; readonly wide: boolean }

/** The kinds of a source's measures, by expression; one that could not be told has no entry. */
export type ColumnTypes = ReadonlyMap<string, NumberKind>

export const NO_TYPES: ColumnTypes = new Map()

export function typeKey(of: SourceExpression): string {
  return of.kind === 'column' ? `column ${of.column}` : `sql ${of.sql}`
}
