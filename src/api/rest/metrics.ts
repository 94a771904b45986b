import { z } from 'zod'
import { Fault } from '../../base/faults.ts'
import { admitOnly } from '../admit.ts'
import { type Operation, refusals } from './route.ts'

/** GET /metrics: what Prometheus reads. */
export const prometheus: Operation = (app, context) => {
  app.get(
    '/metrics',
    {
      schema: {
        'x-roles': ['admin', 'service', 'analyst'],
        operationId: 'metricsOfTheService',
        tags: ['operations'],
        summary: 'Figures of the service itself, for Prometheus',
        response: { 200: z.string().describe('The text format of Prometheus.'), ...refusals(401, 403, 429) },
      },
    },
    async (request, reply) => {
      const caller = await admitOnly(['open', 'admin', 'service', 'analyst'], request, reply, context)
      // Sums over all callers: nothing for who sees a part of them.
      if (caller.scope.length > 0) throw new Fault('FORBIDDEN', 'This is not for callers who are bound to a tenant.')
      const { type, body } = await context.metrics.text()
      return reply.header('content-type', type).send(body)
    },
  )
}
