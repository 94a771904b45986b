import type { Node, Statement } from '@oxc-project/types'
import { decided, type Mutator, type Place } from '../change.ts'

/** Faults of the program itself: a guard that throws one never does, so that taking it away changes nothing. */
const OWN_BUGS: ReadonlySet<string> = new Set(['TypeError', 'RangeError', 'Error'])

/** Conditions that always hold, and never. A loop's condition only never: always is an endless loop. */
export const conditions: Mutator = (place) => {
  if (!isTest(place)) return []
  const parent = place.parent?.node
  if (parent?.type === 'IfStatement' && throwsOwnBug(parent.consequent)) return []
  const never = decided(place, false)
  return isLoop(parent) ? [never] : [decided(place, true), never]
}

/** True for the whole condition of an `if`, a loop or a choice. */
export function isTest({ parent, field }: Place): boolean {
  if (field !== 'test') return false
  const type = parent?.node.type
  return type === 'IfStatement' || type === 'ConditionalExpression' || isLoop(parent?.node)
}

function isLoop(node: Node | undefined): boolean {
  return node?.type === 'ForStatement' || node?.type === 'WhileStatement' || node?.type === 'DoWhileStatement'
}

function throwsOwnBug(statement: Statement): boolean {
  if (statement.type === 'BlockStatement') {
    const [only, ...more] = statement.body
    return only !== undefined && more.length === 0 && throwsOwnBug(only)
  }
  if (statement.type !== 'ThrowStatement' || statement.argument.type !== 'NewExpression') return false
  const { callee } = statement.argument
  return callee.type === 'Identifier' && OWN_BUGS.has(callee.name)
}
