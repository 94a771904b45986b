import { z } from 'zod'
import { Fault, faultDetail } from '../../base/faults.ts'
import { formatDay, type Instant, parseDay, startOfDay } from '../../base/time.ts'
import type { Catalog, Source } from '../../catalog/catalog.ts'
import { sourceNamed } from '../../control/wanted.ts'
import { mayPurge } from '../../gateway/mayPurge.ts'
import { readShape } from '../../query/readQuestion.ts'
import { admit } from '../admit.ts'
import { requireWholeView } from '../wholeView.ts'
import { day } from './publications.ts'
import { type Operation, refusals, WHOLE_VIEW_ONLY } from './route.ts'

const asked = z.strictObject({
  source: z.string().min(1).max(100).describe('A stream.'),
  before: day.optional().describe('The first day whose rows stay; default: what the retention of the source says.'),
})

const verdict = z.object({
  source: z.string(),
  mayPurge: z.boolean(),
  before: z.string().describe('Rows before this moment would be removed.'),
  days: z
    .object({ from: z.string(), to: z.string() })
    .nullable()
    .describe('Which days that is; null = there are none.'),
  unprotected: z
    .array(z.object({ day: z.string(), lacking: z.array(z.string()) }))
    .describe('Days that are published nowhere.'),
})

/** GET /v1/retention: whether a purge job may remove old rows of a stream. */
export const retention: Operation = (app, context) => {
  app.get(
    '/v1/retention',
    {
      schema: {
        ...WHOLE_VIEW_ONLY,
        operationId: 'retention',
        tags: ['publications'],
        summary: 'Whether rows of a stream may be purged',
        description: 'Days that are not published may not go: real time is all there is of them.',
        querystring: asked,
        response: { 200: verdict, ...refusals(400, 401, 403, 429, 502, 503) },
      },
    },
    async (request, reply) => {
      requireWholeView(await admit(request, reply, context), 'Purging is of all rows')
      const { source: name, before: first } = readShape(asked, request.query, 'INVALID_REQUEST')
      const { catalog, clock } = context.gateway
      const source = streamNamed(name, catalog)
      const before = momentOf(first, source, catalog, clock())
      const { days, unprotected } = await mayPurge(source, before, context.gateway, await context.publications.newest())
      return {
        source: name,
        mayPurge: unprotected.length === 0,
        before: new Date(before).toISOString(),
        days: days === undefined ? null : { from: formatDay(days.from), to: formatDay(days.to) },
        unprotected: unprotected.map((each) => ({ day: formatDay(each.day), lacking: each.lacking })),
      }
    },
  )
}

function streamNamed(name: string, catalog: Catalog): Source {
  const source = sourceNamed(name, '/source', catalog)
  if (source.kind === 'stream') return source
  const message = `"${name}" is a batch source; its versions are dropped by POST /v1/publications/drop.`
  throw Fault.at([faultDetail('INVALID_VALUE', '/source', message)])
}

function momentOf(
  first: string | undefined,
  { process, retention: kept, name }: Source,
  catalog: Catalog,
  now: Instant,
) {
  const zone = catalog.processes.get(process)?.zone ?? 'UTC'
  const day = first === undefined ? undefined : parseDay(first)
  if (day !== undefined) return startOfDay(day, zone)
  if (kept !== undefined) return now - kept
  const message = `"${name}" declares no retention; say "before".`
  throw Fault.at([faultDetail('INVALID_REQUEST', '/before', message)])
}
