import { z } from 'zod'
import { type Operation, refusals } from './route.ts'

const status = z.object({ status: z.enum(['ok', 'ready']) })

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
        response: { 200: status, ...refusals(503) },
      },
    },
    async () => {
      await context.ready()
      return { status: 'ready' }
    },
  )
}
