import type { DimensionName, Moment, ProcessModel, SourceModel } from '../model.ts'
import type { Asked, Filter } from '../question.ts'
import { bucketOf, type Day, dayAt, isDayGrain, plus, startOf } from './calendar.ts'
import type { Request } from './requests.ts'
import { type Window, windowOf } from './window.ts'

/** The day-cross by its written rule: what one process reads of each business day of a question. */
export type Finality = 'final' | 'provisional' | 'missing'

export interface DayRead {
  readonly finality: Finality
  /** The day's facts count; not where the day is empty by declaration, or missing. */
  readonly counts: boolean
}

export interface ProcessReads {
  readonly window: Window
  /** Business days of the question, in order. */
  readonly days: readonly Day[]
  /** By request and day. */
  readonly reads: ReadonlyMap<Request, ReadonlyMap<Day, DayRead>>
  /** True when every request could read a day from real time. */
  readonly streamsHold: (day: Day) => boolean
  /** No source could ever answer: the question cuts finer than every table. */
  readonly refused: boolean
}

export const EMPTY: DayRead = { finality: 'final', counts: false }
const OFFLINE: DayRead = { finality: 'final', counts: true }
export const REALTIME: DayRead = { finality: 'provisional', counts: true }
const MISSING: DayRead = { finality: 'missing', counts: false }

export function readsOf(
  question: Asked,
  process: ProcessModel,
  requests: readonly Request[],
  moment: Moment,
): ProcessReads {
  const window = windowOf(question, process, moment)
  const able = new Map(requests.map((request) => [request, sourcesFor(request, question)]))
  const isCut = cutsOf(question, window, process)
  const days = daysOf(window, process, [...able.values()], moment)
  const reads = new Map(requests.map((request) => [request, new Map<Day, DayRead>()]))
  let refused = [...able.values()].some((sources) => sources.length === 0)
  const isStreamed = (sources: readonly SourceModel[], day: Day) =>
    sources.some((source) => !isBatch(source) && isLive(source, day, process, moment))
  for (const day of days) {
    const fine = (source: SourceModel) => source.role !== 'day' || !isCut(day)
    const offline = new Map(
      [...able].map(([request, sources]) => [
        request,
        readOffline(process, sources.filter(isBatch), fine, day, moment),
      ]),
    )
    const level = [...able].every(([request, sources]) => !sources.some(isBatch) || offline.get(request) !== undefined)
    for (const [request, sources] of able) {
      const batch = offline.get(request)
      const stream = isStreamed(sources, day)
      // One map for the process: unless all of its metrics can be read offline, those that can go to real time do.
      const read = level && batch !== undefined ? batch : stream ? REALTIME : (batch ?? MISSING)
      if (read === MISSING && !sources.some(fine)) refused = true
      reads.get(request)?.set(day, read)
    }
  }
  const streamsHold = (day: Day) => [...able.values()].every((sources) => isStreamed(sources, day))
  return { window, days, reads, streamsHold, refused }
}

function isBatch(source: SourceModel): boolean {
  return source.role !== 'stream'
}

function readOffline(
  process: ProcessModel,
  sources: readonly SourceModel[],
  fine: (source: SourceModel) => boolean,
  day: Day,
  moment: Moment,
): DayRead | undefined {
  const first = firstOf(process, sources, moment)
  if (first !== undefined && day < first) return EMPTY
  const out = sources.some((source) => {
    const since = sinceOf(source, moment)
    return fine(source) && since !== undefined && day >= since && moment.published.get(source.name)?.has(day) === true
  })
  return out ? OFFLINE : undefined
}

function isLive(
  source: SourceModel,
  day: Day,
  process: ProcessModel,
  { now, retention, realtimeDown }: Moment,
): boolean {
  if (realtimeDown) return false
  const kept = retention.get(source.name)
  return kept === undefined || startOf(day, process.zone) >= now - kept.milliseconds
}

/** Declared, or the first publication. */
function sinceOf(source: SourceModel, { since, published }: Moment): Day | undefined {
  return since.get(source.name) ?? [...(published.get(source.name)?.keys() ?? [])].toSorted()[0]
}

/** Of all batch sources of the process; undefined for what none of them can answer. */
function firstOf(process: ProcessModel, able: readonly SourceModel[], moment: Moment): Day | undefined {
  if (able.length === 0) return undefined
  return process.sources
    .filter(isBatch)
    .flatMap((source) => sinceOf(source, moment) ?? [])
    .toSorted()[0]
}

/** Sources that hold the metric and every dimension that the request and the question speak of. */
function sourcesFor({ metric, process, filters }: Request, question: Asked): SourceModel[] {
  const named = [...(question.dimensions ?? []), ...[...filters, ...(question.filters ?? [])].flatMap(fieldsIn)]
  const dimensions = new Set(named.map((field) => field.split('.')[0] as DimensionName))
  return process.sources.filter(
    (source) => source.holds.has(metric.name) && [...dimensions].every((each) => source.dimensions.includes(each)),
  )
}

function fieldsIn({ field, and = [], or = [], not }: Filter): string[] {
  return [
    ...(field === undefined ? [] : [field]),
    ...[...and, ...or, ...(not === undefined ? [] : [not])].flatMap(fieldsIn),
  ]
}

/** Whether a table of days can't tell what lies before and after some cut inside the day. */
function cutsOf(question: Asked, { from, to, zone, open }: Window, process: ProcessModel): (day: Day) => boolean {
  const grain = question.time?.grain
  if (grain !== undefined && !isDayGrain(grain)) return () => true
  return (day) => {
    const [start, end] = [startOf(day, process.zone), startOf(plus(day, 1), process.zone)]
    const inside = (cut: number) => start < cut && cut < end
    if ((!open && inside(from)) || inside(to)) return true
    if (grain === undefined) return false
    const edge = startOf(bucketOf(dayAt(end - 1, zone), grain), zone)
    return inside(edge) && edge > from && edge < to
  }
}

/** Business days that the window touches; without a range, from the first that any source may hold. */
function daysOf(
  window: Window,
  process: ProcessModel,
  sources: readonly (readonly SourceModel[])[],
  moment: Moment,
): Day[] {
  if (window.from >= window.to) return []
  const first = dayAt(window.from, process.zone)
  const last = dayAt(window.to - 1, process.zone)
  const opening = window.open ? later(first, firstHeld(window, process, sources, moment)) : first
  const days: Day[] = []
  for (let day = opening; day <= last; day = plus(day, 1)) days.push(day)
  return days
}

function later(a: Day, b: Day): Day {
  return a < b ? b : a
}

function firstHeld(
  { today }: Window,
  process: ProcessModel,
  sources: readonly (readonly SourceModel[])[],
  moment: Moment,
): Day {
  const firsts = sources.flatMap((able): Day[] => {
    const declared = firstOf(process, able.filter(isBatch), moment)
    if (declared !== undefined) return [declared]
    return able.filter((source) => !isBatch(source)).map((source) => firstKept(source, today, process, moment))
  })
  return [...firsts, today].toSorted()[0] ?? today
}

function firstKept(source: SourceModel, today: Day, process: ProcessModel, { now, retention }: Moment): Day {
  const kept = retention.get(source.name)
  if (kept === undefined) return '1970-01-01'
  let day = today
  while (startOf(plus(day, -1), process.zone) >= now - kept.milliseconds) day = plus(day, -1)
  return day
}
