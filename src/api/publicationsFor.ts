import type { PublicationFilter, PublicationRecord } from '../control/publicationTable.ts'
import type { Caller } from '../gateway/caller.ts'
import { catalogFor } from '../gateway/gateway.ts'
import type { ApiContext } from './context.ts'

/** Publications of the sources a caller sees. How many rows a day has, and their hash, are of all tenants, and so not for one. */
export async function publicationsFor(
  caller: Caller,
  filter: PublicationFilter,
  { publications, gateway }: Pick<ApiContext, 'publications' | 'gateway'>,
): Promise<PublicationRecord[]> {
  if (caller.scope.length === 0) return publications.list(filter)
  const { sources } = catalogFor(caller, gateway)
  const seen = await publications.list({ ...filter, sources: [...sources.keys()] })
  return seen.map((each) => ({ ...each, rowCount: null, checksum: null, runId: null }))
}
