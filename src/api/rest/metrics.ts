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
        response: { ...refusals(401, 403) },
      },
    },
    async (request, reply) => {
      // Sums over all callers: nothing for a tenant.
      await admitOnly(['open', 'admin', 'service', 'analyst'], request, reply, context)
      const { type, body } = await context.metrics.text()
      return reply.header('content-type', type).send(body)
    },
  )
}
