import { type Mutator, type Place, replaced } from '../change.ts'
import { isTest } from './conditions.ts'

/** Words that stand for a choice between two: each becomes the other. Any other word becomes empty. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['first', 'last'],
  ['asc', 'desc'],
  ['min', 'max'],
  ['all', 'any'],
  ['oneOf', 'noneOf'],
  ['day', 'hour'],
  ['month', 'year'],
  ['final', 'missing'],
  ['same', 'days'],
]
const OTHER: ReadonlyMap<string, string> = new Map(PAIRS.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]))

/** Booleans, the numbers 0 and 1, and words that tell one kind from another. */
export const literals: Mutator = (place) => {
  const { node } = place
  if (node.type !== 'Literal' || isDefault(place)) return []
  const { value } = node
  if (typeof value === 'boolean') return [replaced('boolean', place, String(!value))]
  if (typeof value === 'number' || typeof value === 'bigint') {
    const suffix = typeof value === 'bigint' ? 'n' : ''
    return nextTo(Number(value), place).map((other) => replaced('number', place, other + suffix))
  }
  if (typeof value !== 'string' || !isWord(value) || isForNothing(place)) return []
  return [replaced('text', place, `'${OTHER.get(value) ?? ''}'`)]
}

/** What begins a loop or is compared becomes larger only: a size below 0 is a condition that always holds, or never. */
function nextTo(value: number, { parent }: Place): string[] {
  if (value === 1) return ['0', '2']
  if (value !== 0) return []
  const around = parent?.node
  const isCompared = around?.type === 'BinaryExpression' && /^[=!]=|^[<>]=?$/.test(around.operator)
  const isFirst = around?.type === 'VariableDeclarator' && parent?.parent?.parent?.node.type === 'ForStatement'
  return isCompared || isFirst ? ['1'] : ['1', '-1']
}

/** Words tell kinds apart; what has blanks is for people. */
function isWord(text: string): boolean {
  return text !== '' && !/\s/.test(text)
}

/** Names of types, and comparisons that are a condition as a whole: those are changed as such. */
function isForNothing({ parent, field }: Place): boolean {
  if (parent?.node.type !== 'BinaryExpression') return false
  const other = field === 'left' ? parent.node.right : parent.node.left
  return isTest(parent) || (other.type === 'UnaryExpression' && other.operator === 'typeof')
}

/** The default of a `??` is changed as such. */
function isDefault({ parent, field }: Place): boolean {
  return field === 'right' && parent?.node.type === 'LogicalExpression' && parent.node.operator === '??'
}
