import { Fault } from '../base/faults.ts'
import type { Caller } from '../gateway/caller.ts'

/** Sums over the rows of all tenants are nothing for who sees a part of them. Faults: FORBIDDEN. */
export function requireWholeView({ scope }: Pick<Caller, 'scope'>, what: string): void {
  if (scope.length === 0) return
  throw new Fault('FORBIDDEN', `${what}, and this caller is bound to a tenant: it sees a part of them.`)
}
