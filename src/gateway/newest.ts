import { LRUCache } from 'lru-cache'
import { Fault } from '../base/faults.ts'
import { type Instant, startOfDay } from '../base/time.ts'
import type { Source } from '../catalog/catalog.ts'
import type { ResolvedQuestion } from '../query/resolved.ts'
import type { PhysicalPlan } from '../route/physical.ts'
import type { ResultSet, Store } from '../stores/port.ts'
import { buildNewest } from '../stores/sql/newest.ts'

/** A stream that today is read from, and whose newest event says how far today has come. */
export interface Clocked {
  readonly process: string
  readonly source: Source
  readonly today: Instant
}

/**
 * The streams that an unfinished period is compared by: the elapsed part ends where their data ends. A process whose
 * today is not read from a stream has none, and its elapsed part ends now.
 */
export function clockedSources({ series, windows }: ResolvedQuestion, { aggregates }: PhysicalPlan): Clocked[] {
  if (!series.some(({ offsets }) => offsets.some(({ elapsed }) => elapsed === 'same'))) return []
  const found = aggregates.flatMap(({ node, maps, time }): Clocked[] => {
    const window = windows.get(node.process)
    if (window === undefined || !(window.asked.from <= window.now && window.now < window.asked.to)) return []
    const runs = maps.flatMap((map) => map.runs.filter(({ lastDay }) => lastDay === time.today))
    const today = startOfDay(time.today, time.businessZone)
    return runs.flatMap(({ read }) =>
      read.kind === 'realtime' ? [{ process: node.process, source: read.candidate.source, today }] : [],
    )
  })
  return [...new Map(found.map((each) => [each.process, each])).values()]
}

function downAsNothing(error: unknown): Pick<ResultSet, 'rows'> {
  if (error instanceof Fault && error.code === 'STORE_DOWN') return { rows: [] }
  throw error
}

const KEPT_MS = 1000
/** Where streams are asked, and how long they may take. */
interface Asking {
  readonly stores: ReadonlyMap<string, Store>
  readonly deadline: number
}

const known = new WeakMap<Asking['stores'], LRUCache<string, { readonly newest: Instant }>>()

/** The newest event of each stream by its process, not older than a second; the start of today where there is none. */
export async function findNewest(
  clocked: readonly Clocked[],
  { stores, deadline }: Asking,
): Promise<ReadonlyMap<string, Instant>> {
  const cache = known.get(stores) ?? new LRUCache({ max: 1000, ttl: KEPT_MS })
  known.set(stores, cache)
  const found = await Promise.all(
    clocked.map(async ({ process, source, today }) => {
      const key = `${source.name} ${today}`
      const kept = cache.get(key)
      if (kept !== undefined) return [process, kept.newest] as const
      const store = stores.get(source.store)
      if (store === undefined) return [process, today] as const
      const statement = buildNewest(source, today, store.dialect)
      // A store that is down has no real-time data to compare with; the question itself finds that out.
      const { rows } = await store.query(statement, { timeout: deadline }).catch(downAsNothing)
      const [events, micros] = rows[0] ?? []
      // The newest event belongs to what has elapsed.
      const newest = Number(events ?? 0) === 0 ? today : Math.floor(Number(micros) / 1000) + 1
      cache.set(key, { newest })
      return [process, newest] as const
    }),
  )
  return new Map(found)
}
