import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  Lexer,
  type SelectionSetNode,
  Source,
  TokenKind,
} from 'graphql'
import { Fault } from '../../base/faults.ts'

/** What one document may be. Fragments count wherever they are used. */
export const MOST_CHARACTERS = 100_000
export const MOST_NESTING = 60
export const MOST_DEPTH = 12
/** The usual introspection query is 15 deep. */
export const MOST_INTROSPECTION_DEPTH = 20
export const MOST_ROOT_FIELDS = 20
export const MOST_FIELDS = 500
export const MOST_ALIASES = 200
export const MOST_DEFINITIONS = 100

/** Before the recursive parser sees the text. Faults: BODY_TOO_LARGE, TOO_DEEP. */
export function requireModestText(text: string): void {
  if (text.length > MOST_CHARACTERS) {
    throw new Fault('BODY_TOO_LARGE', `A document has at most ${MOST_CHARACTERS} characters; send values as variables.`)
  }
  const lexer = new Lexer(new Source(text))
  let nesting = 0
  try {
    for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
      if (OPENING.has(token.kind)) nesting++
      else if (CLOSING.has(token.kind)) nesting--
      if (nesting > MOST_NESTING) throw new Fault('TOO_DEEP', `A document nests brackets at most ${MOST_NESTING} deep.`)
    }
  } catch (error) {
    // The parser stumbles over the same place and tells it.
    if (error instanceof Fault) throw error
  }
}

const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L])
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R])

interface Size {
  readonly fields: number
  readonly aliases: number
  readonly roots: number
  readonly depth: number
}

const NOTHING: Size = { fields: 0, aliases: 0, roots: 0, depth: 0 }

/** Before validation, whose cost grows with what fragments open to. Faults: OVER_BUDGET, TOO_DEEP. */
export function requireModestDocument(document: DocumentNode): void {
  if (document.definitions.length > MOST_DEFINITIONS) {
    throw new Fault('OVER_BUDGET', `A document has at most ${MOST_DEFINITIONS} operations and fragments.`)
  }
  const measure = measurer(document)
  let fields = 0
  let aliases = 0
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) continue
    const size = measure(definition.selectionSet)
    const isOperation = definition.kind === Kind.OPERATION_DEFINITION
    fields = isOperation ? fields + size.fields : Math.max(fields, size.fields)
    aliases = isOperation ? aliases + size.aliases : Math.max(aliases, size.aliases)
    // By itself a fragment does not tell what it is for.
    const deepest = isOperation ? MOST_DEPTH : MOST_INTROSPECTION_DEPTH
    if (size.depth > deepest) throw new Fault('TOO_DEEP', `A document selects at most ${deepest} deep.`)
    if (isOperation && size.roots > MOST_ROOT_FIELDS) {
      const message = `An operation asks at most ${MOST_ROOT_FIELDS} fields of Query; this one ${size.roots}.`
      throw new Fault('OVER_BUDGET', message)
    }
  }
  if (fields > MOST_FIELDS) {
    const message = `A document selects at most ${MOST_FIELDS} fields, fragments opened; this one ${fields}.`
    throw new Fault('OVER_BUDGET', message)
  }
  if (aliases > MOST_ALIASES) {
    const message = `A document gives at most ${MOST_ALIASES} aliases, fragments opened; this one ${aliases}.`
    throw new Fault('OVER_BUDGET', message)
  }
}

/** Measures selections; each fragment is measured once, one that holds itself counts as empty. */
function measurer(document: DocumentNode): (set: SelectionSetNode) => Size {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const each of document.definitions)
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments.set(each.name.value, each)
  const measured = new Map<string, Size>()
  const ofFragment = (name: string): Size => {
    const known = measured.get(name)
    if (known !== undefined) return known
    measured.set(name, NOTHING)
    const fragment = fragments.get(name)
    const size = fragment === undefined ? NOTHING : measure(fragment.selectionSet)
    measured.set(name, size)
    return size
  }
  const measure = (set: SelectionSetNode): Size =>
    set.selections.map(sizeOf).reduce(
      (all, each) => ({
        fields: all.fields + each.fields,
        aliases: all.aliases + each.aliases,
        roots: all.roots + each.roots,
        depth: Math.max(all.depth, each.depth),
      }),
      NOTHING,
    )
  const sizeOf = (selection: SelectionSetNode['selections'][number]): Size => {
    switch (selection.kind) {
      case Kind.INLINE_FRAGMENT:
        return measure(selection.selectionSet)
      case Kind.FRAGMENT_SPREAD: {
        const size = ofFragment(selection.name.value)
        return { ...size, fields: Math.max(1, size.fields) }
      }
      case Kind.FIELD: {
        const below = selection.selectionSet === undefined ? NOTHING : measure(selection.selectionSet)
        const introspects = selection.name.value === '__schema' || selection.name.value === '__type'
        const excess = introspects ? MOST_INTROSPECTION_DEPTH - MOST_DEPTH : 0
        const aliases = below.aliases + (selection.alias === undefined ? 0 : 1)
        return { fields: below.fields + 1, aliases, roots: 1, depth: Math.max(1, below.depth + 1 - excess) }
      }
    }
  }
  return measure
}
