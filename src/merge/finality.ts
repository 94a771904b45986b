import { type Finality, worse } from '../base/finality.ts'
import { dayOf, type Interval, startOfDay } from '../base/time.ts'
import type { Aggregate } from '../plan/logical.ts'
import type { PhysicalAggregate } from '../route/physical.ts'
import type { ClassMap } from '../route/run.ts'

/** How final what was read is: the worst business day of it. */
export class FinalityMap {
  readonly #maps = new Map<Aggregate, Map<string, Mapped>>()

  constructor(aggregates: readonly PhysicalAggregate[]) {
    for (const { node, maps, time } of aggregates) {
      const ofRequests = new Map<string, Mapped>()
      for (const map of maps) {
        const mapped = { map, zone: time.businessZone, whole: time.other !== undefined, isFinal: isFinal(map) }
        for (const { request } of map.coverage) ofRequests.set(request.id, mapped)
      }
      this.#maps.set(node, ofRequests)
    }
  }

  /** The worst of the days that intervals touch. A further time may stand on any day. */
  of(scan: Aggregate, request: string, intervals: readonly Interval[]): Finality {
    const mapped = this.#mapped(scan, request)
    if (mapped.whole) return worstRun(mapped.map, -Infinity, Infinity)
    let worst: Finality = 'final'
    for (const { from, to } of intervals) {
      const first = Number.isFinite(from) ? dayOf(from, mapped.zone) : from
      const last = Number.isFinite(to) ? dayOf(to - 1, mapped.zone) : to
      worst = worse(worst, worstRun(mapped.map, first, last))
    }
    return worst
  }

  /** Whether all that a request reads is final. */
  isFinal(scan: Aggregate, request: string): boolean {
    return this.#mapped(scan, request).isFinal
  }

  /** The instant at which the first day that misses begins; undefined when none does. */
  firstMissing(scan: Aggregate, request: string): number | undefined {
    return this.#first(scan, request, (finality) => finality === 'missing')
  }

  /** The instant at which the first day begins that is not final. */
  firstOpen(scan: Aggregate, request: string): number | undefined {
    return this.#first(scan, request, (finality) => finality !== 'final')
  }

  /** The instant at which the first day begins of which anything is known: before it there is nothing. */
  start(scan: Aggregate, request: string): number {
    return this.#first(scan, request, () => true) ?? -Infinity
  }

  #first(scan: Aggregate, request: string, is: (finality: Finality) => boolean): number | undefined {
    const { map, zone } = this.#mapped(scan, request)
    const run = map.runs.find(({ finality }) => is(finality))
    return run === undefined ? undefined : startOfDay(run.firstDay, zone)
  }

  #mapped(scan: Aggregate, request: string): Mapped {
    const mapped = this.#maps.get(scan)?.get(request)
    if (mapped === undefined) throw new TypeError(`no days were mapped for ${request}`)
    return mapped
  }
}

interface Mapped {
  readonly map: ClassMap
  readonly zone: string
  readonly whole: boolean
  readonly isFinal: boolean
}

function isFinal({ runs }: ClassMap): boolean {
  return runs.every(({ finality }) => finality === 'final')
}

function worstRun(map: ClassMap, first: number, last: number): Finality {
  let worst: Finality = 'final'
  for (const run of map.runs) {
    if (run.lastDay >= first && run.firstDay <= last) worst = worse(worst, run.finality)
  }
  return worst
}
