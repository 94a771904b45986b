import type { SourceExpression } from '../../catalog/catalog.ts'

/** What a summed expression is to its store; decides how it is summed without losing digits. */
export type NumberKind =
  | { readonly kind: 'integer' | 'float' }
  | { readonly kind: 'decimal'; readonly scale: number; readonly wide: boolean }

/** The kinds of a source's measures, by expression; one that could not be told has no entry. */
export type ColumnTypes = ReadonlyMap<string, NumberKind>

export const NO_TYPES: ColumnTypes = new Map()

export function typeKey(of: SourceExpression): string {
  return of.kind === 'column' ? `column ${of.column}` : `sql ${of.sql}`
}
