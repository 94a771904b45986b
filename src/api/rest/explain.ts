import { z } from 'zod'
import { explain } from '../../gateway/explain.ts'
import { questionSchema } from '../../query/question.ts'
import { admit } from '../admit.ts'
import { questionIn } from '../body.ts'
import { freshnessSchema, noticeSchema } from './answerSchema.ts'
import { type Operation, refusals } from './route.ts'

const explanationSchema = z
  .object({
    plan: z.string().describe('Indented text, the last step first.'),
    sourceMap: z.array(
      z.object({
        process: z.string(),
        zone: z.string(),
        metrics: z.array(z.string()),
        days: z.array(
          z.object({
            from: z.string(),
            to: z.string(),
            read: z.enum(['empty', 'offline', 'realtime', 'missing']),
            source: z.string().nullable(),
            version: z.number().nullable(),
            finality: z.enum(['final', 'provisional', 'missing']),
            reason: z.string().nullable(),
          }),
        ),
        refused: z.array(z.string()).describe("Sources that can't answer, and why."),
      }),
    ),
    statements: z.array(
      z.object({
        source: z.string(),
        store: z.string(),
        engine: z.string(),
        metrics: z.array(z.string()),
        text: z.string(),
        params: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
        scope: z
          .array(z.object({ dimension: z.string(), condition: z.string(), values: z.array(z.string()) }))
          .describe('The proof: where the statement is cut to rows of the caller, and the values bound there.'),
      }),
    ),
    freshness: freshnessSchema,
    notices: z.array(noticeSchema),
    catalogVersion: z.string(),
    epoch: z.number().int(),
  })
  .meta({ id: 'Explanation' })

/** POST /v1/explain: the same road as a question, stopped before rows are read. */
export const explainQuestion: Operation = (app, context) => {
  app.post(
    '/v1/explain',
    {
      schema: {
        operationId: 'explain',
        tags: ['questions'],
        summary: 'Explain a question',
        description: 'The plan, the source map by day, and each statement with its bound values; no rows are read.',
        body: questionSchema,
        response: { 200: explanationSchema, ...refusals(400, 401, 403, 413, 415, 422, 429) },
      },
    },
    async (request, reply) => {
      const caller = await admit(request, reply, context)
      return explain(questionIn(request), caller, context.gateway)
    },
  )
}
