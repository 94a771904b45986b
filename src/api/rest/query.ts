import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Fault, faultDetail } from '../../base/faults.ts'
import { whenThere } from '../../base/soon.ts'
import { answer, keptAnswer } from '../../gateway/answer.ts'
import type { Delivery, Receipt } from '../../gateway/answerTypes.ts'
import { receiptOf } from '../../gateway/assemble.ts'
import type { Caller } from '../../gateway/caller.ts'
import { type Question, questionSchema } from '../../query/question.ts'
import { readShape } from '../../query/readQuestion.ts'
import { admit } from '../admit.ts'
import { questionIn, questionOf } from '../body.ts'
import { describeDelivery, hasAlready } from '../caching.ts'
import type { ApiContext } from '../context.ts'
import { signalOf } from '../hangUp.ts'
import { SHAPES, type Shape, writeFigures, writeReceipt } from '../shapes.ts'
import { join } from '../slab.ts'
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
        return send({ request, reply, caller, context }, readInAddress(q), wanted)
      }),
  )
}

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: Caller
  readonly context: ApiContext
}

/** Bytes that are known go out as they are, with a receipt of their own; else the question is answered and written. */
function send(exchange: Exchange, question: Question, shape: Shape): FastifyReply | Promise<FastifyReply> {
  const { caller, context } = exchange
  const { gateway } = context
  const kept = keptAnswer(question, caller, gateway)
  const known = kept?.entry.forms.get(shape)?.bytes
  if (kept !== undefined && known !== undefined) {
    const delivery = gateway.cache.deliveryOf(kept.entry)
    gateway.observer.question(caller, delivery)
    return deliver(exchange, shape, question.maxStaleness, known, delivery, receiptOf(kept.prepared, 'hit'))
  }
  return compute(exchange, question, shape)
}

async function compute(exchange: Exchange, question: Question, shape: Shape): Promise<FastifyReply> {
  const { request, reply, caller, context } = exchange
  const { gateway } = context
  const trace = traceFor(request)
  const given = await answer(question, caller, gateway, { signal: signalOf(reply), trace })
  const written = Buffer.from(writeFigures(given, shape))
  gateway.cache.keepForm(given.delivery, shape, { tag: given.delivery.tag, bytes: written })
  return deliver(exchange, shape, question.maxStaleness, written, given.delivery, given.receipt)
}

function deliver(
  { request, reply }: Exchange,
  shape: Shape,
  maxStaleness: number,
  written: Buffer,
  delivery: Delivery,
  receipt: Receipt,
): FastifyReply {
  request.queries = [receipt.queryId]
  const etag = `"${delivery.tag}-${shape}"`
  describeDelivery(reply, delivery, etag, maxStaleness)
  if (hasAlready(request, etag)) return reply.code(304).send()
  const body = join(written, writeReceipt(receipt))
  return reply.header('content-type', 'application/json; charset=utf-8').send(body)
}

function isBare({ url }: FastifyRequest): boolean {
  return !url.includes('?')
}

/** Faults point at the address, not into the question's text. */
function readInAddress(text: string): Question {
  try {
    return questionOf(text)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    throw Fault.at(
      error.errors.map((each) => faultDetail(each.code, `/q${each.pointer}`, each.message, each.suggestions)),
    )
  }
}
