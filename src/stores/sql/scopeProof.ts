import type { ScopePredicate } from '../../query/resolved.ts'
import type { Slice } from '../../route/physical.ts'
import type { Statement } from '../port.ts'
import { dialectOf } from './dialects.ts'
import { keySql, SCOPE_MARK } from './facts.ts'

/** That a statement reads rows of a scope only: the condition in its own words, and the values bound to it. */
export interface ScopeProof {
  readonly dimension: string
  readonly condition: string
  readonly values: readonly string[]
}

const PLACEHOLDER = /\$(\d+)(?:::\w+)?|\{p(\d+):\w+\}/g
const NOTHING = `${SCOPE_MARK} 1 = 0`

/**
 * Reads in a finished statement where the scope of its slice stands. Throws when a predicate of it is not there, is not
 * one of the conditions that all hold, or binds other values: such a statement must not run. The proof is of the text
 * that the store is given, whatever built it.
 */
export function proveScope(statement: Statement, slice: Pick<Slice, 'source' | 'scope'>): ScopeProof[] {
  return slice.scope.map((predicate) => {
    const condition = conditionOf(predicate, statement, slice)
    const bound = condition === undefined ? undefined : valuesIn(condition, statement)
    const { dimension, values } = predicate
    if (condition === undefined || bound === undefined || !sameValues(bound, values)) {
      throw new Error(`a statement over ${slice.source.name} lacks the caller's scope of ${dimension}`)
    }
    return { dimension, condition: condition.slice(SCOPE_MARK.length + 1), values: bound }
  })
}

function conditionOf(
  { dimension, values }: ScopePredicate,
  { text, dialect }: Statement,
  { source }: Pick<Slice, 'source'>,
): string | undefined {
  const key = keySql(source, dimension).compile(dialectOf(dialect).compiler).sql
  const start = values.length === 0 ? NOTHING : `${SCOPE_MARK} ${key} in (`
  const at = text.indexOf(` and ${start}`)
  if (at < 0) return undefined
  const from = at + ' and '.length
  // Placeholders hold no brackets: the first one closes the list.
  return values.length === 0 ? NOTHING : text.slice(from, text.indexOf(')', from + start.length) + 1)
}

/** What the list binds; undefined when something else stands in it. */
function valuesIn(condition: string, { params }: Statement): string[] | undefined {
  if (condition === NOTHING) return []
  const list = condition.slice(condition.lastIndexOf(' in (') + ' in ('.length, -1)
  if (list.replace(PLACEHOLDER, '').replaceAll(/[\s,]/g, '') !== '') return undefined
  return [...list.matchAll(PLACEHOLDER)].map((match) => String(params[Number(match[1] ?? match[2]) - 1]))
}

function sameValues(bound: readonly string[], wanted: readonly string[]): boolean {
  return bound.length === wanted.length && wanted.every((value) => bound.includes(value))
}
