import type { Node } from '@oxc-project/types'
import type { Place } from './change.ts'

/** Types around an expression; everything else of their family holds no code that runs. */
const AROUND: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSInstantiationExpression',
  'TSTypeAssertion',
])
const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'PropertyDefinition',
])

/** Where a place stands. */
export interface Standing {
  /** False for what runs once, while the file is loaded. */
  readonly inFunction: boolean
  /** False on the way of an optional chain: parentheses there would cut it short. */
  readonly isWhole: boolean
}

/** Visits what can run, the outer before the inner, left before right. Leaves out types, names of imports, messages of faults. */
export function walk(root: Node, source: string, visit: (place: Place, standing: Standing) => void): void {
  const step = (place: Place, { inFunction, isWhole }: Standing): void => {
    const { node } = place
    if (isLeftOut(node)) return
    visit(place, { inFunction, isWhole })
    const inside = inFunction || FUNCTIONS.has(node.type)
    for (const { field, child } of childrenOf(node)) {
      const whole = !continuesChain(node, field, isWhole)
      step({ node: child, parent: place, field, source }, { inFunction: inside, isWhole: whole })
    }
  }
  step({ node: root, parent: undefined, field: '', source }, { inFunction: false, isWhole: true })
}

function isLeftOut({ type }: Node): boolean {
  if (type.startsWith('TS')) return !AROUND.has(type)
  return type === 'ImportDeclaration' || type === 'ExportAllDeclaration' || type === 'ThrowStatement'
}

/** A chain goes down by what is called and what is looked into. */
function continuesChain({ type }: Node, field: string, isWhole: boolean): boolean {
  if (type === 'ChainExpression') return true
  return (
    !isWhole && (field === 'object' || field === 'callee' || (type === 'TSNonNullExpression' && field === 'expression'))
  )
}

/** What stands in a node, left before right, without names that are not computed. */
function childrenOf(node: Node): { readonly field: string; readonly child: Node }[] {
  return Object.entries(node)
    .filter(([field]) => !isName(node, field) && (!AROUND.has(node.type) || field === 'expression'))
    .flatMap(([field, value]) =>
      [value]
        .flat()
        .filter(isNode)
        .map((child) => ({ field, child })),
    )
    .sort((a, b) => a.child.start - b.child.start)
}

function isName(node: Node, field: string): boolean {
  return (field === 'key' || field === 'property') && !('computed' in node && node.computed)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
