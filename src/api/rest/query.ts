import { z } from 'zod'
import { answer } from '../../gateway/answer.ts'
import { questionSchema } from '../../query/question.ts'
import { readQuestion, readShape } from '../../query/readQuestion.ts'
import { callerOf } from '../authorize.ts'
import { signalOf } from '../hangUp.ts'
import { SHAPES, writeAnswer } from '../shapes.ts'
import { answerSchema } from './answerSchema.ts'
import { type Operation, refusals } from './route.ts'

const querystring = z.strictObject({ shape: z.enum(SHAPES).default('records').describe('How rows are written.') })

/** POST /v1/query: one question, one answer. */
export const query: Operation = (app, context) => {
  app.post(
    '/v1/query',
    {
      schema: {
        operationId: 'query',
        tags: ['questions'],
        summary: 'Ask a question',
        description: 'Metrics by dimensions over time, each row with its finality.',
        body: questionSchema,
        querystring,
        response: { 200: answerSchema, ...refusals(400, 401, 406, 413, 415, 422, 502, 503, 504) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request, context)
      const { shape } = readShape(querystring, request.query, 'INVALID_REQUEST')
      const question = readQuestion(request.body)
      const result = await answer(question, caller, context.gateway, signalOf(reply))
      return reply.type('application/json; charset=utf-8').send(writeAnswer(result, shape))
    },
  )
}
