import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Fault } from '../base/faults.ts'
import { ADMIN_CALLER, type Caller, OPEN_CALLER } from '../gateway/gateway.ts'
import type { ApiContext } from './context.ts'

/** Who sends a request. A wrong credential is refused even where none is needed. Faults: UNAUTHENTICATED. */
export function callerOf(request: FastifyRequest, context: ApiContext): Caller {
  const header = request.headers.authorization
  if (header === undefined) {
    if (context.openReading) return OPEN_CALLER
    throw new Fault('UNAUTHENTICATED', 'Send a key: "Authorization: Bearer <key>".')
  }
  const match = /^Bearer +(\S+)$/i.exec(header)
  const key = match?.[1]
  if (key === undefined || !context.adminKeys.some((known) => same(known, key))) {
    throw new Fault('UNAUTHENTICATED', 'The credential is not known here; send "Authorization: Bearer <key>".')
  }
  return ADMIN_CALLER
}

/** The caller, who must be an admin. Faults: UNAUTHENTICATED without a credential, FORBIDDEN with a lesser one. */
export function adminOf(request: FastifyRequest, context: ApiContext): Caller {
  if (request.headers.authorization === undefined) {
    throw new Fault('UNAUTHENTICATED', 'This needs the admin key: "Authorization: Bearer <ONESERVICE_ADMIN_KEY>".')
  }
  const caller = callerOf(request, context)
  if (caller.role !== 'admin') throw new Fault('FORBIDDEN', 'This needs the admin role.')
  return caller
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
