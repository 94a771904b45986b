import type { Aggregate, Join, LogicalNode } from '../logical.ts'
import type { Rewrite } from './rule.ts'

/** Aggregates of one process become one: in one question they share window, keys, filters and scope. */
export const shareScans: Rewrite = { name: 'shareScans', apply }

function apply(node: LogicalNode): LogicalNode {
  switch (node.kind) {
    case 'aggregate':
      return node
    case 'join':
      return share(node)
    case 'compute':
      return { ...node, input: share(node.input) }
    case 'having':
    case 'withhold':
    case 'order':
    case 'limit':
      return { ...node, input: apply(node.input) }
  }
}

function share(join: Join): Join {
  const shared = new Map<string, Aggregate>()
  for (const input of join.inputs) {
    const before = shared.get(input.process)
    shared.set(
      input.process,
      before === undefined ? input : { ...before, requests: [...before.requests, ...input.requests] },
    )
  }
  return { kind: 'join', inputs: [...shared.values()] }
}
