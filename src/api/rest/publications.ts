import { z } from 'zod'
import { FIRST_DAY, formatDay, LAST_DAY } from '../../base/time.ts'
import { readShape } from '../../query/readQuestion.ts'
import { admit, admitOnly } from '../admit.ts'
import { jsonOf } from '../body.ts'
import { publicationsFor } from '../publicationsFor.ts'
import { ADMIN_ONLY, type Operation, refusals, storableText } from './route.ts'

export const day = z.iso
  .date({ error: 'a day looks like 2026-11-19' })
  .refine((text) => text >= formatDay(FIRST_DAY) && text <= formatDay(LAST_DAY), {
    error: `a day lies between ${formatDay(FIRST_DAY)} and ${formatDay(LAST_DAY)}`,
  })

const sourceName = z.string().min(1).max(100)

const filter = z.strictObject({
  source: storableText(100).optional(),
  from: day.optional(),
  to: day.optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000).describe('Newest days first.'),
})

const publication = z
  .object({
    source: z.string(),
    day: z.string(),
    version: z.number().int(),
    state: z.enum(['staged', 'published', 'superseded']),
    rowCount: z.number().int().nullable(),
    checksum: z.string().nullable().describe('Sum of a hash of each row, as the audit found it.'),
    runId: z.string().nullable(),
    publishedAt: z.string().nullable(),
    droppedAt: z.string().nullable().describe('When its rows were taken away.'),
  })
  .meta({ id: 'Publication' })

const days = z
  .array(z.union([z.literal('yesterday'), day], { error: 'a day looks like 2026-11-19, or is yesterday' }))
  .min(1)
  .max(1000)
  .describe('YYYY-MM-DD, or yesterday: the last day that is over where the source has its business days.')
const version = z.number().int().min(1)
const empty = z.boolean().optional().describe('The days have no rows: nothing is to be written or staged for them.')

const one = z
  .strictObject({
    source: sourceName,
    days,
    version: version.optional().describe('Default: the newest staged version.'),
    empty,
  })
  .refine((asked) => asked.version === undefined || asked.empty !== true, {
    path: ['version'],
    error: 'an empty day has no version of its own',
  })

const request = z
  .strictObject({
    source: sourceName.optional().describe('Default: every source with a staged version of these days.'),
    days: days.optional(),
    version: version.optional().describe('Default: the newest staged version.'),
    empty,
    publications: z
      .array(one)
      .min(1)
      .max(50)
      .optional()
      .describe('Instead of the four above: several sources at once.'),
    runId: storableText(200)
      .min(1)
      .optional()
      .describe('Who publishes; the same run may ask again, and changes nothing the second time.'),
    acceptDifference: z
      .boolean()
      .optional()
      .describe('Publishes although a metric is further from real time than its tolerance.'),
  })
  .superRefine((asked, context) => {
    if ((asked.days === undefined) === (asked.publications === undefined))
      context.addIssue({ code: 'custom', path: ['days'], message: 'name the "days", or several "publications"' })
    for (const key of ['source', 'version', 'empty'] as const)
      if (asked.publications !== undefined && asked[key] !== undefined)
        context.addIssue({ code: 'custom', path: [key], message: `"${key}" belongs into each of "publications"` })
    if (asked.version !== undefined && asked.empty === true)
      context.addIssue({ code: 'custom', path: ['version'], message: 'an empty day has no version of its own' })
  })
  .meta({ id: 'PublishRequest' })

const published = z.object({
  published: z.array(
    z.object({
      source: z.string(),
      day: z.string(),
      version: z.number().int(),
      live: z
        .number()
        .int()
        .nullable()
        .optional()
        .describe('What the day shows, where it is something else by now than this run had published.'),
    }),
  ),
  epoch: z.number().int(),
})

const path = z.strictObject({ source: sourceName, day })

/** GET, POST and DELETE /v1/publications: which business day of which source is out, in which version. */
export const publications: Operation = (app, context) => {
  app.get(
    '/v1/publications',
    {
      schema: {
        operationId: 'publications',
        tags: ['publications'],
        summary: 'List publications',
        querystring: filter,
        response: { 200: z.object({ publications: z.array(publication) }), ...refusals(400, 401, 403, 429) },
      },
    },
    async (incoming, reply) => {
      const caller = await admit(incoming, reply, context)
      const asked = readShape(filter, incoming.query, 'INVALID_REQUEST')
      return { publications: await publicationsFor(caller, asked, context) }
    },
  )
  app.post(
    '/v1/publications',
    {
      schema: {
        ...ADMIN_ONLY,
        operationId: 'publish',
        tags: ['publications'],
        summary: 'Publish business days',
        description:
          'Audits the versions and publishes all days in one transaction: the next question sees all of them final, none before. Of two publishers of a day at once, one is answered 409. Complete when it answers, the feed of restatements included.',
        body: request,
        response: { 200: published, ...refusals(400, 401, 403, 409, 422, 429, 503) },
      },
    },
    async (incoming, reply) => {
      await admitOnly(['admin'], incoming, reply, context)
      const wanted = readShape(request, jsonOf(incoming), 'INVALID_REQUEST')
      const { acceptDifference, runId, publications: several, ...single } = wanted
      const requests = (several ?? [{ ...single, days: single.days ?? [] }]).map((each) => ({ ...each, runId }))
      const landed = await context.publications.publish(requests, { acceptDifference })
      return { published: landed, epoch: context.gateway.snapshot().epoch }
    },
  )
  app.delete(
    '/v1/publications/:source/:day',
    {
      schema: {
        ...ADMIN_ONLY,
        operationId: 'withdraw',
        tags: ['publications'],
        summary: 'Withdraw a published day',
        description: 'Questions read the real-time rows of the day again, marked provisional.',
        params: path,
        response: {
          200: z.object({ withdrawn: z.boolean(), epoch: z.number().int() }),
          ...refusals(400, 401, 403, 409, 429),
        },
      },
    },
    async (incoming, reply) => {
      await admitOnly(['admin'], incoming, reply, context)
      const { source, day: of } = readShape(path, incoming.params, 'INVALID_REQUEST')
      const withdrawn = await context.publications.withdraw(source, of)
      return { withdrawn, epoch: context.gateway.snapshot().epoch }
    },
  )
}
