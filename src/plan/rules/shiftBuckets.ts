import { joinOf, pickOf, type SeriesNode, withJoin } from '../logical.ts'
import { stepsOf } from '../series.ts'
import { isWholeBuckets } from '../timeline.ts'
import type { Rewrite } from './rule.ts'

/**
 * Where every offset of a series is whole buckets of the asked grain, buckets shift and not days: the row of November
 * then shows October as a whole, whatever the lengths of the two.
 */
export const shiftBuckets: Rewrite = {
  name: 'shiftBuckets',
  apply(node) {
    const join = joinOf(node)
    const inputs = join.inputs.map(({ id, node: of }) => {
      const { grain } = pickOf(of).input.window
      const { shifts } = stepsOf(of)
      const whole = grain !== undefined && shifts.every(({ offset }) => isWholeBuckets(offset, grain))
      return { id, node: whole ? byBucket(of) : of }
    })
    return withJoin(node, { ...join, inputs })
  },
}

function byBucket(node: SeriesNode): SeriesNode {
  if (node.kind === 'pick' || node.kind === 'period') return node
  const input = byBucket(node.input)
  return node.kind === 'shift' ? { ...node, input, by: 'bucket' } : { ...node, input }
}
