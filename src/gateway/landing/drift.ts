import { type Day, formatDay, type Instant, startOfDay } from '../../base/time.ts'
import type { Catalog, Metric, Process, Source } from '../../catalog/catalog.ts'
import { recipeFor } from '../../catalog/recipe.ts'
import type { Checked, Comparison, Drifted } from '../../control/port.ts'
import { type DayChange, type Snapshot, withChanges } from '../../route/snapshot.ts'
import type { Gateway } from '../gateway.ts'
import { type DayValues, readDayValues, valueAt } from './dayValues.ts'

/** Groups that are kept of a metric and day: those that differ most. */
const MOST_GROUPS = 20

type Drift = Pick<Comparison, 'drifted' | 'checked'>

/** Compares what lands with real time, in total and by each process's main dimension. */
export async function readDrift(
  changes: readonly DayChange[],
  metrics: readonly Metric[],
  landed: DayValues,
  after: Snapshot,
  gateway: Gateway,
): Promise<Drift> {
  const { catalog } = gateway
  const now = gateway.clock()
  const results: Drift[] = []
  for (const process of catalog.processes.values()) {
    const landing = changes.filter(
      ({ source, day, version }) =>
        version !== undefined && process.sources.some(({ name }) => name === source) && isStreamed(day, process, now),
    )
    const own = metrics.filter(({ processes }) => processes.length === 1 && processes[0] === process.name)
    if (landing.length > 0 && own.length > 0)
      results.push(await compareProcess(process, landing, own, landed, after, gateway))
  }
  return {
    drifted: results.flatMap(({ drifted }) => drifted),
    checked: results.flatMap(({ checked }) => checked),
  }
}

/** True when some stream should still hold the whole day. */
function isStreamed(day: Day, { sources, zone }: Process, now: Instant): boolean {
  return sources.some(
    ({ kind, retention }) => kind === 'stream' && (retention === undefined || startOfDay(day, zone) >= now - retention),
  )
}

async function compareProcess(
  process: Process,
  landing: readonly DayChange[],
  metrics: readonly Metric[],
  landed: DayValues,
  after: Snapshot,
  gateway: Gateway,
): Promise<Drift> {
  const days = [...new Set(landing.map(({ day }) => day))].toSorted((a, b) => a - b)
  const streaming = withoutBatches(process, days, after)
  const live = await readDayValues({ metrics, days }, streaming, gateway)
  const totals = days.flatMap((day) => metrics.flatMap((metric) => totalOf(metric, formatDay(day), live, landed)))
  const by = mainDimension(process, landing, gateway.catalog)
  const groups = by === undefined ? [] : await compareGroups(metrics, days, by, { streaming, after, gateway })
  const checked: Checked[] = []
  for (const [source, changes] of Map.groupBy(landing, (change) => change.source))
    checked.push(...(await checkSource(source, changes, live, streaming, gateway)))
  return { drifted: [...totals, ...groups], checked }
}

/** Holds what one source alone gives of the metrics it has a tolerance for against real time. */
async function checkSource(
  name: string,
  changes: readonly DayChange[],
  live: DayValues,
  streaming: Snapshot,
  gateway: Gateway,
): Promise<Checked[]> {
  const { catalog } = gateway
  const source = catalog.sources.get(name)
  const metrics = [...(source?.audit.tolerance.keys() ?? [])].flatMap((metric) => catalog.metrics.get(metric) ?? [])
  if (source === undefined || metrics.length === 0) return []
  const days = changes.map(({ day }) => day).toSorted((a, b) => a - b)
  const own = await readDayValues({ metrics, days }, withChanges(streaming, changes), gateway)
  return days.flatMap((day) =>
    metrics
      .filter((metric) => isGiven(metric, day, source, gateway))
      .map((metric): Checked => {
        const of = formatDay(day)
        const total = totalOf(metric, of, live, own)[0]
        const values = total === undefined ? undefined : { realtime: total.realtime, offline: total.offline }
        return { source: name, metric: metric.name, day: of, values }
      }),
  )
}

/** True when a stream that gives the metric should still hold the day. */
function isGiven(metric: Metric, day: Day, { process: name }: Source, { catalog, clock }: Gateway): boolean {
  const process = catalog.processes.get(name)
  if (process === undefined || metric.kind !== 'atomic') return false
  const streams = process.sources.filter((each) => each.kind === 'stream' && recipeFor(each, metric) !== undefined)
  return isStreamed(day, { ...process, sources: streams }, clock())
}

/** The snapshot in which nothing of a process is published of the days. */
function withoutBatches({ sources }: Process, days: readonly Day[], snapshot: Snapshot): Snapshot {
  const batches = sources.filter(({ complete }) => complete === 'published')
  return withChanges(
    snapshot,
    batches.flatMap(({ name }) => days.map((day) => ({ source: name, day, version: undefined }))),
  )
}

function totalOf(metric: Metric, day: string, live: DayValues, landed: DayValues): Drifted[] {
  const { name } = metric
  const [realtime, offline] = [valueAt(live, name, day), valueAt(landed, name, day)]
  if (realtime.finality !== 'provisional' || offline.finality !== 'final') return []
  // A stream that holds nothing of the day is as far off as can be.
  const none = isCounted(metric) ? '0' : null
  const [before, after] = [realtime.value ?? none, offline.value ?? none]
  if (before === null || after === null) return []
  return [{ metric: name, day, dimension: null, value: null, realtime: before, offline: after }]
}

interface Sides {
  readonly streaming: Snapshot
  readonly after: Snapshot
  readonly gateway: Gateway
}

async function compareGroups(
  metrics: readonly Metric[],
  days: readonly Day[],
  by: string,
  { streaming, after, gateway }: Sides,
): Promise<Drifted[]> {
  const live = await readDayValues({ metrics, days, by }, streaming, gateway)
  const landed = await readDayValues({ metrics, days, by }, after, gateway)
  const counted = new Set(metrics.filter(isCounted).map(({ name }) => name))
  const differing = [...new Set([...live.keys(), ...landed.keys()])].flatMap((key) => {
    const [metric = '', day = '', value] = JSON.parse(key) as [string, string, string | null | undefined]
    const none = counted.has(metric) ? '0' : null
    const realtime = live.get(key)?.value ?? none
    const offline = landed.get(key)?.value ?? none
    if (value === undefined || realtime === null || offline === null || realtime === offline) return []
    return [{ metric, day, dimension: by, value, realtime, offline }]
  })
  const distance = ({ realtime, offline }: Drifted) => Math.abs(Number(realtime) - Number(offline))
  return [...Map.groupBy(differing, ({ metric, day }) => `${metric} ${day}`).values()].flatMap((group) =>
    group.toSorted((a, b) => distance(b) - distance(a)).slice(0, MOST_GROUPS),
  )
}

/** Of these, a group that is not there counts nothing. */
function isCounted(metric: Metric): boolean {
  return metric.kind === 'atomic' && ['sum', 'count', 'count_distinct', 'sum_boolean'].includes(metric.aggregation)
}

/** What a landing source names; else the first of the process's dimensions that it and a stream hold. */
function mainDimension(process: Process, landing: readonly DayChange[], catalog: Catalog): string | undefined {
  const sources = landing.flatMap(({ source }): Source | Source[] => catalog.sources.get(source) ?? [])
  const named = sources.flatMap(({ audit }) => audit.by ?? [])[0]
  if (named !== undefined) return named
  const holders = [...sources, ...process.sources.filter(({ kind }) => kind === 'stream')]
  return process.dimensions.find((name) => holders.every(({ dimensions }) => dimensions.has(name)))
}
