import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { keptAnswer } from '../../gateway/answer.ts'
import type { Caller } from '../../gateway/caller.ts'
import { catalogFor } from '../../gateway/gateway.ts'
import { preferredType } from '../accept.ts'
import { admit, charge } from '../admit.ts'
import { JsonBody, jsonOf } from '../body.ts'
import type { ApiContext } from '../context.ts'
import { sendEvents } from '../events.ts'
import { signalOf } from '../hangUp.ts'
import { traceFor } from '../trace.ts'
import { Batch } from './batch.ts'
import { LookUps } from './context.ts'
import { type Engine, engineFor } from './engine.ts'
import { type FormattedError, faultBehind, formatError, requestErrors } from './errors.ts'
import { requireModestText } from './limits.ts'
import { type GraphqlRequest, readBody, readSearchParameters } from './request.ts'
import { subscriptionEvents } from './subscriptions/events.ts'
import { serveSockets } from './subscriptions/sockets.ts'
import { writeJson } from './writeJson.ts'

/** POST and GET /graphql. Everything here is told in GraphQL's form: {data?, errors: [{message, extensions}]}. */
export async function registerGraphql(app: FastifyInstance, context: ApiContext): Promise<void> {
  await app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => refuse(error, request, reply))
    const hidden = { schema: { hide: true } }
    scope.post('/graphql', hidden, async (request, reply) => {
      const caller = await admit(request, reply, context)
      if (preferredType(request.headers.accept, TYPES) === 'text/event-stream') {
        const asked = readBody(jsonOf(request))
        const events = await subscriptionEvents(asked, caller, context)
        return sendEvents(reply, events, async () => context.identity.callerOf(request.headers))
      }
      const text = request.body instanceof JsonBody ? request.body.text : ''
      return answer({ request, reply, caller, context }, text, () => readBody(jsonOf(request)))
    })
    serveSockets(app, context)
    scope.get('/graphql', hidden, async (request, reply) => {
      const caller = await admit(request, reply, context)
      return answer({ request, reply, caller, context }, request.url, () => readSearchParameters(request.query))
    })
  })
}

/** What a document may be answered as; a stream of events is for subscriptions (the protocol of graphql-sse). */
const TYPES = ['application/json', 'application/graphql-response+json', 'text/event-stream'] as const

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: Caller
  readonly context: ApiContext
}

async function answer(exchange: Exchange, text: string, read: () => GraphqlRequest): Promise<FastifyReply> {
  const { caller, context } = exchange
  const engine = await engineFor(catalogFor(caller, context.gateway))
  const repeated = await repeat(exchange, text, engine)
  return repeated === undefined ? execute(exchange, text, read(), engine) : send(exchange, 'OneService; hit', repeated)
}

/**
 * A document that was executed before, on the same schema: what it gave was made of the figures of its questions. When
 * each of them has an answer that is good now, and all are those it was made of, it is that again. The answers are
 * those of REST, by question; only what was written of them is kept by document.
 */
async function repeat(exchange: Exchange, text: string, engine: Engine): Promise<Buffer | undefined> {
  const { caller, reply, context } = exchange
  const { gateway } = context
  const before = engine.asked.get(text)
  const kept = before?.questions.map((question) => keptAnswer(question, caller, gateway))
  const [first] = kept ?? []
  if (before === undefined || kept === undefined || first === undefined) return undefined
  const tags = kept.map((each) => each?.entry.tag ?? 'none').join(' ')
  const form = first.entry.forms.get(before.form)
  if (form?.tag !== tags) return undefined
  if (kept.length > 1) await charge(caller, kept.length - 1, reply, context, 1)
  for (const each of kept) if (each) gateway.observer.question(caller, gateway.cache.deliveryOf(each.entry))
  return form.bytes
}

async function execute(
  exchange: Exchange,
  text: string,
  request: GraphqlRequest,
  engine: Engine,
): Promise<FastifyReply> {
  const { caller, reply, context } = exchange
  const { gateway, publications, landings } = context
  requireModestText(request.query)
  const signal = signalOf(reply)
  const options = { signal, trace: traceFor(exchange.request) }
  const batch = new Batch({ caller, gateway, options, charge: async (cost) => charge(caller, cost, reply, context, 1) })
  const lookUps = new LookUps()
  const { data, errors } = await engine.execute(request, {
    caller,
    gateway,
    publications,
    landings,
    signal,
    batch,
    lookUps,
  })
  if (batch.refusal !== undefined) throw batch.refusal
  const answers = batch.answers.map(({ answer: given }) => given)
  exchange.request.queries = answers.map(({ receipt }) => receipt.queryId)
  const bytes = Buffer.from(writeJson({ errors: errors && told(errors, exchange.request), data: data ?? null }))
  if (errors === undefined && lookUps.none) remember(text, batch, bytes, engine, exchange)
  const hit = answers.length > 0 && answers.every(({ delivery }) => delivery.outcome === 'hit')
  return send(exchange, hit ? 'OneService; hit' : 'OneService; fwd=miss', bytes)
}

function remember(text: string, { answers }: Batch, bytes: Buffer, engine: Engine, { context }: Exchange): void {
  const [first] = answers
  if (first === undefined || text.length > LONGEST_REMEMBERED) return
  const form = `document ${hash('sha256', text, 'base64url')}`
  engine.asked.set(text, { questions: answers.map(({ question }) => question), form })
  const tag = answers.map(({ answer: given }) => given.delivery.tag).join(' ')
  context.gateway.cache.keepForm(first.answer.delivery, form, { tag, bytes })
}

const LONGEST_REMEMBERED = 64 * 1024

/** A request that was not executed: refused, not parsed or not valid. Its first error gives the status. */
function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const errors = told(requestErrors(error), request)
  const { code, status } = errors[0]?.extensions ?? { code: 'INTERNAL', status: 500 }
  if (code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer')
  return reply.code(status).type(mediaType(request)).send(writeJson({ errors }))
}

/** Errors as callers see them; what is ours goes to the log with its cause. */
function told(errors: readonly unknown[], { id, log }: FastifyRequest): FormattedError[] {
  return errors.map((error) => {
    const fault = faultBehind(error)
    if (fault.status >= 500) log.error({ requestId: id, code: fault.code, err: fault.cause ?? fault }, fault.message)
    return formatError(error, id)
  })
}

function send({ request, reply }: Exchange, cacheStatus: string, bytes: Buffer): FastifyReply {
  reply
    .header('cache-status', cacheStatus)
    .header('cache-control', 'private, no-cache')
    .header('vary', 'authorization, accept')
  return reply.code(200).header('content-type', mediaType(request)).send(bytes)
}

/** The newer media type where the client names it; the body is the same. */
function mediaType({ headers }: FastifyRequest): string {
  const newer = headers.accept?.includes('application/graphql-response+json') === true
  return `${newer ? 'application/graphql-response+json' : 'application/json'}; charset=utf-8`
}
