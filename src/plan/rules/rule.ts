import type { Calendars } from '../../query/calendar.ts'
import type { LogicalNode } from '../logical.ts'

/** A rewrite: the same columns from a better plan. */
export interface Rewrite {
  readonly name: string
  apply(node: LogicalNode, calendars: Calendars): LogicalNode
}
