import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /** The trace that was handed on; undefined while nobody was asked. */
    trace: string | undefined
  }
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const NOTHING = /^0+$/

/** The trace of a request as stores are told it; made when it is first needed. */
export function traceFor(request: FastifyRequest): string {
  request.trace ??= traceOf(request.headers.traceparent)
  return request.trace
}

/**
 * The trace that a `traceparent` names (W3C Trace Context, level 1), or a new one where it gives none that is valid,
 * with a span of our own in it.
 */
export function traceOf(header: string | string[] | undefined): string {
  const [, trace = '', parent = '', flags = '00'] = TRACEPARENT.exec(typeof header === 'string' ? header : '') ?? []
  const span = randomBytes(8).toString('hex')
  const valid = trace !== '' && !NOTHING.test(trace) && !NOTHING.test(parent)
  return valid ? `00-${trace}-${span}-${flags}` : `00-${randomBytes(16).toString('hex')}-${span}-00`
}
