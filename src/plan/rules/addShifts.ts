import type { Offset } from '../../catalog/catalog.ts'
import { joinOf, type SeriesNode, withJoin } from '../logical.ts'
import type { Rewrite } from './rule.ts'

/**
 * Shifts by days and weeks that stand one on another add up, so that they may be whole buckets together. Months do not:
 * each of them is clamped.
 */
export const addShifts: Rewrite = {
  name: 'addShifts',
  apply(node) {
    const join = joinOf(node)
    return withJoin(node, { ...join, inputs: join.inputs.map(({ id, node: of }) => ({ id, node: added(of) })) })
  },
}

function added(node: SeriesNode): SeriesNode {
  if (node.kind === 'pick' || node.kind === 'period') return node
  const input = added(node.input)
  if (node.kind !== 'shift' || input.kind !== 'shift') return { ...node, input }
  const offset = sumOf(node.offset, input.offset)
  if (offset === undefined) return { ...node, input }
  return { ...input, offset, elapsed: node.elapsed ?? input.elapsed }
}

const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7 }

function sumOf(a: Offset, b: Offset): Offset | undefined {
  if (a.kind !== 'back' || b.kind !== 'back') return undefined
  const [x, y] = [DAYS[a.by.unit], DAYS[b.by.unit]]
  if (x === undefined || y === undefined) return undefined
  return { kind: 'back', by: { count: a.by.count * x + b.by.count * y, unit: 'day' } }
}
