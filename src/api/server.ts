import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { Fault, type FaultCode, faultDetail } from '../base/faults.ts'
import { preferredType } from './accept.ts'
import { JsonBody } from './body.ts'
import type { ApiContext } from './context.ts'
import { describeApi } from './document.ts'
import { endStreamsWith } from './events.ts'
import { registerGraphql } from './graphql/register.ts'
import { MOST_ADDRESS_CHARACTERS, MOST_BODY_BYTES } from './limits.ts'
import { observeRequests } from './observe.ts'
import { faultOf, PROBLEM_TYPE, problemOf } from './problem.ts'
import { OPERATIONS } from './rest/index.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The media types an operation answers in, the preferred first; without it that is JSON. */
    offered?: readonly string[]
  }
}

export interface ServerOptions {
  readonly version: string
  readonly logLevel: string
}

/** The HTTP server with every door; it does not listen yet. */
export async function buildServer(context: ApiContext, options: ServerOptions): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    bodyLimit: MOST_BODY_BYTES,
    // A request of HTTP/1.1 without a host is answered like any other: nothing here depends on it.
    // Who offers another protocol than a WebSocket (curl --http2 does) is answered in the one that was spoken.
    http: {
      requireHostHeader: false,
      shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    routerOptions: { maxParamLength: 300, ignoreTrailingSlash: true },
    logger: { level: options.logLevel, redact: ['req.headers.authorization', 'req.headers.cookie'] },
    // Our lines name the request themselves; a logger of its own for each costs more than finding an answer.
    childLoggerFactory: (logger) => logger,
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
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done(refusalOf(request))
  })
  app.setErrorHandler((error: FastifyError, request, reply) => sendFault(error, request.id, reply, request.log))
  app.setNotFoundHandler((request, reply) =>
    sendFault(new Fault('NOT_FOUND', 'There is nothing at this address; see /docs.'), request.id, reply, request.log),
  )
  observeRequests(app, context.metrics, ['info', 'debug'].includes(options.logLevel))
  await describeApi(app, options.version, context)
  await app.register(async (scope) => {
    for (const operation of OPERATIONS) operation(scope, context)
  })
  await registerGraphql(app, context)
  endStreamsWith(app)
  return app
}

const JSON_ONLY = ['application/json'] as const

/** Why a request is refused before anything of it is looked at. */
function refusalOf({ url, headers, routeOptions }: FastifyRequest): Fault | undefined {
  if (url.length > MOST_ADDRESS_CHARACTERS) return new Fault('URI_TOO_LONG', 'The address is too long.')
  if (!url.startsWith('/v1/') || headers.accept === undefined || headers.accept === '*/*') return undefined
  const offered = routeOptions.config.offered ?? JSON_ONLY
  if (preferredType(headers.accept, offered) !== undefined) return undefined
  const message = `Answers come as ${offered.join(', ')}; accept ${offered.length === 1 ? 'that' : 'one of them'}.`
  return Fault.at([faultDetail('NOT_ACCEPTABLE', '', message, offered)])
}

function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  // Kept as text: a question that was read before is known by it.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    done(null, new JsonBody(typeof body === 'string' ? body : body.toString('utf8')))
  })
}

/** The caller's id where it is one that can stand in a log line, else a new one. */
function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[\w.:-]{1,100}$/.test(header) ? header : `${RUN}-${++requests}`
}

/** Ids of requests: this run of the process, and a number. */
const RUN = randomUUID().slice(0, 18)
let requests = 0

async function sendFault(
  error: unknown,
  requestId: string,
  reply: FastifyReply,
  log: FastifyBaseLogger,
): Promise<FastifyReply> {
  const fault = faultOf(error)
  if (fault.status >= 500) log.error({ requestId, code: fault.code, err: fault.cause ?? fault }, fault.message)
  if (fault.code === 'UNAUTHENTICATED' && !reply.hasHeader('www-authenticate'))
    reply.header('www-authenticate', 'Bearer')
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
