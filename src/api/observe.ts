import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.ts'
import { traceFor } from './trace.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Ids of the answers that were given; their receipts bear them. */
    queries: readonly string[] | null
  }
}

/** One line of log and one observation a request. Neither holds a credential, a body or a caller's text. */
export function observeRequests(app: FastifyInstance, metrics: Metrics, logs: boolean): void {
  app.decorateRequest('caller', undefined)
  app.decorateRequest('trace', undefined)
  app.decorateRequest('queries', null)
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    const { method, caller } = request
    metrics.request(route, method, reply.statusCode, caller?.role ?? 'none', reply.elapsedTime / 1000)
    if (logs) {
      const { queries, id: requestId } = request
      const milliseconds = Math.round(reply.elapsedTime * 1000) / 1000
      const who = { role: caller?.role ?? 'none', caller: caller?.id ?? null }
      const line = { requestId, trace: traceFor(request), method, route, status: reply.statusCode, milliseconds }
      request.log.info({ ...line, ...who, queries, cache: reply.getHeader('cache-status') ?? null }, 'answered')
    }
    done()
  })
}
