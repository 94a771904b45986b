import { withReads } from '../build.ts'
import { joinOf, pickOf, type Scan, withJoin, withScan } from '../logical.ts'
import { Reading } from '../reading.ts'
import { stepsOf } from '../series.ts'
import type { Rewrite } from './rule.ts'

/**
 * Each scan reads the time that its series needs, as finely as it needs it: before the range for windows, earlier days
 * for offsets. What is shown is clipped to the range, never what is read.
 */
export const widenReads: Rewrite = {
  name: 'widenReads',
  apply(node, calendars) {
    const join = joinOf(node)
    const inputs = join.inputs.map(({ id, node: of }) => {
      const scan = pickOf(of).input
      const { needs, reads } = new Reading(stepsOf(of), scan.window, calendars)
      const widened: Scan =
        scan.kind === 'convert' ? { ...withReads(scan, reads), base: needs } : { ...scan, reads, base: needs }
      return { id, node: withScan(of, widened) }
    })
    return withJoin(node, { ...join, inputs })
  },
}
