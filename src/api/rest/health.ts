import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { formatDay } from '../../base/time.ts'
import { type RetentionWarning, retentionWarnings } from '../../route/guard.ts'
import type { ApiContext } from '../context.ts'
import { type Operation, refusals } from './route.ts'

const status = z.object({ status: z.enum(['ok', 'ready']) })
const ready = status.extend({
  warnings: z
    .array(
      z.object({ code: z.string(), source: z.string().optional(), day: z.string().optional(), message: z.string() }),
    )
    .optional()
    .describe('Days that real time is about to lose, or has lost, and that nothing published holds.'),
})

const COUNT = {
  code: 'REALTIME_RETENTION',
  message: 'Days that are not published leave the retention of a stream; ask with a credential which.',
}

/** Names of sources are told to those who may know of all. */
async function seesAll({ headers }: FastifyRequest, { identity }: ApiContext): Promise<boolean> {
  try {
    return (await identity.callerOf(headers)).scope.length === 0
  } catch {
    return false
  }
}

function tellWarning({ source, day, lacking, leavesAt }: RetentionWarning) {
  const of = formatDay(day)
  const message = `${of} leaves the retention of ${source} at ${new Date(leavesAt).toISOString()} and is not published in ${lacking.join(', ')}.`
  return { code: 'REALTIME_RETENTION', source, day: of, message }
}

/** GET /healthz: the process answers. GET /readyz: it can answer questions. */
export const health: Operation = (app, context) => {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'health',
        tags: ['operations'],
        security: [],
        summary: 'The process is alive',
        response: { 200: status },
      },
    },
    async () => ({ status: 'ok' }),
  )
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'ready',
        tags: ['operations'],
        security: [],
        summary: 'Stores and control database can be reached',
        response: { 200: ready, ...refusals(503) },
      },
    },
    async (request) => {
      await context.ready()
      const { catalog, snapshot, clock } = context.gateway
      const warnings = retentionWarnings(catalog, snapshot(), clock())
      if (warnings.length === 0) return { status: 'ready' }
      return { status: 'ready', warnings: (await seesAll(request, context)) ? warnings.map(tellWarning) : [COUNT] }
    },
  )
}
