import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Fault, faultDetail } from '../../base/faults.ts'
import { type Soon, whenThere } from '../../base/soon.ts'
import { answer, keptAnswer } from '../../gateway/answer.ts'
import type { Delivery } from '../../gateway/answerTypes.ts'
import { receiptOf } from '../../gateway/assemble.ts'
import type { Entry, Form } from '../../gateway/cache/entry.ts'
import { unpack } from '../../gateway/cache/pack.ts'
import type { Caller } from '../../gateway/caller.ts'
import type { Prepared } from '../../gateway/prepare.ts'
import { type Question, questionSchema } from '../../query/question.ts'
import { readShape } from '../../query/readQuestion.ts'
import { admit } from '../admit.ts'
import { questionIn, questionOf } from '../body.ts'
import { describeDelivery, hasAlready } from '../caching.ts'
import type { ApiContext } from '../context.ts'
import { signalOf } from '../hangUp.ts'
import { SHAPES, type Shape, writeAnswer, writeFigures, writeReceipt } from '../shapes.ts'
import { traceFor } from '../trace.ts'
import { answerSchema } from './answerSchema.ts'
import { type Operation, refusals } from './route.ts'

const shape = z.enum(SHAPES).default('records').describe('How rows are written.')
const posted = z.strictObject({ shape })
const got = z.strictObject({ q: z.string().min(1).describe('The question as JSON.'), shape })
const statuses = refusals(400, 401, 403, 406, 413, 415, 422, 429, 502, 503, 504)
const told = 'Has an ETag of all but the receipt; If-None-Match is answered with 304.'

/** POST /v1/query: one question, one answer. GET /v1/query?q=: the same, for HTTP caches. */
export const query: Operation = (app, context) => {
  app.post(
    '/v1/query',
    {
      schema: {
        operationId: 'query',
        tags: ['questions'],
        summary: 'Ask a question',
        description: `Metrics by dimensions over time, each row with its finality. ${told}`,
        body: questionSchema,
        querystring: posted,
        response: { 200: answerSchema, ...statuses },
      },
    },
    (request, reply) =>
      whenThere(admit(request, reply, context), (caller) => {
        const wanted = isBare(request) ? 'records' : readShape(posted, request.query, 'INVALID_REQUEST').shape
        return send({ request, reply, caller, context }, questionIn(request), wanted)
      }),
  )
  app.get(
    '/v1/query',
    {
      schema: {
        operationId: 'queryByAddress',
        tags: ['questions'],
        summary: 'Ask a question, kept by HTTP caches',
        description: `The question of POST /v1/query in the address. ${told}`,
        querystring: got,
        response: { 200: answerSchema, ...statuses },
      },
    },
    (request, reply) =>
      whenThere(admit(request, reply, context), (caller) => {
        const { q, shape: wanted } = readShape(got, request.query, 'INVALID_REQUEST')
        return inAddress(() => send({ request, reply, caller, context }, questionOf(q), wanted))
      }),
  )
}

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: Caller
  readonly context: ApiContext
}

/** An answer that is known goes out as the bytes it was last written as; else the question is answered and written. */
function send(exchange: Exchange, question: Question, shape: Shape): Soon<FastifyReply> {
  const { caller, context } = exchange
  const kept = keptAnswer(question, caller, context.gateway)
  if (kept === undefined) return compute(exchange, question, shape)
  const { prepared, entry } = kept
  const { cache, observer } = context.gateway
  const name = `${shape} ${prepared.snapshot.epoch}`
  const delivery = cache.deliveryOf(entry)
  observer.question(caller, delivery)
  const form = entry.forms.get(name) ?? write(prepared, entry, shape)
  if (!entry.forms.has(name)) cache.keepForm(delivery, name, form)
  return deliver(exchange, shape, question.maxStaleness, form.bytes, delivery, entry.queryId)
}

function write(prepared: Prepared, { packed, queryId, tag }: Entry, shape: Shape): Form {
  const receipt = receiptOf(prepared, queryId, 'hit')
  return { tag, bytes: Buffer.from(`${writeFigures(unpack(packed), shape)}${writeReceipt(receipt)}`) }
}

async function compute(exchange: Exchange, question: Question, shape: Shape): Promise<FastifyReply> {
  const { request, reply, caller, context } = exchange
  const options = { signal: signalOf(reply), trace: traceFor(request) }
  const given = await answer(question, caller, context.gateway, options)
  const bytes = Buffer.from(writeAnswer(given, shape))
  return deliver(exchange, shape, question.maxStaleness, bytes, given.delivery, given.receipt.queryId)
}

function deliver(
  { request, reply }: Exchange,
  shape: Shape,
  maxStaleness: number,
  bytes: Buffer,
  delivery: Delivery,
  queryId: string,
): FastifyReply {
  request.queries = [queryId]
  const etag = `"${delivery.tag}-${shape}"`
  describeDelivery(reply, delivery, etag, maxStaleness)
  if (hasAlready(request, etag)) return reply.code(304).send()
  return reply.header('content-type', 'application/json; charset=utf-8').send(bytes)
}

function isBare({ url }: FastifyRequest): boolean {
  return !url.includes('?')
}

/** Faults point at the address, and from there into the question's text. */
function inAddress<T>(run: () => Soon<T>): Soon<T> {
  try {
    const result = run()
    return result instanceof Promise ? result.catch((error: unknown) => Promise.reject(addressed(error))) : result
  } catch (error) {
    throw addressed(error)
  }
}

function addressed(error: unknown): unknown {
  if (!(error instanceof Fault) || error.errors.length === 0) return error
  const errors = error.errors.map((each) => faultDetail(each.code, `/q${each.pointer}`, each.message, each.suggestions))
  return Fault.at(errors)
}
