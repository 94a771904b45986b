import { type Day, dayOf, startOfDay } from '../base/time.ts'
import type { Source } from '../catalog/catalog.ts'
import type { RouteContext } from './run.ts'

/** The first day that lies wholly in the retention of a stream; -Infinity where rows are kept for ever. */
export function firstRetained(
  { retention }: Source,
  zone: string,
  { now, clock = now }: Pick<RouteContext, 'now' | 'clock'>,
): Day {
  if (retention === undefined) return Number.NEGATIVE_INFINITY
  const oldest = clock - retention
  let day = dayOf(oldest, zone)
  if (startOfDay(day, zone) < oldest) return day + 1
  // A date that a zone never had begins with the next one.
  while (startOfDay(day - 1, zone) >= oldest) day--
  return day
}
