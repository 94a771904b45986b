import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { Role } from '../gateway/caller.ts'
import { admit } from './admit.ts'
import type { ApiContext } from './context.ts'
import { LIMITS } from './limits.ts'

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="150" height="32"><text x="0" y="23" fill="#fff" font-family="sans-serif" font-size="20">OneService</text></svg>'

/** GET /openapi.json and /docs: the operations that the caller may call. Reading them needs what reading figures needs. */
export async function describeApi(app: FastifyInstance, version: string, context: ApiContext): Promise<void> {
  // For all that stands there, the files of the page included; routes tell, for addresses have many spellings.
  app.addHook('onRequest', (request, reply, done) => {
    if (!isDocument(request.routeOptions.url)) done()
    else enter(request, reply, context).then(() => done(), done)
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'OneService',
        version,
        description: `Metrics, defined once, answered from the real-time and the offline store as one.\n\n${LIMITS}`,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { deepLinking: true, tryItOutEnabled: true },
    theme: { title: 'OneService API' },
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO), href: '/docs' },
    transformSpecification: (document, request) => documentFor(document, request.caller?.role),
    transformSpecificationClone: true,
  })
  app.get('/openapi.json', { schema: { hide: true } }, async (request) =>
    documentFor(app.swagger(), request.caller?.role),
  )
}

async function enter(request: FastifyRequest, reply: FastifyReply, context: ApiContext): Promise<void> {
  // A browser that opens the page asks for the key: any name will do.
  reply.header('www-authenticate', 'Bearer, Basic realm="OneService: the key is the password"')
  await admit(request, reply, context)
  reply.removeHeader('www-authenticate')
}

function isDocument(route: string | undefined): boolean {
  return route !== undefined && (route === '/openapi.json' || route === '/docs' || route.startsWith('/docs/'))
}

interface ApiDocument {
  paths?: object | undefined
  components?: { schemas?: Record<string, unknown> | undefined } | undefined
}

/**
 * The document without operations that are for other roles, and without forms that only those use. Whoever stands at
 * the machine itself sees all of it.
 */
function documentFor<T extends ApiDocument>(document: T, role: Role | undefined): T {
  if (role === 'open' || role === 'admin') return document
  const paths = Object.entries(document.paths ?? {}).flatMap(([path, operations]: [string, object]) => {
    const left = Object.entries(operations).filter(([, operation]) => isFor(operation, role))
    return left.length === 0 ? [] : [[path, Object.fromEntries(left)] as const]
  })
  const schemas = usedSchemas(paths, document.components?.schemas ?? {})
  return { ...document, paths: Object.fromEntries(paths), components: { ...document.components, schemas } }
}

const REFERENCE = /"#\/components\/schemas\/([^"]+)"/g

/** The schemas that something refers to, and those that they refer to. */
function usedSchemas(from: unknown, all: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const used: Record<string, unknown> = {}
  const follow = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value ?? null).matchAll(REFERENCE)) {
      if (name in used || !(name in all)) continue
      used[name] = all[name]
      follow(all[name])
    }
  }
  follow(from)
  return used
}

function isFor(operation: unknown, role: Role | undefined): boolean {
  if (typeof operation !== 'object' || operation === null || !('x-roles' in operation)) return true
  return Array.isArray(operation['x-roles']) && operation['x-roles'].includes(role)
}
