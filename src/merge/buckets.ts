import { Fault, faultDetail } from '../base/faults.ts'
import { dayOf, floorDay, formatDay, type Instant, isDayGrain } from '../base/time.ts'
import type { Timeline } from '../plan/timeline.ts'
import type { Field, Predicate, QuestionKey, Window } from '../query/resolved.ts'
import { type BaseKey, unitKey } from '../query/timeUnit.ts'
import { textOf } from './rows.ts'
import { COMPARE, together } from './truth.ts'
import type { Key } from './value.ts'

/** A bucket of the answer: its time keys, and the positions of the range that fall into it. */
export interface Bucket {
  readonly keys: readonly Key[]
  readonly positions: readonly BaseKey[]
}

export type TimeKey = Extract<QuestionKey, { kind: 'time' }>

/** Rows that may be there only to be filled or to say that they are missing. */
const MOST_BUCKETS = 100_000

/**
 * The buckets of a range, in order of time: each position of it falls into one. `from` is the first position, `until`
 * the last.
 */
export function bucketsOf(
  times: readonly TimeKey[],
  timeline: Timeline,
  window: Window,
  from: BaseKey,
  until: BaseKey,
): Bucket[] {
  const buckets = new Map<string, { keys: Key[]; positions: BaseKey[] }>()
  let positions = 0
  for (let at = from; at <= until; at = timeline.next(at)) {
    if (!window.days.every((condition) => holdsAt(condition, at, timeline) === true)) continue
    const keys = times.map(({ unit }) => unitKey(unit, at, timeline.step, timeline.zone))
    const identity = textOf(keys)
    const bucket = buckets.get(identity)
    if (bucket === undefined) buckets.set(identity, { keys, positions: [at] })
    else bucket.positions.push(at)
    if (buckets.size > MOST_BUCKETS || ++positions > 20 * MOST_BUCKETS) throw tooMany(window)
  }
  return [...buckets.values()]
}

/**
 * The last position of a range whose bucket has begun: that of now, but where the range begins after it those that still
 * fall into the bucket of now, such as the end of a business day that is the next day of the zone asked for.
 */
export function lastBegun(
  times: readonly TimeKey[],
  timeline: Timeline,
  now: Instant,
  from: BaseKey,
  last: BaseKey,
): BaseKey {
  const identity = (at: BaseKey) => textOf(times.map(({ unit }) => unitKey(unit, at, timeline.step, timeline.zone)))
  const present = timeline.at(now)
  if (from <= present) return Math.min(present, last)
  let begun = present
  for (let at = from; at <= last && identity(at) === identity(present); at = timeline.next(at)) begun = at
  return begun
}

function tooMany({ grain }: Window): Fault {
  const message = `The question makes more than ${MOST_BUCKETS} buckets of time by the ${grain}; ask for a shorter range or a coarser grain.`
  return Fault.at([faultDetail('OVER_BUDGET', '/time', message)])
}

/** Whether a condition on the answer's time holds for a position; a position is within an interval when it begins there. */
export function holdsAt(predicate: Predicate, position: BaseKey, timeline: Timeline): boolean | null {
  switch (predicate.kind) {
    case 'all':
    case 'any':
      return together(
        predicate.kind,
        predicate.items.map((item) => holdsAt(item, position, timeline)),
      )
    case 'during': {
      const start = timeline.start(position)
      const within = (predicate.from ?? -Infinity) <= start && start < (predicate.to ?? Infinity)
      return within !== predicate.negated
    }
    case 'null':
      return predicate.negated
    case 'compare':
      return COMPARE[predicate.op](compareKey(lookAt(predicate.field, position, timeline), String(predicate.value)))
    case 'oneOf':
    case 'noneOf': {
      const key = lookAt(predicate.field, position, timeline)
      return predicate.values.some((value) => compareKey(key, String(value)) === 0) === (predicate.kind === 'oneOf')
    }
    case 'text':
      throw new TypeError('a time is not compared as a text')
  }
}

/** A part as a number, a bucket as its first day. */
function lookAt({ part, bucket }: Field, position: BaseKey, timeline: Timeline): number | string {
  if (part !== undefined) return unitKey({ kind: 'part', part }, position, timeline.step, timeline.zone) ?? 0
  const day = timeline.step === 'day' ? position : dayOf(position, timeline.zone)
  return formatDay(bucket !== undefined && isDayGrain(bucket) ? floorDay(day, bucket) : day)
}

function compareKey(key: number | string, value: string): number {
  return Number(key > value) - Number(key < value)
}
