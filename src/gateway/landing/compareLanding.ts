import { type Day, formatDay } from '../../base/time.ts'
import type { Catalog, Metric } from '../../catalog/catalog.ts'
import type { Comparison, Restated } from '../../control/port.ts'
import { type DayChange, type Snapshot, withChanges } from '../../route/snapshot.ts'
import type { Gateway } from '../gateway.ts'
import { dayMetrics } from './dayMetrics.ts'
import { type DayValues, readDayValues, valueAt } from './dayValues.ts'
import { readDrift } from './drift.ts'

/**
 * What a publication or a withdrawal does, computed before it is made: the same questions are asked under the snapshot
 * that is in force and under the one that would be, and of what lands also in real time.
 */
export async function compareLanding(
  changes: readonly DayChange[],
  before: Snapshot,
  gateway: Gateway,
): Promise<Comparison> {
  const { catalog } = gateway
  const processes = new Set(changes.flatMap(({ source }) => catalog.sources.get(source)?.process ?? []))
  const metrics = dayMetrics(processes, catalog)
  const after = withChanges(before, changes)
  const days = [...new Set(changes.map(({ day }) => day))].toSorted((a, b) => a - b)
  const [old, next] = await Promise.all([
    readDayValues({ metrics, days }, before, gateway),
    readDayValues({ metrics, days }, after, gateway),
  ])
  const restated = days.flatMap((day) =>
    metrics
      .filter((metric) => isTouched(metric, day, changes, catalog))
      .map(({ name }) => restate(name, day, old, next)),
  )
  const drift = await readDrift(changes, metrics, next, after, gateway)
  return { restated, ...drift, watched: watchedBy(metrics, catalog) }
}

function restate(metric: string, day: Day, old: DayValues, next: DayValues): Restated {
  const of = formatDay(day)
  const [was, is] = [valueAt(old, metric, of), valueAt(next, metric, of)]
  return {
    metric,
    day: of,
    old: was.value,
    new: is.value,
    oldFinality: was.finality,
    newFinality: is.finality,
    fault: was.fault ?? is.fault ?? null,
  }
}

/** Days of one process may land together with others of another. */
function isTouched({ processes }: Metric, day: Day, changes: readonly DayChange[], catalog: Catalog): boolean {
  return changes.some(
    (change) => change.day === day && processes.includes(catalog.sources.get(change.source)?.process ?? ''),
  )
}

function watchedBy(metrics: readonly Metric[], catalog: Catalog): string[] {
  const processes = new Set(metrics.flatMap((metric) => metric.processes))
  return [...catalog.sources.values()].flatMap(({ name, process, kind }) =>
    kind === 'batch' && processes.has(process) ? [name] : [],
  )
}
