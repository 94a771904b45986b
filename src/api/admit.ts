import type { FastifyReply, FastifyRequest } from 'fastify'
import { Fault } from '../base/faults.ts'
import { type Soon, whenThere } from '../base/soon.ts'
import type { Caller, Role } from '../gateway/caller.ts'
import type { Rate, Verdict } from '../gateway/limits/bucket.ts'
import type { ApiContext } from './context.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once the caller is known; for logs and metrics. */
    caller: Caller | undefined
  }
}

/** Every operation begins here: who asks, whether it may, and whether it may now. Faults: those of `Identity`, FORBIDDEN, RATE_LIMITED. */
export function admit(request: FastifyRequest, reply: FastifyReply, context: ApiContext): Soon<Caller> {
  return whenThere(context.identity.callerOf(request.headers), (caller) => {
    request.caller = caller
    return whenThere(charge(caller, 1, reply, context), () => caller)
  })
}

/** As `admit`, for what only some roles may do. Without a credential it is told to show one. */
export async function admitOnly(
  roles: readonly Role[],
  request: FastifyRequest,
  reply: FastifyReply,
  context: ApiContext,
): Promise<Caller> {
  const caller = await admit(request, reply, context)
  if (roles.includes(caller.role)) return caller
  const needed = `This needs a credential of the role ${roles.filter((role) => role !== 'open').join(' or ')}`
  if (caller.role === 'open') throw new Fault('UNAUTHENTICATED', `${needed}: "Authorization: Bearer <key>".`)
  throw new Fault('FORBIDDEN', `${needed}; this one has the role ${caller.role}.`)
}

/** Takes tokens from the caller's bucket and says in the headers what is left; at once where no other replica counts. `taken`
 * is what the same request has paid before. Faults: RATE_LIMITED, OVER_BUDGET. */
export function charge(caller: Caller, cost: number, reply: FastifyReply, context: ApiContext, taken = 0): Soon<void> {
  const { rate } = caller
  if (rate === undefined) {
    reply.header('ratelimit-policy', UNLIMITED_POLICY).header('ratelimit', UNLIMITED)
    return
  }
  if (cost + taken > rate.burst) {
    throw new Fault(
      'OVER_BUDGET',
      `The request costs ${cost + taken} and its caller may spend ${rate.burst} at once; ask for less together.`,
    )
  }
  return whenThere(context.limiter.take(caller.id, rate, cost), (verdict) => {
    tell(verdict, rate, reply)
    if (verdict.allowed) return
    context.metrics.limited(caller)
    // Whoever comes again pays anew what was taken already.
    throw tooMuch(verdict.retryAfter + (taken * 1000) / rate.perSecond, rate, reply)
  })
}

function tooMuch(wait: number, { perSecond, burst }: Rate, reply: FastifyReply): Fault {
  const seconds = Math.max(1, Math.ceil(wait / 1000))
  reply.header('retry-after', seconds)
  return new Fault(
    'RATE_LIMITED',
    `The caller may ask ${perSecond} times a second, ${burst} at once; ask again in ${seconds} s.`,
  )
}

/** As many as anyone could ask. */
const UNLIMITED_POLICY = '"admin";q=1000000;w=1'
const UNLIMITED = '"admin";r=1000000;t=0'

/** RateLimit header fields (draft-ietf-httpapi-ratelimit-headers): q tokens in w seconds, r left, full again in t. */
function tell({ remaining, reset }: Verdict, rate: Rate, reply: FastifyReply): void {
  reply.header('ratelimit-policy', policyOf(rate))
  reply.header('ratelimit', `"caller";r=${remaining};t=${Math.ceil(reset / 1000)}`)
}

const policies = new WeakMap<Rate, string>()

function policyOf(rate: Rate): string {
  const policy =
    policies.get(rate) ?? `"caller";q=${rate.burst};w=${Math.max(1, Math.ceil(rate.burst / rate.perSecond))}`
  policies.set(rate, policy)
  return policy
}
