import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  subscribe,
  validate,
} from 'graphql'
import { Fault } from '../../../base/faults.ts'
import { catalogFor } from '../../../gateway/gateway.ts'
import type { SubscriptionContext } from '../context.ts'
import { engineFor } from '../engine.ts'
import { faultBehind } from '../errors.ts'
import { requireModestDocument, requireModestText } from '../limits.ts'
import type { GraphqlRequest } from '../request.ts'

/**
 * A document that subscribes, checked against what its caller sees. Faults: those of documents, INVALID_REQUEST for one
 * that is a query, FORBIDDEN where the caller sees nothing that can be followed.
 */
export async function readSubscription(
  { query, operationName, variables }: GraphqlRequest,
  context: SubscriptionContext,
): Promise<ExecutionArgs> {
  requireModestText(query)
  const document = orFault(() => parse(query))
  requireModestDocument(document)
  if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.SUBSCRIPTION) {
    throw new Fault('INVALID_REQUEST', 'Subscriptions alone are followed here; a query is sent to POST /graphql.')
  }
  const { published: schema } = await engineFor(catalogFor(context.caller, context.gateway))
  requireSubscriptions(schema)
  const [error] = validate(schema, document)
  if (error !== undefined) throw faultBehind(error)
  return { schema, document, contextValue: context, variableValues: variables, operationName: operationName ?? null }
}

/** Follows it. Faults: those of its arguments. */
export async function follow(args: ExecutionArgs): Promise<AsyncIterable<ExecutionResult>> {
  const result = await subscribe(args)
  if (Symbol.asyncIterator in result) return result
  throw faultBehind(result.errors?.[0] ?? new GraphQLError('There is nothing to follow.'))
}

function requireSubscriptions(schema: GraphQLSchema): void {
  if (schema.getSubscriptionType()) return
  throw new Fault('FORBIDDEN', 'Restatements are of all rows, and this caller is bound to a tenant.')
}

function orFault<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw faultBehind(error)
  }
}
