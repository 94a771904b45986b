import type { Drift } from '../control/drifts.ts'
import type { Caller } from '../gateway/caller.ts'
import type { ApiContext } from './context.ts'

/** How far real time usually is off; of all rows, and so nothing for a tenant. */
export async function driftFor(
  { scope }: Caller,
  metric: string,
  { landings }: Pick<ApiContext, 'landings'>,
): Promise<Drift | undefined> {
  return scope.length > 0 ? undefined : landings.drift(metric)
}
