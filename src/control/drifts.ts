import type { Cell, Store } from '../stores/port.ts'
import { textOf } from './cells.ts'
import { SCHEMA } from './migrate.ts'
import { difference } from './tolerance.ts'

/** How far real time was off on one landed day. Values are exact texts. */
export interface DriftDay {
  readonly day: string
  readonly realtime: string
  readonly offline: string
  /** Real time less the published value, as a share of the published value; null where that was 0. */
  readonly difference: number | null
  readonly landedAt: string
}

/** How far real time usually is off, by the newest landing of each day. */
export interface Drift {
  /** One sentence that says it. */
  readonly summary: string
  /** Median of the differences; null where no day has one. */
  readonly median: number | null
  readonly worst: number | null
  readonly days: number
  /** Newest day first. */
  readonly history: readonly DriftDay[]
  /** The groups of the main dimension that differed most. */
  readonly groups: readonly DriftGroup[]
}

export interface DriftGroup {
  readonly dimension: string
  readonly value: string | null
  readonly median: number | null
  readonly days: number
}

/** Days that are looked back on. */
const DAYS = 60
const MOST_GROUPS = 10

/** What was found of a metric on the days that landed; undefined before the first. */
export async function readDrift(metric: string, control: Store): Promise<Drift | undefined> {
  const { rows } = await control.query({ dialect: 'postgres', text: NEWEST, params: [metric, DAYS] })
  const entries = rows.map(entryOf)
  const history = entries.filter(({ dimension }) => dimension === null).map(({ day }) => day)
  if (history.length === 0) return undefined
  const differences = history.flatMap((day) => day.difference ?? [])
  const median = medianOf(differences)
  const worst = differences.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0] ?? null
  return {
    summary: summaryOf(median, history.length),
    median,
    worst,
    days: history.length,
    history,
    groups: groupsOf(entries),
  }
}

/** Of each day what its newest landing found. */
const NEWEST = `
  with newest as (
    select biz_date, max(epoch) as epoch from ${SCHEMA}.drift
    where metric = $1 and dimension is null group by biz_date order by biz_date desc limit $2::bigint)
  select d.biz_date, d.dimension, d.value, d.realtime, d.offline, to_char(d.landed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  from ${SCHEMA}.drift d join newest using (biz_date, epoch) where d.metric = $1
  order by d.biz_date desc, d.ordinal`

interface Entry {
  readonly dimension: string | null
  readonly value: string | null
  readonly day: DriftDay
}

function entryOf([day, dimension, value, realtime, offline, at]: readonly Cell[]): Entry {
  const share = difference(String(realtime), String(offline))
  return {
    dimension: textOf(dimension),
    value: textOf(value),
    day: {
      ...{ day: String(day), realtime: String(realtime), offline: String(offline) },
      difference: Number.isFinite(share) ? share : null,
      landedAt: String(at),
    },
  }
}

function groupsOf(entries: readonly Entry[]): DriftGroup[] {
  const groups = Map.groupBy(
    entries.filter(({ dimension }) => dimension !== null),
    ({ dimension, value }) => JSON.stringify([dimension, value]),
  )
  return [...groups.values()]
    .map((of) => ({
      dimension: of[0]?.dimension ?? '',
      value: of[0]?.value ?? null,
      median: medianOf(of.flatMap(({ day }) => day.difference ?? [])),
      days: of.length,
    }))
    .toSorted((a, b) => b.days - a.days || Math.abs(b.median ?? 0) - Math.abs(a.median ?? 0))
    .slice(0, MOST_GROUPS)
}

function medianOf(values: readonly number[]): number | null {
  const ordered = values.toSorted((a, b) => a - b)
  const middle = ordered.length >> 1
  const [lower, upper] = [ordered[ordered.length % 2 === 0 ? middle - 1 : middle], ordered[middle]]
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2
}

function summaryOf(median: number | null, days: number): string {
  const over = days === 1 ? 'on the one day that landed' : `over ${days} landed days`
  if (median === null) return `Real time can not be held against what was published ${over}.`
  if (Math.abs(median) < 0.000_05) return `Real time usually agrees with what is published later, ${over}.`
  const percent = (Math.abs(median) * 100).toPrecision(2)
  return `Real time usually ${median < 0 ? 'understates' : 'overstates'} by ${Number(percent)} %, ${over}.`
}
