import { Fault, faultDetail } from '../base/faults.ts'
import { type Finality, worse } from '../base/finality.ts'
import { addBuckets, dayOf, floorDay, floorInstant, HOUR, isDayGrain, MINUTE, startOfDay } from '../base/time.ts'
import type { Window } from '../query/resolved.ts'
import type { PhysicalAggregate } from '../route/physical.ts'
import type { ClassMap } from '../route/sourceMap.ts'
import type { Key } from './value.ts'

/** How final each request is in each bucket: the worst business day that the bucket reads. */
export interface BucketFinality {
  /** `bucket` is the time key of a row; ignored where the question has no grain. */
  of(request: string, bucket: Key): Finality
  /** The worst of all requests in a bucket. */
  row(bucket: Key): Finality
  /** The worst of all days of the question. */
  total(request: string): Finality
  /** Buckets in which some request misses a day, in order of time. */
  missingBuckets(): Key[]
}

export function finalityOf(aggregates: readonly PhysicalAggregate[]): BucketFinality {
  const maps = aggregates.flatMap(({ maps, window }) => maps.map((map) => ({ map, window })))
  const byRequest = new Map<string, number>()
  for (const [i, { map }] of maps.entries()) for (const { request } of map.coverage) byRequest.set(request.id, i)
  const cache = new Map<Key, Finality[]>()
  const inBucket = (bucket: Key): Finality[] => {
    let all = cache.get(bucket)
    if (all === undefined) {
      all = maps.map(({ map, window }) => worstIn(map, window, bucket))
      cache.set(bucket, all)
    }
    return all
  }
  return {
    of: (request, bucket) => inBucket(bucket)[byRequest.get(request) ?? 0] ?? 'final',
    row: (bucket) => inBucket(bucket).reduce(worse, 'final'),
    total: (request) => worstRun(maps[byRequest.get(request) ?? 0]?.map, -Infinity, Infinity),
    missingBuckets: () => {
      const buckets = new Set<Key>()
      for (const { map, window } of maps) {
        for (const bucket of missingIn(map, window)) {
          buckets.add(bucket)
          if (buckets.size > MOST_MISSING) throw tooManyMissing(window)
        }
      }
      return [...buckets].toSorted((a, b) => Number(a) - Number(b))
    },
  }
}

function worstIn(map: ClassMap, window: Window, bucket: Key): Finality {
  if (window.grain === undefined || typeof bucket !== 'number') return worstRun(map, -Infinity, Infinity)
  const { from, to } = bucketInterval(bucket, window)
  const first = dayOf(Math.max(from, window.interval.from), window.businessZone)
  const last = dayOf(Math.min(to, window.interval.to) - 1, window.businessZone)
  return worstRun(map, first, last)
}

function worstRun(map: ClassMap | undefined, first: number, last: number): Finality {
  let worst: Finality = 'final'
  for (const run of map?.runs ?? []) {
    if (run.lastDay >= first && run.firstDay <= last) worst = worse(worst, run.finality)
  }
  return worst
}

function bucketInterval(bucket: number, { grain, zone }: Window): { from: number; to: number } {
  if (grain === undefined || !isDayGrain(grain))
    return { from: bucket, to: bucket + (grain === 'hour' ? HOUR : MINUTE) }
  return { from: startOfDay(bucket, zone), to: startOfDay(addBuckets(bucket, grain, 1), zone) }
}

/** Rows that may be there only to say that they are missing. */
const MOST_MISSING = 100_000

function tooManyMissing({ grain }: Window): Fault {
  const message = `More than ${MOST_MISSING} buckets are missing by the ${grain}; ask for a shorter range or a coarser grain.`
  return Fault.at([faultDetail('OVER_BUDGET', '/time', message)])
}

/** Buckets that a missing run touches, within the window. */
function* missingIn(map: ClassMap, window: Window): Generator<number> {
  if (window.grain === undefined) return
  for (const run of map.runs) {
    if (run.finality !== 'missing') continue
    const from = Math.max(startOfDay(run.firstDay, window.businessZone), window.interval.from)
    const to = Math.min(startOfDay(run.lastDay + 1, window.businessZone), window.interval.to)
    if (isDayGrain(window.grain)) {
      let bucket = floorDay(dayOf(from, window.zone), window.grain)
      while (startOfDay(bucket, window.zone) < to) {
        yield bucket
        bucket = addBuckets(bucket, window.grain, 1)
      }
    } else {
      const width = window.grain === 'hour' ? HOUR : MINUTE
      for (let bucket = floorInstant(from, window.grain, window.zone); bucket < to; bucket += width) yield bucket
    }
  }
}
