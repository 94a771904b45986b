import type { Clock } from '../base/clock.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { visibleTo } from '../catalog/visible.ts'
import { type Calendars, writtenCalendars } from '../query/calendar.ts'
import type { RouteContext } from '../route/run.ts'
import type { Snapshot } from '../route/snapshot.ts'
import type { Store } from '../stores/port.ts'
import { AnswerCache } from './cache/answerCache.ts'
import { stopwatch } from './cache/flights.ts'
import type { Caller } from './caller.ts'
import type { StoreHealth } from './health.ts'
import { NO_OBSERVER, type Observer } from './observer.ts'
import { Pages } from './pages.ts'
import { PreparedBook } from './preparedBook.ts'
import { DEFAULT_STATE_BYTES } from './stateBudget.ts'

/** What answering needs. One of it a process; everything in it may be used by many questions at once. */
export interface Gateway {
  /** The catalog in force; it may be another one at the next question. */
  readonly catalog: Catalog
  readonly stores: ReadonlyMap<string, Store>
  readonly clock: Clock
  /** The real time, where questions are answered as of an earlier moment. */
  readonly wallClock?: Clock | undefined
  /** The newest snapshot of what is published; a question takes it once. */
  readonly snapshot: () => Snapshot
  /** The days of the catalog's calendars. */
  readonly calendars: CalendarSource
  /** Results that wait for their next page. */
  readonly pages: Pages
  readonly health: StoreHealth
  /** Streams that have fallen silent; the same value until that changes. */
  readonly silent: () => RouteContext['silent']
  /** Milliseconds a question may take. */
  readonly deadline: number
  /** Bytes that the states of one question may take. */
  readonly stateBytes: number
  readonly cache: AnswerCache
  readonly prepared: PreparedBook
  readonly observer: Observer
}

const NONE_SILENT: RouteContext['silent'] = new Map()

/** A gateway of its parts. Without a cache it still executes once what is asked at once. */
export function createGateway(parts: GatewayParts): Gateway {
  const { catalog, cache, observer, calendars, silent, stateBytes, ...rest } = parts
  return {
    ...rest,
    get catalog() {
      return catalog()
    },
    calendars: calendars ?? { of: writtenCalendars, missing: () => undefined },
    silent: silent ?? (() => NONE_SILENT),
    stateBytes: stateBytes ?? DEFAULT_STATE_BYTES,
    pages: new Pages(),
    cache: cache ?? new AnswerCache({ bytes: 0, clock: stopwatch }),
    prepared: new PreparedBook(),
    observer: observer ?? NO_OBSERVER,
  }
}

/** Where the days of calendars come from. */
export interface CalendarSource {
  of(catalog: Pick<Catalog, 'calendars'>): Calendars
  /** Resolves when calendars that were not there yet have been looked for; undefined when all are there. */
  missing(catalog: Pick<Catalog, 'calendars'>): Promise<void> | undefined
}

export interface GatewayParts extends Pick<Gateway, 'stores' | 'clock' | 'snapshot' | 'health' | 'deadline'> {
  readonly catalog: () => Catalog
  readonly calendars?: Gateway['calendars'] | undefined
  readonly stateBytes?: number | undefined
  readonly cache?: AnswerCache | undefined
  readonly observer?: Observer | undefined
  readonly silent?: Gateway['silent'] | undefined
}

/** The catalog as the caller sees it; what it may not see is not in it. */
export function catalogFor(caller: Pick<Caller, 'scope'>, gateway: Pick<Gateway, 'catalog'>): Catalog {
  if (caller.scope.length === 0) return gateway.catalog
  return visibleTo(
    gateway.catalog,
    caller.scope.map(({ dimension }) => dimension),
  )
}
