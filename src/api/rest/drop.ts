import { z } from 'zod'
import { Fault, faultDetail } from '../../base/faults.ts'
import { parseDuration } from '../../base/time.ts'
import { sourceNamed } from '../../control/wanted.ts'
import { readShape } from '../../query/readQuestion.ts'
import { admitOnly } from '../admit.ts'
import { jsonOf } from '../body.ts'
import { ADMIN_ONLY, type Operation, refusals } from './route.ts'

const request = z
  .strictObject({
    source: z.string().min(1).max(100).optional().describe('Default: every source with versions.'),
    olderThan: z
      .string()
      .regex(/^[1-9]\d{0,4} (minute|hour|day|week)s?$/, { error: 'a duration looks like "7 days" or "36 hours"' })
      .optional()
      .describe("How long ago they were superseded; default: each source's `keep`, and none of a source without one."),
  })
  .meta({ id: 'DropRequest' })

const dropped = z.object({
  dropped: z.array(
    z.object({
      source: z.string(),
      day: z.string(),
      version: z.number().int(),
      removed: z.boolean().describe('false: its rows could not be removed yet; ask again.'),
    }),
  ),
})

/** POST /v1/publications/drop: takes away superseded versions that nobody reads any more. */
export const drop: Operation = (app, context) => {
  app.post(
    '/v1/publications/drop',
    {
      schema: {
        ...ADMIN_ONLY,
        operationId: 'drop',
        tags: ['publications'],
        summary: 'Drop superseded versions',
        description:
          'Never sooner than the longest question and the slowest replica may read them. A dropped version is not published again, and receipts that pin it can not be replayed.',
        body: request,
        response: { 200: dropped, ...refusals(400, 401, 403, 429, 503) },
      },
    },
    async (incoming, reply) => {
      await admitOnly(['admin'], incoming, reply, context)
      const { source, olderThan } = readShape(request, jsonOf(incoming), 'INVALID_REQUEST')
      const { catalog } = context.gateway
      const sources = source === undefined ? [...catalog.sources.values()] : [sourceNamed(source, '/source', catalog)]
      const refusal = source === undefined ? undefined : sources.flatMap((each) => context.drops.refusal(each) ?? [])[0]
      if (refusal !== undefined) throw Fault.at([faultDetail('INVALID_VALUE', '/source', refusal)])
      if (source !== undefined && olderThan === undefined && sources[0]?.keep === undefined) {
        const message = `"${source}" declares no "keep"; say how old versions are that may go.`
        throw Fault.at([faultDetail('INVALID_REQUEST', '/olderThan', message)])
      }
      const age = olderThan === undefined ? undefined : parseDuration(olderThan)
      return { dropped: await context.drops.drop(sources, age) }
    },
  )
}
