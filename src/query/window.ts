import {
  dayOf,
  floorInstant,
  GRAINS,
  type Grain,
  type Instant,
  type Interval,
  isDayGrain,
  startOfDay,
} from '../base/time.ts'
import type { Process } from '../catalog/catalog.ts'
import type { Question } from './question.ts'
import { resolveRange } from './range.ts'
import type { Field, Predicate, Window } from './resolved.ts'
import { bucketAround, type TimeUnit } from './timeUnit.ts'

/** What the answer's time is grouped by, and how it is clipped. */
export interface Timing {
  readonly units: readonly TimeUnit[]
  readonly grain: Grain | undefined
  readonly zone: string | undefined
  readonly newest?: ReadonlyMap<string, Instant> | undefined
  /** Top-level conditions on `time`, bound in the zone of a process. */
  readonly conditions: (zone: string) => readonly Predicate[]
}

/** The time one process is asked for: the range in the question's zone or its own, clipped to the end of its today. */
export function windowFor(process: Process, time: Question['time'], now: Instant, timing: Timing): Window {
  const zone = timing.zone ?? process.zone
  const today = dayOf(now, process.zone)
  const end = startOfDay(today + 1, process.zone)
  const open = time.range === undefined
  let asked: Interval =
    time.range === undefined ? { from: -Infinity, to: Infinity } : resolveRange(time.range, now, zone)
  if (time.wholeBuckets) asked = widen(asked, [...timing.units, sourceUnit(process)], zone)
  const days: Predicate[] = []
  // Conditions cut what was widened: a filter is never wider than it is written.
  for (const condition of timing.conditions(zone)) {
    if (condition.kind !== 'during' || condition.negated) days.push(condition)
    else
      asked = {
        from: Math.max(asked.from, condition.from ?? -Infinity),
        to: Math.min(asked.to, condition.to ?? Infinity),
      }
  }
  return {
    process: process.name,
    businessZone: process.zone,
    zone,
    asked,
    interval: { from: asked.from, to: Math.min(asked.to, end) },
    open: open && !Number.isFinite(asked.from),
    today,
    end,
    now,
    elapsed: Math.min(floorInstant(now, 'minute', zone), timing.newest?.get(process.name) ?? now),
    days,
    grain: timing.grain,
  }
}

/** How finely the sources of a process tell times at best. */
function sourceUnit({ sources }: Process): TimeUnit {
  const grains = sources.map(({ time }) => time.whole ?? time.grain)
  const coarse = GRAINS.find((grain) => grains.includes(grain) && isDayGrain(grain))
  const grain = grains.some((each) => each === 'instant' || each === 'minute')
    ? 'minute'
    : grains.includes('hour')
      ? 'hour'
      : (coarse ?? 'day')
  return { kind: 'grain', grain }
}

/** The range, widened to whole buckets of the coarsest unit: the one whose bucket at its start is the longest. */
function widen(asked: Interval, units: readonly TimeUnit[], zone: string): Interval {
  if (!Number.isFinite(asked.from)) return asked
  const cutting = units.filter(({ kind }) => kind !== 'part')
  const lengths = cutting.map((unit) => {
    const { from, to } = bucketAround(unit, asked.from, zone)
    return to - from
  })
  const coarsest = cutting[lengths.indexOf(Math.max(...lengths))]
  if (coarsest === undefined) return asked
  return { from: bucketAround(coarsest, asked.from, zone).from, to: bucketAround(coarsest, asked.to - 1, zone).to }
}

/** True when a predicate is about the main time alone. */
export function isOfTime(fields: Iterable<Field>): boolean {
  const all = [...fields]
  return all.length > 0 && all.every(({ time }) => time === 'time')
}
