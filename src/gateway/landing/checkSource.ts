import { type Day, formatDay } from '../../base/time.ts'
import type { Metric, Source } from '../../catalog/catalog.ts'
import { recipeFor } from '../../catalog/recipe.ts'
import type { Checked } from '../../control/port.ts'
import { type DayChange, type Snapshot, withChanges } from '../../route/snapshot.ts'
import type { Gateway } from '../gateway.ts'
import { isStreamed, totalOf } from './bothSides.ts'
import { type DayValues, readDayValues } from './dayValues.ts'

/** Holds what one source alone gives of the metrics it has a tolerance for against real time. */
export async function checkSource(
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
