import { didYouMean, nearest } from '../base/didYouMean.ts'
import { Fault, faultDetail } from '../base/faults.ts'
import { type Day, dayOf, formatDay, type Instant, parseDay } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import type { WantedDay } from './port.ts'

export interface PublishRequest {
  /** undefined = every source that has a staged version of these days. */
  readonly source?: string | undefined
  /** YYYY-MM-DD, or `yesterday`: the last day that is over in the zone of the source's process. */
  readonly days: readonly string[]
  readonly version?: number | undefined
  /** The days have no rows. */
  readonly empty?: boolean | undefined
  /** Of all requests that go together; the first names it. */
  readonly runId?: string | undefined
}

/** The catalog and the moment that requests are read under. */
export interface Moment {
  readonly catalog: Catalog
  readonly now: Instant
}

type Named = PublishRequest & { readonly source: string }

/** The days that a request for one source names. Faults: UNKNOWN_SOURCE, INVALID_VALUE, DAY_NOT_OVER. */
export function wantedDays(request: Named, at: string, moment: Moment): WantedDay[] {
  const source = sourceNamed(request.source, `${at}/source`, moment.catalog)
  requirePublished(source, `${at}/source`)
  return request.days.map((text, i) => {
    const pointer = `${at}/days/${i}`
    const day = formatDay(endedDay(text, source, pointer, moment))
    return { source, day, version: request.version, empty: request.empty === true, pointer }
  })
}

/** Every published source with the days of a request that names none; whether they are over is seen when one is staged. */
export function everywhere({ days }: PublishRequest, moment: Moment): { source: string; day: string }[] {
  return [...moment.catalog.sources.values()].flatMap((each) => {
    if (each.complete !== 'published') return []
    return days.map((text, i) => ({ source: each.name, day: formatDay(dayNamed(text, each, `/days/${i}`, moment)) }))
  })
}

/** Faults: INVALID_VALUE for a source that is not published by day. */
export function requirePublished(source: Source, pointer: string): void {
  if (source.complete === 'published') return
  const message = `"${source.name}" is complete: ${source.complete ?? 'never (a stream)'}; only "complete: published" is published by day.`
  throw Fault.at([faultDetail('INVALID_VALUE', pointer, message)])
}

/** Faults: UNKNOWN_SOURCE, with what is near. */
export function sourceNamed(name: string, pointer: string, catalog: Catalog): Source {
  const source = catalog.sources.get(name)
  if (source !== undefined) return source
  const published = [...catalog.sources.values()].filter((each) => each.complete === 'published')
  const near = nearest(
    name,
    published.map((each) => each.name),
  )
  const message = `There is no source "${name.slice(0, 60)}".${didYouMean(near)}`
  throw Fault.at([faultDetail('UNKNOWN_SOURCE', pointer, message, near)])
}

/** The day a text names for a source. Faults: INVALID_VALUE. */
function dayNamed(text: string, source: Source, pointer: string, moment: Moment): Day {
  const day = text === 'yesterday' ? todayOf(source, moment).today - 1 : parseDay(text)
  if (day === undefined) throw invalidDay(text, pointer)
  return day
}

function todayOf({ process }: Source, { catalog, now }: Moment) {
  const zone = catalog.processes.get(process)?.zone ?? 'UTC'
  return { zone, today: dayOf(now, zone) }
}

/** As `dayNamed`, and it must be over. Faults: INVALID_VALUE, DAY_NOT_OVER. */
function endedDay(text: string, source: Source, pointer: string, moment: Moment): Day {
  const { zone, today } = todayOf(source, moment)
  const day = dayNamed(text, source, pointer, moment)
  if (day < today) return day
  const message = `${text} is not over in ${zone}: today is ${formatDay(today)} there.`
  throw Fault.at([faultDetail('DAY_NOT_OVER', pointer, message)])
}

export function invalidDay(text: string, pointer: string): Fault {
  return Fault.at([faultDetail('INVALID_VALUE', pointer, `"${text.slice(0, 40)}" is not a day like 2026-11-19.`)])
}
