import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Fault, faultDetail } from '../../base/faults.ts'
import { type Soon, whenThere } from '../../base/soon.ts'
import { questionSchema } from '../../query/question.ts'
import { readShape } from '../../query/readQuestion.ts'
import { preferredType } from '../accept.ts'
import { admit } from '../admit.ts'
import { questionIn, questionOf } from '../body.ts'
import { MEDIA_TYPES, type Representation } from '../formats/format.ts'
import { SHAPES } from '../shapes.ts'
import { answerResponse } from './answerSchema.ts'
import { type Operation, refusals } from './route.ts'
import { sendAnswer } from './sendAnswer.ts'

const shape = z.enum(SHAPES).default('records').describe('How rows are written; for application/json.')
const numbers = z
  .enum(['string'])
  .optional()
  .describe('Writes numbers as texts, for clients whose JSON parser would round them; for application/json and ndjson.')
const posted = z.strictObject({ shape, numbers })
const got = z.strictObject({ q: z.string().min(1).describe('The question as JSON.'), shape, numbers })
const bare: Asked = { shape: 'records' }
const statuses = refusals(400, 401, 403, 406, 413, 415, 422, 429, 502, 503, 504)
const config = { offered: MEDIA_TYPES }
const told = 'Has an ETag of all but the receipt; If-None-Match is answered with 304.'

/** POST /v1/query: one question, one answer. GET /v1/query?q=: the same, for HTTP caches. */
export const query: Operation = (app, context) => {
  app.post(
    '/v1/query',
    {
      config,
      schema: {
        operationId: 'query',
        tags: ['questions'],
        summary: 'Ask a question',
        description: `Metrics by dimensions over time, each row with its finality. ${told}`,
        body: questionSchema,
        querystring: posted,
        response: { 200: answerResponse, ...statuses },
      },
    },
    (request, reply) =>
      whenThere(admit(request, reply, context), (caller) => {
        const asked = isBare(request) ? bare : readShape(posted, request.query, 'INVALID_REQUEST')
        const representation = representationOf(request, asked)
        return sendAnswer({ request, reply, caller, context }, questionIn(request), representation)
      }),
  )
  app.get(
    '/v1/query',
    {
      config,
      schema: {
        operationId: 'queryByAddress',
        tags: ['questions'],
        summary: 'Ask a question, kept by HTTP caches',
        description: `The question of POST /v1/query in the address. ${told}`,
        querystring: got,
        response: { 200: answerResponse, ...statuses },
      },
    },
    (request, reply) =>
      whenThere(admit(request, reply, context), (caller) => {
        const { q, ...asked } = readShape(got, request.query, 'INVALID_REQUEST')
        const representation = representationOf(request, asked)
        return inAddress(() => sendAnswer({ request, reply, caller, context }, questionOf(q), representation))
      }),
  )
}

type Asked = z.infer<typeof posted>

function representationOf(request: FastifyRequest, { shape: wanted, numbers }: Asked): Representation {
  // What takes none of them was refused when it came.
  const type = preferredType(request.headers.accept, MEDIA_TYPES) ?? 'application/json'
  return { type, shape: wanted, numbers: numbers ?? 'literal' }
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
