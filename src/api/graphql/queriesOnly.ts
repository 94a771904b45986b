import { GraphQLError, OperationTypeNode, type ValidationRule } from 'graphql'

const WHERE = {
  mutation: 'A mutation can not be run here, queries only; publishing is done by REST or CLI.',
  subscription: 'A subscription is followed as text/event-stream or over a WebSocket (graphql-transport-ws).',
} as const

/** A rule of validation: nothing is changed here, which is done by REST or CLI, and subscriptions are followed elsewhere. */
export const queriesOnly: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (node.operation === OperationTypeNode.QUERY) return
    context.reportError(new GraphQLError(WHERE[node.operation], { nodes: node }))
  },
})
