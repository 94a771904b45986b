import { GraphQLError, OperationTypeNode, type ValidationRule } from 'graphql'

const WHERE = {
  mutation: 'A mutation can not be run here, queries only; publishing is done by REST or CLI.',
  subscription: 'A subscription is followed as text/event-stream or over a WebSocket (graphql-transport-ws).',
} as const

/** A rule of validation: there is nothing to change or to subscribe to here; publishing is done by REST or CLI. */
export const queriesOnly: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (node.operation === OperationTypeNode.QUERY) return
    context.reportError(new GraphQLError(WHERE[node.operation], { nodes: node }))
  },
})
