import { dayOf, type Grain, type Instant, startOfDay } from '../base/time.ts'
import type { Process } from '../catalog/catalog.ts'
import type { Question } from './question.ts'
import { resolveRange } from './range.ts'
import type { Window } from './resolved.ts'

/** Where a question without a range begins when nothing says where data begins. */
const DAWN = 0 // 1970-01-01

/** The time one process is read for: the range in the question's zone or its own, clipped to the end of its today. */
export function windowFor(process: Process, time: Question['time'], now: Instant, zone: string | undefined): Window {
  const bucketZone = zone ?? process.zone
  const today = dayOf(now, process.zone)
  const end = startOfDay(today + 1, process.zone)
  const open = time.range === undefined
  const asked =
    time.range === undefined
      ? { from: startOfDay(DAWN, bucketZone), to: end }
      : resolveRange(time.range, now, bucketZone)
  const interval = { from: asked.from, to: Math.min(asked.to, end) }
  const empty = interval.from >= interval.to
  const firstDay = dayOf(interval.from, process.zone)
  const grain: Grain | undefined = time.grain
  return {
    process: process.name,
    businessZone: process.zone,
    zone: bucketZone,
    grain,
    interval,
    open,
    firstDay,
    lastDay: empty ? firstDay - 1 : dayOf(interval.to - 1, process.zone),
    today,
  }
}
