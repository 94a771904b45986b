import { z } from 'zod'
import { admitOnly } from '../admit.ts'
import { requireWholeView } from '../wholeView.ts'
import { type Operation, refusals, WHOLE_VIEW_ONLY } from './route.ts'

/** GET /metrics: what Prometheus reads. */
export const prometheus: Operation = (app, context) => {
  app.get(
    '/metrics',
    {
      schema: {
        ...WHOLE_VIEW_ONLY,
        operationId: 'metricsOfTheService',
        tags: ['operations'],
        summary: 'Figures of the service itself, for Prometheus',
        response: { 200: z.string().describe('The text format of Prometheus.'), ...refusals(401, 403, 429) },
      },
    },
    async (request, reply) => {
      const caller = await admitOnly(['open', 'admin', 'service', 'analyst'], request, reply, context)
      requireWholeView(caller, 'These are figures of all callers')
      const { type, body } = await context.metrics.text()
      return reply.header('content-type', type).send(body)
    },
  )
}
