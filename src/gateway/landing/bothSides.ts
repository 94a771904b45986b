import { type Day, type Instant, startOfDay } from '../../base/time.ts'
import type { Metric, Process } from '../../catalog/catalog.ts'
import type { Drifted } from '../../control/port.ts'
import { type DayValues, valueAt } from './dayValues.ts'

/** The total of a day in real time and as published; none where one of the two is not there. */
export function totalOf(metric: Metric, day: string, live: DayValues, landed: DayValues): Drifted[] {
  const { name } = metric
  const [realtime, offline] = [valueAt(live, name, day), valueAt(landed, name, day)]
  if (realtime.finality !== 'provisional' || offline.finality !== 'final') return []
  // A stream that holds nothing of the day is as far off as can be.
  const none = isCounted(metric) ? '0' : null
  const [before, after] = [realtime.value ?? none, offline.value ?? none]
  if (before === null || after === null) return []
  return [{ metric: name, day, dimension: null, value: null, realtime: before, offline: after }]
}

/** Of these, a group that is not there counts nothing. */
export function isCounted(metric: Metric): boolean {
  return metric.kind === 'atomic' && ['sum', 'count', 'count_distinct', 'sum_boolean'].includes(metric.aggregation)
}

/** True when some stream should still hold the whole day. */
export function isStreamed(day: Day, { sources, zone }: Process, now: Instant): boolean {
  return sources.some(
    ({ kind, retention }) => kind === 'stream' && (retention === undefined || startOfDay(day, zone) >= now - retention),
  )
}
