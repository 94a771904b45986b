import { z } from 'zod'
import { Fault } from '../../base/faults.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { FEED_START, readPosition } from '../../control/feedPosition.ts'
import type { FeedFilter } from '../../control/landings.ts'
import { unknownName } from '../../query/filters.ts'
import { readShape } from '../../query/readQuestion.ts'
import { preferredType } from '../accept.ts'
import { admit } from '../admit.ts'
import { sendEvents } from '../events.ts'
import { writeFeed, writeRestatement } from '../restatementText.ts'
import { requireWholeView } from '../wholeView.ts'
import { type Operation, refusals, storableText, WHOLE_VIEW_ONLY } from './route.ts'

const TYPES = ['application/json', 'text/event-stream'] as const

const asked = z.strictObject({
  since: z
    .string()
    .min(1)
    .max(40)
    .optional()
    .describe('An epoch (of a receipt), the id of an entry, a day or an instant; default: the beginning.'),
  metric: z
    .union([storableText(2000), z.array(storableText(100))])
    .transform((value) => (typeof value === 'string' ? value.split(',') : value))
    .optional()
    .describe('Names, separated by commas; default: all.'),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
})

const value = z.number().nullable().describe('Digit for digit; null is no value.')
const restatement = z
  .object({
    id: z.string().describe('Goes on behind the entry as `since`.'),
    epoch: z.number().int(),
    at: z.string(),
    metric: z.string(),
    day: z.string(),
    old: value,
    new: value,
    oldFinality: z.string(),
    newFinality: z.string(),
    fault: z.string().nullable().describe('Why a side could not be computed.'),
  })
  .meta({ id: 'Restatement' })
const change = z.object({
  epoch: z.number().int(),
  at: z.string(),
  source: z.string(),
  day: z.string(),
  version: z.number().int().nullable().describe('null: withdrawn.'),
  previous: z.number().int().nullable(),
  runId: z.string().nullable(),
})

/** GET /v1/restatements: what publications did to the values of metrics, as a list or as events. */
export const restatements: Operation = (app, context) => {
  app.get(
    '/v1/restatements',
    {
      config: { offered: TYPES },
      schema: {
        ...WHOLE_VIEW_ONLY,
        operationId: 'restatements',
        tags: ['publications'],
        summary: 'What publications changed',
        description:
          'For each publication and withdrawal, per metric and day, the old and the new value. A metric with a window, an offset or a conversion is not listed: it changes on the days that its window reaches. As text/event-stream the list goes on with what comes; the id of the last event goes on behind it.',
        querystring: asked,
        response: {
          200: z.object({
            restatements: z.array(restatement),
            publications: z.array(change).describe('The days that changed in the epochs of these entries.'),
            next: z.string().nullable().describe('Goes on as `since`; null at the end.'),
          }),
          ...refusals(400, 401, 403, 406, 429, 503),
        },
      },
    },
    async (request, reply) => {
      requireWholeView(await admit(request, reply, context), 'Restatements are of all rows')
      const { since, metric, limit } = readShape(asked, request.query, 'INVALID_REQUEST')
      const last = request.headers['last-event-id']
      const place = typeof last === 'string' && last !== '' ? last : since
      const filter: FeedFilter = {
        since: place === undefined ? FEED_START : readPosition(place, '/since'),
        metrics: metric && knownMetrics(metric, context.gateway.catalog),
        limit,
      }
      const type = preferredType(request.headers.accept, TYPES)
      if (type === 'text/event-stream')
        return sendEvents(
          reply,
          (signal) => events(filter, signal),
          async () => context.identity.callerOf(request.headers),
        )
      const entries = await context.landings.restatements(filter)
      const epochs = entries.map(({ epoch }) => epoch)
      const changes = epochs.length === 0 ? [] : await context.landings.changes([...new Set(epochs)])
      const next = entries.length < limit ? null : (entries.at(-1)?.id ?? null)
      return reply.type('application/json; charset=utf-8').send(writeFeed(entries, changes, next))
    },
  )

  async function* events(filter: FeedFilter, signal: AbortSignal) {
    for await (const entry of context.landings.follow(filter, signal))
      yield { event: 'restatement', id: entry.id, data: writeRestatement(entry) }
  }
}

function knownMetrics(names: readonly string[], { metrics }: Catalog): readonly string[] {
  const unknown = names.filter((name) => !metrics.has(name))
  if (unknown.length === 0) return names
  throw Fault.at(
    unknown.slice(0, 20).map((name) => unknownName('UNKNOWN_METRIC', 'metric', name, metrics.keys(), ['metric'])),
  )
}
