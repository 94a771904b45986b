import type { Node, Statement } from '@oxc-project/types'
import { parseSync } from 'rolldown/utils'
import type { Change, Place } from './change.ts'
import type { Mutant } from './mutant.ts'
import { MUTATORS } from './mutators/index.ts'
import { walk } from './walk.ts'

/** A file that holds all its mutants, each behind its number. */
export interface Instrumented {
  readonly text: string
  readonly mutants: readonly Mutant[]
}

const MOST_SHOWN = 70
/** There may be threads and processes without a switch. */
const TICK = 'globalThis.$tick?.();'

/**
 * Puts into a file every change the mutators know, switched by its number (see switch.ts), numbered from `firstId`, and a tick
 * into every loop. What stands around a change is changed as it was written: the active mutant is the only one.
 */
export function instrument(file: string, source: string, firstId: number): Instrumented {
  const insertions = new Insertions()
  const mutants: Mutant[] = []
  const lineAt = linesOf(source)
  walk(parse(file, source), source, (place, { inFunction, isWhole }) => {
    insertions.tick(place)
    if (!inFunction) return
    for (const change of MUTATORS.flatMap((mutator) => mutator(place))) {
      if (!isWhole && place.node.type !== 'Literal') continue
      const id = firstId + mutants.length
      insertions.around(change, id)
      const { kind, before, after } = change
      mutants.push({ id, file, line: lineAt(change.start), kind, before: shortened(before), after: shortened(after) })
    }
  })
  const text = insertions.into(source)
  parse(file, text)
  return { text, mutants }
}

/** The file with a tick in every loop and nothing else. */
export function withTicks(file: string, source: string): string {
  const insertions = new Insertions()
  walk(parse(file, source), source, (place) => insertions.tick(place))
  return insertions.into(source)
}

function parse(file: string, source: string): Node {
  const { program, errors } = parseSync(file, source)
  const [error] = errors
  if (error !== undefined) throw new Error(`${file} can not be read: ${error.message} ${error.codeframe ?? ''}`)
  return program
}

/** Texts to be put between the characters of a source; outer ones come first. */
class Insertions {
  readonly #openings = new Map<number, string[]>()
  readonly #closings = new Map<number, string[]>()

  around({ start, end, opening, closing }: Pick<Change, 'start' | 'end' | 'opening' | 'closing'>, id: number): void {
    append(this.#openings, start, opening(id))
    if (closing !== '') append(this.#closings, end, closing)
  }

  tick({ node }: Place): void {
    const body = loopBody(node)
    if (body === undefined) return
    const isBlock = body.type === 'BlockStatement'
    const place = isBlock ? { start: body.start + 1, end: body.end } : body
    this.around({ ...place, opening: () => (isBlock ? TICK : `{ ${TICK}`), closing: isBlock ? '' : '}' }, 0)
  }

  into(source: string): string {
    const at = [...new Set([...this.#openings.keys(), ...this.#closings.keys()])].sort((a, b) => a - b)
    let text = ''
    let from = 0
    for (const place of at) {
      const closings = (this.#closings.get(place) ?? []).toReversed()
      text += source.slice(from, place) + [...closings, ...(this.#openings.get(place) ?? [])].join('')
      from = place
    }
    return text + source.slice(from)
  }
}

function loopBody(node: Node): Statement | undefined {
  switch (node.type) {
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return node.body
    default:
      return undefined
  }
}

function append(texts: Map<number, string[]>, at: number, text: string): void {
  texts.set(at, [...(texts.get(at) ?? []), text])
}

function linesOf(source: string): (offset: number) => number {
  return (offset) => source.slice(0, offset).split('\n').length
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= MOST_SHOWN ? line : `${line.slice(0, MOST_SHOWN)}...`
}
