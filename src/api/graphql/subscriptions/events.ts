import type { Caller } from '../../../gateway/caller.ts'
import type { ApiContext } from '../../context.ts'
import type { ServerEvent } from '../../events.ts'
import type { GraphqlRequest } from '../request.ts'
import { follow, readSubscription } from './subscribeTo.ts'

/** A subscription as server-sent events, in the form that graphql-sse calls distinct connections. */
export async function subscriptionEvents(
  request: GraphqlRequest,
  caller: Caller,
  { gateway, landings }: Pick<ApiContext, 'gateway' | 'landings'>,
): Promise<(signal: AbortSignal) => AsyncGenerator<ServerEvent>> {
  const ending = new AbortController()
  const args = await readSubscription(request, { caller, gateway, landings, signal: ending.signal })
  const results = await follow(args)
  return async function* events(signal) {
    signal.addEventListener('abort', () => ending.abort(), { once: true })
    for await (const result of results) yield { event: 'next', data: JSON.stringify(result) }
    yield { event: 'complete', data: '' }
  }
}
