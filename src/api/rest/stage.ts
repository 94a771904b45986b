import { z } from 'zod'
import { readShape } from '../../query/readQuestion.ts'
import { admitOnly } from '../admit.ts'
import { jsonOf } from '../body.ts'
import { day } from './publications.ts'
import { ADMIN_ONLY, type Operation, refusals, storableText } from './route.ts'

const request = z
  .strictObject({
    source: z.string().min(1).max(100),
    days: z.array(day).min(1).max(1000),
    version: z.number().int().min(1).describe('What the version column of the rows holds.'),
    rowCount: z.number().int().min(0).optional().describe('Of one day: how many rows were written.'),
    checksum: storableText(100).optional().describe('Of one day: what an earlier audit found of the same rows.'),
    empty: z.boolean().optional().describe('Days of this version may have no rows.'),
    runId: storableText(200).min(1).optional(),
  })
  .superRefine((asked, context) => {
    for (const key of ['rowCount', 'checksum'] as const)
      if (asked.days.length > 1 && asked[key] !== undefined)
        context.addIssue({ code: 'custom', path: [key], message: `"${key}" is of one day; stage the days one by one` })
  })
  .meta({ id: 'StageRequest' })

const staged = z.object({
  staged: z.array(
    z.object({
      source: z.string(),
      day: z.string(),
      version: z.number().int(),
      rowCount: z.number().int(),
      checksum: z.string(),
    }),
  ),
})

/** POST /v1/publications/stage: rows are written; they are audited now and published later. */
export const stage: Operation = (app, context) => {
  app.post(
    '/v1/publications/stage',
    {
      schema: {
        ...ADMIN_ONLY,
        operationId: 'stage',
        tags: ['publications'],
        summary: 'Stage written versions',
        description:
          'Counts the rows of a version, sums a hash of each and records what the table and its definition look like. Publishing holds the rows against it. Nobody sees the version before.',
        body: request,
        response: { 200: staged, ...refusals(400, 401, 403, 422, 429, 503) },
      },
    },
    async (incoming, reply) => {
      await admitOnly(['admin'], incoming, reply, context)
      const { days, ...of } = readShape(request, jsonOf(incoming), 'INVALID_REQUEST')
      const results = await context.publications.stage(days.map((each) => ({ ...of, day: each })))
      return {
        staged: results.map(({ audited: { source, day: date, version }, rowCount, checksum }) => ({
          ...{ source: source.name, day: date, version, rowCount, checksum },
        })),
      }
    },
  )
}
