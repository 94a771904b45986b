import type { Function as FunctionNode, Node, Statement } from '@oxc-project/types'
import { type Change, inserted, type Mutator, type Place, textOf } from '../change.ts'

/** Statements and bodies taken away, loops that do nothing or end after the first time. */
export const statements: Mutator = (place) => {
  const { node } = place
  switch (node.type) {
    case 'ExpressionStatement':
      return removed(place)
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return isConstructor(place) ? [] : bodyRemoved(node, place.source)
    case 'ForOfStatement':
      return [...loopRemoved(node.body), ...loopOnce(node.body)]
    case 'ForStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return loopOnce(node.body)
    default:
      return []
  }
}

/** Braces keep an `else` behind it with its own `if`. */
function removed({ node, source }: Place): Change[] {
  if (node.type !== 'ExpressionStatement') return []
  if (node.expression.type === 'CallExpression' && node.expression.callee.type === 'Super') return []
  const opening = (id: number): string => `{ if (!$on(${id})) `
  const { start, end } = node
  return [{ kind: 'statement removed', start, end, before: textOf(node, source), after: '', opening, closing: '}' }]
}

function isConstructor({ parent }: Place): boolean {
  return parent?.node.type === 'MethodDefinition' && parent.node.kind === 'constructor'
}

/** A body of one statement that is taken away itself needs no second mutant. */
function bodyRemoved({ body }: { readonly body: FunctionNode['body'] | Node }, source: string): Change[] {
  if (body === null || body.type !== 'BlockStatement') return []
  const [only, ...more] = body.body
  if (only === undefined || (more.length === 0 && isOne(only))) return []
  return [inserted('body removed', body.start + 1, textOf(body, source), 'return')]
}

function isOne(statement: Statement | { readonly type: string }): boolean {
  return statement.type === 'ExpressionStatement' || statement.type === 'ThrowStatement'
}

function loopRemoved(body: Statement): Change[] {
  return body.type === 'BlockStatement' ? [inserted('loop', body.start + 1, 'every time', 'break')] : []
}

function loopOnce(body: Statement): Change[] {
  const last = body.type === 'BlockStatement' ? body.body.at(-1) : undefined
  if (body.type !== 'BlockStatement' || last === undefined || isEnd(last)) return []
  return [inserted('loop', body.end - 1, 'again and again', 'break')]
}

function isEnd({ type }: Statement): boolean {
  return ['ReturnStatement', 'BreakStatement', 'ContinueStatement', 'ThrowStatement'].includes(type)
}
