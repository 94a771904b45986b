import fastify from 'fastify'
import type { ExecutionResult, GraphQLSchema } from 'graphql'
import { LRUCache } from 'lru-cache'
import { mercurius } from 'mercurius'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Question } from '../../query/question.ts'
import type { GraphqlContext } from './context.ts'
import { Introspection } from './introspection.ts'
import { requireModestDocument } from './limits.ts'
import { queriesOnly } from './queriesOnly.ts'
import type { GraphqlRequest } from './request.ts'
import { buildSchemas } from './schema/schema.ts'

/** Parses, checks and executes documents on the schema of one view of the catalog. */
export interface Engine {
  /** The schema as its callers see it. */
  readonly published: GraphQLSchema
  execute(request: GraphqlRequest, context: GraphqlContext): Promise<ExecutionResult>
  /** What documents asked when they were executed, by the text they came in; see `repeat` in register.ts. */
  readonly asked: LRUCache<string, AskedBefore>
}

export interface AskedBefore {
  readonly questions: readonly Question[]
  /** What its written response is called among the forms of its first answer. */
  readonly form: string
}

const engines = new WeakMap<Catalog, Promise<Engine>>()
const MOST_REMEMBERED = 2000

/**
 * The engine of a view, made when it is first asked for. Each has a server of its own that listens nowhere, because
 * documents are parsed, validated and kept by the schema that their server was registered with.
 */
export function engineFor(view: Catalog): Promise<Engine> {
  const engine = engines.get(view) ?? open(view)
  engines.set(view, engine)
  return engine
}

async function open(view: Catalog): Promise<Engine> {
  const { published, executed, figures } = buildSchemas(view)
  const introspection = new Introspection()
  const server = fastify({ logger: false })
  await server.register(mercurius, {
    schema: published,
    routes: false,
    validationRules: [queriesOnly, introspection.rule(figures)],
    // Parsed and validated documents are kept; nothing is compiled (see the README).
    // Errors are put in our form by register.ts, executed or not.
    errorFormatter: (execution) => ({ statusCode: 200, response: execution }),
  })
  await server.ready()
  server.graphql.addHook('preValidation', async (_schema, document) => requireModestDocument(document))
  server.graphql.addHook('preExecution', async (_schema, document) =>
    introspection.isAsked(document) ? undefined : { schema: executed },
  )
  return {
    published,
    asked: new LRUCache({ max: MOST_REMEMBERED }),
    execute({ query, operationName, variables }, context) {
      // Documents are kept by their text: with the name behind it, each operation is a document of its own.
      return server.graphql(`${query}\n#${operationName ?? ''}`, { ...context }, variables, operationName)
    },
  }
}
