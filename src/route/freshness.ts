import type { Finality } from '../base/finality.ts'
import { type Day, formatDay, formatInstant, type Instant } from '../base/time.ts'
import type { PhysicalAggregate } from './physical.ts'
import type { Reason, Run } from './run.ts'

/** Where the days of an answer came from, as callers see it. Days are YYYY-MM-DD, both ends inclusive. */
export interface Freshness {
  /** The moment of the answer, in the zone of its business days. */
  readonly asOf: string
  /** The last day up to which every day of the question is final; null when its first day is not. */
  readonly finalThrough: string | null
  readonly sources: readonly FreshnessSource[]
}

export interface FreshnessSource {
  /** null for days that no source gave. */
  readonly source: string | null
  readonly from: string
  readonly to: string
  readonly finality: Finality
  readonly reason?: Reason
}

/** What a caller should know about the days of an answer. */
export interface Notice {
  readonly code: string
  readonly from: string
  readonly to: string
  readonly message: string
}

export function freshnessOf(aggregates: readonly PhysicalAggregate[], now: Instant): Freshness {
  const zone = aggregates[0]?.time.businessZone ?? 'UTC'
  const runs = aggregates.flatMap(({ maps }) => maps.map((map) => map.runs))
  const sources = runs.flatMap(describeRuns)
  // Each process on its own: days of two zones bear the same dates and are not the same.
  const byProcess = [...Map.groupBy(aggregates, ({ node }) => node.process).values()]
  const throughs = byProcess.map((each) => finalThrough(each.flatMap(({ maps }) => maps.flatMap((map) => map.runs))))
  const known = throughs.filter((day) => day !== undefined)
  const through = known.length === throughs.length && known.length > 0 ? Math.min(...known) : undefined
  return {
    asOf: formatInstant(now, zone),
    finalThrough: through === undefined ? null : formatDay(through),
    sources: distinctBy(sources, (each) => `${each.source} ${each.from} ${each.to}`),
  }
}

/** The day before the first that is not final; undefined when nothing lies before it. */
function finalThrough(runs: readonly Run[]): Day | undefined {
  if (runs.length === 0) return undefined
  const open = runs.flatMap(({ finality, firstDay }) => (finality === 'final' ? [] : [firstDay]))
  if (open.length === 0) return Math.max(...runs.map(({ lastDay }) => lastDay))
  const through = Math.min(...open) - 1
  return through < Math.min(...runs.map(({ firstDay }) => firstDay)) ? undefined : through
}

/** Neighbouring days of one source and finality are one entry; its reason is that of its first day. */
function describeRuns(runs: readonly Run[]): FreshnessSource[] {
  const entries: FreshnessSource[] = []
  for (const { read, finality, reason, firstDay, lastDay } of runs) {
    if (read.kind === 'empty') continue
    const source = read.kind === 'missing' ? null : read.candidate.source.name
    const last = entries.at(-1)
    if (last !== undefined && last.source === source && last.finality === finality && isNext(last.to, firstDay)) {
      entries[entries.length - 1] = { ...last, to: formatDay(lastDay) }
    } else {
      const entry = { source, from: formatDay(firstDay), to: formatDay(lastDay), finality }
      entries.push(reason === undefined ? entry : { ...entry, reason })
    }
  }
  return entries
}

function isNext(to: string, day: Day): boolean {
  return formatDay(day - 1) === to
}

const MESSAGES: Readonly<Record<Reason, (days: string, run: Run, zone: string) => string>> = {
  today: (days) => `${days} is not over; its figures are real-time data and still growing.`,
  offline_not_published: (days) => `${days} is real-time data; the offline result is not out yet.`,
  offline_hole: (days) => `${days} is real-time data; its offline result is missing although later days are out.`,
  offline_too_coarse: (days) => `${days} is real-time data; the offline table is too coarse for this question.`,
  other_metrics_unpublished: (days) =>
    `${days} is real-time data, so that all metrics of the process agree; for another of them it is not published yet.`,
  no_offline_source: (days) => `${days} is real-time data; there is no offline source for it.`,
  aligned: (days) =>
    `${days} is real-time data although its offline result is out, so that all processes of a metric agree.`,
  realtime_stale: (days, { read }, zone) =>
    `${days} is real-time data that is not up to date: its stream ${silenceText(read, zone)}.`,
  watermark: (days) => `${days} counts as final by the table's watermark, a weaker promise than a publication.`,
  realtime_retention: (days) => `${days} is missing: not published, and older than real-time data is kept.`,
  realtime_down: (days) => `${days} is missing: not published, and the real-time store can not be reached.`,
  no_realtime_source: (days) => `${days} is missing: not published, and there is no real-time source for it.`,
}

function silenceText(read: Run['read'], zone: string): string {
  const newest = read.kind === 'realtime' ? read.silence?.newest : undefined
  return newest === undefined ? 'holds no event' : `has brought nothing since ${formatInstant(newest, zone)}`
}

/** One notice for each reason and run of days. */
export function noticesOf(aggregates: readonly PhysicalAggregate[]): Notice[] {
  const notices: Notice[] = []
  for (const { maps, time } of aggregates) {
    for (const { runs } of maps) {
      for (const run of runs) {
        const { reason, firstDay, lastDay } = run
        if (reason === undefined) continue
        const from = formatDay(firstDay)
        const to = formatDay(lastDay)
        const days = from === to ? from : `${from} to ${to}`
        notices.push({ code: reason.toUpperCase(), from, to, message: MESSAGES[reason](days, run, time.businessZone) })
      }
    }
  }
  return distinctBy(notices, (each) => `${each.code} ${each.from} ${each.to} ${each.message}`).toSorted((a, b) =>
    a.from === b.from ? 0 : a.from < b.from ? -1 : 1,
  )
}

/** Days that are not final, as runs of labels. */
export function notFinalDays(aggregates: readonly PhysicalAggregate[]): string[] {
  const days = aggregates.flatMap(({ maps }) =>
    maps.flatMap(({ runs }) =>
      runs.flatMap(({ finality, firstDay, lastDay }) => {
        if (finality === 'final') return []
        return [firstDay === lastDay ? formatDay(firstDay) : `${formatDay(firstDay)} to ${formatDay(lastDay)}`]
      }),
    ),
  )
  return [...new Set(days)].toSorted()
}

function distinctBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()]
}
