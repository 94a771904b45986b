import { GraphQLError, OperationTypeNode, type ValidationRule } from 'graphql'

/** A rule of validation: there is nothing to change or to subscribe to here; publishing is done by REST or CLI. */
export const queriesOnly: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (node.operation === OperationTypeNode.QUERY) return
    context.reportError(new GraphQLError(`A ${node.operation} can not be run here, queries only.`, { nodes: node }))
  },
})
