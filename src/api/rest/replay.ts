import { z } from 'zod'
import { readJson } from '../../base/json.ts'
import { replay as replayAnswer } from '../../gateway/replay.ts'
import type { Question } from '../../query/question.ts'
import { readQuestion, readShape } from '../../query/readQuestion.ts'
import { preferredType } from '../accept.ts'
import { admit } from '../admit.ts'
import { jsonOf } from '../body.ts'
import { MEDIA_TYPES } from '../formats/format.ts'
import { signalOf } from '../hangUp.ts'
import { SHAPES } from '../shapes.ts'
import { traceFor } from '../trace.ts'
import { answerResponse } from './answerSchema.ts'
import { type Operation, refusals } from './route.ts'
import { sendWritten, write } from './sendAnswer.ts'

const receipt = z
  .object({
    epoch: z.number().int().min(0),
    catalogVersion: z.string().min(1).max(100),
    asOf: z.iso.datetime(),
    scope: z.string().max(100).nullable().default(null),
    question: z
      .union([z.record(z.string(), z.unknown()), z.string()])
      .describe('As in the receipt; GraphQL receipts hold it as JSON text.'),
  })
  .describe('The `receipt` of an answer, as it came.')

const request = z.strictObject({ receipt }).meta({ id: 'ReplayRequest' })
const shape = z.strictObject({
  shape: z.enum(SHAPES).default('records'),
  numbers: z.enum(['string']).optional(),
})

/** POST /v1/replay: an answer once more, from the versions that were out when it was given. */
export const replay: Operation = (app, context) => {
  app.post(
    '/v1/replay',
    {
      config: { offered: MEDIA_TYPES },
      schema: {
        operationId: 'replay',
        tags: ['questions'],
        summary: 'Replay an answer by its receipt',
        description:
          'Published days are the same rows while their versions are kept, else 410 says what is gone. What was real-time data is read anew; notices NOT_REPLAYED name those days.',
        body: request,
        querystring: shape,
        response: { 200: answerResponse, ...refusals(400, 401, 403, 406, 410, 422, 429, 502, 503, 504) },
      },
    },
    async (incoming, reply) => {
      const caller = await admit(incoming, reply, context)
      const asked = readShape(shape, incoming.query, 'INVALID_REQUEST')
      const { receipt: of } = readShape(request, jsonOf(incoming), 'INVALID_REQUEST')
      const given = await replayAnswer(
        { ...of, question: questionIn(of.question), asOf: Date.parse(of.asOf) },
        caller,
        context.gateway,
        (epoch) => context.manifests.at(epoch),
        { signal: signalOf(reply), trace: traceFor(incoming) },
      )
      incoming.queries = [given.receipt.queryId]
      const type = preferredType(incoming.headers.accept, MEDIA_TYPES) ?? 'application/json'
      const representation = { type, shape: asked.shape, numbers: asked.numbers ?? 'literal' } as const
      return sendWritten(reply, representation, write(representation, given, given.receipt))
    },
  )
}

function questionIn(question: unknown): Question {
  return readQuestion(typeof question === 'string' ? readJson(question) : question)
}
