import { randomUUID } from 'node:crypto'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  LogController,
} from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { Fault, type FaultCode } from '../base/faults.ts'
import { readJson } from '../base/json.ts'
import { requireJsonAccepted } from './accept.ts'
import type { ApiContext } from './context.ts'
import { registerGraphql } from './graphql/register.ts'
import { faultOf, PROBLEM_TYPE, problemOf } from './problem.ts'
import { OPERATIONS } from './rest/index.ts'

export const MOST_BODY_BYTES = 1024 * 1024
const MOST_QUERY_CHARACTERS = 2000

export interface ServerOptions {
  readonly version: string
  readonly logLevel: string
}

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="150" height="32"><text x="0" y="23" fill="#fff" font-family="sans-serif" font-size="20">OneService</text></svg>'

/** The HTTP server with every door; it does not listen yet. */
export async function buildServer(context: ApiContext, options: ServerOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    bodyLimit: MOST_BODY_BYTES,
    // A request of HTTP/1.1 without a host is answered like any other: nothing here depends on it.
    http: { requireHostHeader: false },
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
    logger: { level: options.logLevel, redact: ['req.headers.authorization', 'req.headers.cookie'] },
    requestIdHeader: false,
    genReqId: (request) => requestIdFrom(request.headers['x-request-id']),
    logController: new LogController({ disableRequestLogging: true }),
    // What the HTTP parser refuses gets the same form as everything else.
    clientErrorHandler: (error, socket) => socket.end(rawRefusal(error.code)),
    frameworkErrors: (error, request, reply) => sendFault(error, request.id, reply as FastifyReply, request.log),
  })
  // Node would refuse an unknown expectation in its own words; it may be ignored.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))
  acceptJsonOnly(app)
  // Bodies and queries are checked in the operations, where faults get pointers and suggestions.
  app.setValidatorCompiler(() => (value) => ({ value }))
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (request.url.startsWith('/v1/')) requireJsonAccepted(request.headers.accept)
    if (request.url.length > MOST_QUERY_CHARACTERS + 500) throw new Fault('URI_TOO_LONG', 'The address is too long.')
  })
  app.setErrorHandler((error: FastifyError, request, reply) => sendFault(error, request.id, reply, request.log))
  app.setNotFoundHandler((request, reply) =>
    sendFault(new Fault('NOT_FOUND', 'There is nothing at this address; see /docs.'), request.id, reply, request.log),
  )
  await describeApi(app, options.version)
  await app.register(async (scope) => {
    for (const operation of OPERATIONS) operation(scope, context)
  })
  await registerGraphql(app, context)
  return app
}

function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, readJson(typeof body === 'string' ? body : body.toString('utf8')))
    } catch (error) {
      done(faultOf(error))
    }
  })
}

async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'OneService',
        version,
        description:
          'Metrics, defined once, answered from the real-time and the offline store as one. ' +
          'Limits: bodies of 1 MiB, JSON 40 deep, 100 metrics, 20 dimensions, 10,000 values of 100,000 characters in all filters, ranges of 36,600 days, ' +
          '50,000 rows an answer (then `truncated`), 1,000,000 groups a source.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { deepLinking: true, tryItOutEnabled: true },
    theme: { title: 'OneService API' },
    logo: { type: 'image/svg+xml', content: Buffer.from(LOGO), href: '/docs' },
  })
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}

/** The caller's id where it is one that can stand in a log line, else a new one. */
function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\w.:-]{1,100}$/.test(header) ? header : randomUUID()
}

async function sendFault(
  error: unknown,
  requestId: string,
  reply: FastifyReply,
  log: FastifyBaseLogger,
): Promise<FastifyReply> {
  const fault = faultOf(error)
  if (fault.status >= 500) log.error({ requestId, code: fault.code, err: fault.cause ?? fault }, fault.message)
  if (fault.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer')
  const body = JSON.stringify(problemOf(fault, requestId))
  return reply.code(fault.status).header('x-request-id', requestId).type(PROBLEM_TYPE).send(body)
}

function rawRefusal(code: string | undefined): string {
  const which: FaultCode = code === 'HPE_HEADER_OVERFLOW' ? 'HEADERS_TOO_LARGE' : 'INVALID_REQUEST'
  const fault = new Fault(which, 'The request is not HTTP that this server reads.')
  const body = JSON.stringify(problemOf(fault, randomUUID()))
  const head = [
    `HTTP/1.1 ${fault.status} Refused`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ]
  return `${[...head, 'connection: close', '', ''].join('\r\n')}${body}`
}
