import { type Mutator, replaced, textOf } from '../change.ts'

/** Methods that give something of the kind they are called on: without them the answer is another one. */
const REMOVED: ReadonlySet<string> = new Set([
  'filter',
  'sort',
  'toSorted',
  'reverse',
  'toReversed',
  'slice',
  'flat',
  'trim',
  'concat',
])
const OF_LISTS: ReadonlyMap<string, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['find', 'findLast'],
  ['findLast', 'find'],
])
const OF_MATH: ReadonlyMap<string, string> = new Map([
  ['min', 'max'],
  ['max', 'min'],
  ['floor', 'ceil'],
  ['ceil', 'floor'],
  ['trunc', 'ceil'],
])

/** Calls taken away, and calls of what is next to them. */
export const calls: Mutator = (place) => {
  const call = place.node.type === 'ChainExpression' ? place.node.expression : place.node
  const { source } = place
  if (call.type !== 'CallExpression' || call.callee.type !== 'MemberExpression' || call.callee.computed) return []
  const { object, property } = call.callee
  const { name } = property
  if (REMOVED.has(name)) return [replaced('call removed', place, textOf(object, source))]
  const isMath = object.type === 'Identifier' && object.name === 'Math'
  const other = (isMath ? OF_MATH : OF_LISTS).get(name)
  if (other === undefined) return []
  const after = `${source.slice(call.start, property.start)}${other}${source.slice(property.end, call.end)}`
  return [replaced(isMath ? 'rounding and extremes' : 'some and every', place, after)]
}
