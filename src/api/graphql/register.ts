import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mercurius } from 'mercurius'
import { callerOf } from '../authorize.ts'
import type { ApiContext } from '../context.ts'
import { signalOf } from '../hangUp.ts'
import { Batch } from './batch.ts'
import { type GraphqlContext, LookUps } from './context.ts'
import { type FormattedError, faultBehind, formatError, requestErrors } from './errors.ts'
import { Introspection } from './introspection.ts'
import { requireModestDocument, requireModestText } from './limits.ts'
import { queriesOnly } from './queriesOnly.ts'
import { type GraphqlRequest, readBody, readSearchParameters } from './request.ts'
import { buildSchemas } from './schema/schema.ts'
import { writeJson } from './writeJson.ts'

/** POST and GET /graphql. Everything here is told in GraphQL's form: {data?, errors: [{message, extensions}]}. */
export async function registerGraphql(app: FastifyInstance, context: ApiContext): Promise<void> {
  const { published, executed, figures } = buildSchemas(context.gateway.catalog)
  const introspection = new Introspection()
  await app.register(async (scope) => {
    await scope.register(mercurius, {
      schema: published,
      routes: false,
      validationRules: [queriesOnly, introspection.rule(figures)],
      // Parsed and validated documents are kept; nothing is compiled (see the README).
      // Errors are put in our form below, executed or not.
      errorFormatter: (execution) => ({ statusCode: 200, response: execution }),
    })
    scope.graphql.addHook('preValidation', async (_schema, document) => requireModestDocument(document))
    scope.graphql.addHook('preExecution', async (_schema, document) =>
      introspection.isAsked(document) ? undefined : { schema: executed },
    )
    scope.setErrorHandler((error, request, reply) => refuse(error, request, reply))
    const hidden = { schema: { hide: true } }
    scope.post('/graphql', hidden, async (request, reply) => {
      const graphqlContext = contextOf(request, reply, context)
      return execute(readBody(request.body), graphqlContext, scope, request, reply)
    })
    scope.get('/graphql', hidden, async (request, reply) => {
      const graphqlContext = contextOf(request, reply, context)
      return execute(readSearchParameters(request.query), graphqlContext, scope, request, reply)
    })
  })
}

function contextOf(request: FastifyRequest, reply: FastifyReply, api: ApiContext): GraphqlContext {
  const { gateway, publications } = api
  const caller = callerOf(request, api)
  const signal = signalOf(reply)
  const batch = new Batch(caller, gateway, signal)
  return { caller, gateway, publications, signal, batch, lookUps: new LookUps() }
}

async function execute(
  { query, operationName, variables }: GraphqlRequest,
  context: GraphqlContext,
  scope: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  requireModestText(query)
  // Documents are kept by their text: with the name behind it, each operation is a document of its own.
  const source = `${query}\n#${operationName ?? ''}`
  const { data, errors } = await scope.graphql(source, { ...context }, variables, operationName)
  return send(reply.code(200), request, { errors: errors && told(errors, request), data: data ?? null })
}

/** A request that was not executed: refused, not parsed or not valid. Its first error gives the status. */
function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const errors = told(requestErrors(error), request)
  const { code, status } = errors[0]?.extensions ?? { code: 'INTERNAL', status: 500 }
  if (code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer')
  return send(reply.code(status), request, { errors })
}

/** Errors as callers see them; what is ours goes to the log with its cause. */
function told(errors: readonly unknown[], { id, log }: FastifyRequest): FormattedError[] {
  return errors.map((error) => {
    const fault = faultBehind(error)
    if (fault.status >= 500) log.error({ requestId: id, code: fault.code, err: fault.cause ?? fault }, fault.message)
    return formatError(error, id)
  })
}

/** The newer media type where the client names it; the body is the same. */
function send(reply: FastifyReply, request: FastifyRequest, body: object): FastifyReply {
  const newer = request.headers.accept?.includes('application/graphql-response+json') === true
  const type = newer ? 'application/graphql-response+json' : 'application/json'
  return reply.type(`${type}; charset=utf-8`).send(writeJson(body))
}
