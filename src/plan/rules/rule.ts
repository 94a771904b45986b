import type { LogicalNode } from '../logical.ts'

/** A rewrite: the same columns from a cheaper plan. */
export interface Rewrite {
  readonly name: string
  apply(node: LogicalNode): LogicalNode
}
