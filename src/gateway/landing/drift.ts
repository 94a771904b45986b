import { type Day, formatDay } from '../../base/time.ts'
import type { Catalog, Metric, Process, Source } from '../../catalog/catalog.ts'
import type { Checked, Comparison, Drifted } from '../../control/port.ts'
import { type DayChange, type Snapshot, withChanges } from '../../route/snapshot.ts'
import type { Gateway } from '../gateway.ts'
import { isCounted, isStreamed, totalOf } from './bothSides.ts'
import { checkSource } from './checkSource.ts'
import { type DayValues, readDayValues } from './dayValues.ts'

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
  const results = await Promise.all(
    [...catalog.processes.values()].map((process): Promise<Drift> | Drift => {
      const landing = changes.filter(
        ({ source, day, version }) =>
          version !== undefined && process.sources.some(({ name }) => name === source) && isStreamed(day, process, now),
      )
      const own = metrics.filter(({ processes }) => processes.length === 1 && processes[0] === process.name)
      return landing.length === 0 || own.length === 0
        ? { drifted: [], checked: [] }
        : compareProcess(process, landing, own, landed, after, gateway)
    }),
  )
  return {
    drifted: results.flatMap(({ drifted }) => drifted),
    checked: results.flatMap(({ checked }) => checked),
  }
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
  const by = mainDimension(process, landing, gateway.catalog)
  const [live, groups] = await Promise.all([
    readDayValues({ metrics, days }, streaming, gateway),
    by === undefined ? [] : compareGroups(metrics, days, by, { streaming, after, gateway }),
  ])
  const totals = days.flatMap((day) => metrics.flatMap((metric) => totalOf(metric, formatDay(day), live, landed)))
  const checked: Checked[] = []
  for (const [source, changes] of Map.groupBy(landing, (change) => change.source))
    checked.push(...(await checkSource(source, changes, live, streaming, gateway)))
  return { drifted: [...totals, ...groups], checked }
}

/** The snapshot in which nothing of a process is published of the days. */
function withoutBatches({ sources }: Process, days: readonly Day[], snapshot: Snapshot): Snapshot {
  const batches = sources.filter(({ complete }) => complete === 'published')
  return withChanges(
    snapshot,
    batches.flatMap(({ name }) => days.map((day) => ({ source: name, day, version: undefined }))),
  )
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
  const [live, landed] = await Promise.all([
    readDayValues({ metrics, days, by }, streaming, gateway),
    readDayValues({ metrics, days, by }, after, gateway),
  ])
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

/** What a landing source names; else the first of the process's dimensions that it and a stream hold. */
function mainDimension(process: Process, landing: readonly DayChange[], catalog: Catalog): string | undefined {
  const sources = landing.flatMap(({ source }): Source | Source[] => catalog.sources.get(source) ?? [])
  const named = sources.flatMap(({ audit }) => audit.by ?? [])[0]
  if (named !== undefined) return named
  const holders = [...sources, ...process.sources.filter(({ kind }) => kind === 'stream')]
  return process.dimensions.find((name) => holders.every(({ dimensions }) => dimensions.has(name)))
}
