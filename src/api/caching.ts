import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Delivery } from '../gateway/answerTypes.ts'

/**
 * What HTTP is told of an answer (RFC 9110, 9111, 9211). Whoever keeps it asks again before showing it, but for as long
 * as the question itself allows; nobody but its caller may keep it.
 */
export function describeDelivery(reply: FastifyReply, delivery: Delivery, etag: string, maxStaleness: number): void {
  const allowed = Math.floor(maxStaleness / 1000)
  reply
    .header('etag', etag)
    .header('cache-control', allowed > 0 ? `private, max-age=${allowed}` : 'private, no-cache')
    .header('vary', 'authorization, accept')
    .header('age', Math.floor(delivery.age / 1000))
    .header('cache-status', cacheStatusOf(delivery))
}

function cacheStatusOf({ outcome, collapsed }: Delivery): string {
  if (outcome === 'miss') return collapsed ? 'OneService; fwd=miss; collapsed' : 'OneService; fwd=miss; stored'
  return outcome === 'stale' ? 'OneService; hit; fwd=stale; detail=revalidating' : 'OneService; hit'
}

/** Whether the caller has the very answer: a 304 says so. */
export function hasAlready(request: FastifyRequest, etag: string): boolean {
  const header = request.headers['if-none-match']
  if (header === undefined) return false
  return header.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag)
}
