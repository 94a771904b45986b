import type { BinaryExpression, LogicalExpression, PrivateInExpression } from '@oxc-project/types'
import { type Change, type Mutator, type Place, replaced, textOf } from '../change.ts'
import { isTest } from './conditions.ts'

/** The boundary moved, and the other way round. */
const RELATIONAL: Readonly<Record<string, readonly [string, string]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
}
const EQUALITY: Readonly<Record<string, string>> = { '===': '!==', '!==': '===', '==': '!=', '!=': '==' }
const ARITHMETIC: Readonly<Record<string, string>> = {
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '**': '*',
  '<<': '>>',
  '>>': '<<',
  '>>>': '<<',
  '&': '|',
  '|': '&',
}
const ASSIGNED: Readonly<Record<string, string>> = { '+=': '-=', '-=': '+=', '*=': '/=', '/=': '*=', '??=': '=' }

/** Comparisons, arithmetic, logic. */
export const operators: Mutator = (place) => {
  const { node, source } = place
  switch (node.type) {
    case 'BinaryExpression':
      return binary(place, node)
    case 'LogicalExpression':
      return logical(place, node)
    case 'UpdateExpression': {
      const by = node.operator === '++' ? '--' : '++'
      const target = textOf(node.argument, source)
      return [replaced('arithmetic', place, node.prefix ? by + target : target + by)]
    }
    case 'AssignmentExpression': {
      const by = ASSIGNED[node.operator]
      if (by === undefined) return []
      return [replaced('arithmetic', place, `${textOf(node.left, source)} ${by} ${textOf(node.right, source)}`)]
    }
    case 'UnaryExpression': {
      const turned = node.operator === '!' ? !isTest(place) : node.operator === '-' && node.argument.type !== 'Literal'
      const kind = node.operator === '!' ? 'logical' : 'arithmetic'
      return turned ? [replaced(kind, place, textOf(node.argument, source))] : []
    }
    default:
      return []
  }
}

/** A test that is a comparison is made true and false as a whole: turning it round as well would say nothing more. */
function binary(place: Place, node: BinaryExpression | PrivateInExpression): Change[] {
  const { source } = place
  const { operator, left, right } = node
  const by = (other: string): string => `${textOf(left, source)} ${other} ${textOf(right, source)}`
  const [boundary, opposite] = RELATIONAL[operator] ?? []
  if (boundary !== undefined && opposite !== undefined) {
    const changes = [replaced('relational', place, by(boundary))]
    return isTest(place) ? changes : [...changes, replaced('relational', place, by(opposite))]
  }
  const equality = EQUALITY[operator]
  if (equality !== undefined) return isTest(place) ? [] : [replaced('equality', place, by(equality))]
  const arithmetic = ARITHMETIC[operator]
  const joinsTexts = [left, right].some(
    (side) => side.type === 'TemplateLiteral' || (side.type === 'Literal' && typeof side.value === 'string'),
  )
  return arithmetic === undefined || joinsTexts ? [] : [replaced('arithmetic', place, by(arithmetic))]
}

function logical(place: Place, { operator, left, right }: LogicalExpression): Change[] {
  const { source } = place
  const by = (other: string): string => `(${textOf(left, source)}) ${other} (${textOf(right, source)})`
  if (operator === '&&') return [replaced('logical', place, by('||'))]
  if (operator === '||') return [replaced('logical', place, by('&&'))]
  // An undefined in the place of null is told from it by nothing.
  if (right.type === 'Literal' && right.value === null) return []
  // Stands at the default itself: a default that is never taken is not covered, and no survivor.
  return [{ ...replaced('default', { ...place, node: right }, 'undefined'), before: textOf(place.node, source) }]
}
