import { addSpan, addSpanToInstant } from '../base/span.ts'
import {
  dayOf,
  floorDay,
  floorInstant,
  GRAINS,
  type Grain,
  type Instant,
  isDayGrain,
  startOfDay,
} from '../base/time.ts'
import type { Offset, Period, Stretch } from '../catalog/catalog.ts'
import type { Calendars } from '../query/calendar.ts'
import { type BaseKey, baseAt, baseStart, nextBase } from '../query/timeUnit.ts'

/** Positions from (inclusive) to (exclusive); infinite where there is no end. */
export interface Stretched {
  readonly from: BaseKey
  readonly to: BaseKey
}

/**
 * The positions of a series in time: days, or hours and minutes where the question or the series is finer. A position
 * is the start of its bucket in the zone of the answer.
 */
export class Timeline {
  readonly step: 'minute' | 'hour' | 'day'
  readonly zone: string
  readonly #calendars: Calendars

  constructor(step: 'minute' | 'hour' | 'day', zone: string, calendars: Calendars) {
    this.step = step
    this.zone = zone
    this.#calendars = calendars
  }

  /** The position that holds an instant. */
  at(instant: Instant): BaseKey {
    return Number.isFinite(instant) ? baseAt(instant, this.step, this.zone) : instant
  }

  next(position: BaseKey): BaseKey {
    return nextBase(position, this.step, this.zone)
  }

  /** The instant at which a position begins. */
  start(position: BaseKey): Instant {
    return Number.isFinite(position) ? baseStart(position, this.step, this.zone) : position
  }

  /** A position `times` stretches later; undefined where a calendar ends. */
  move(position: BaseKey, { count, unit }: Stretch, times: number): BaseKey | undefined {
    if (!Number.isFinite(position)) return position
    const grain = grainNamed(unit)
    if (grain === undefined) {
      const calendar = this.#calendars.get(unit)
      return this.#onDay(position, (day) => calendar?.add(day, count * times))
    }
    if (this.step === 'day') return addSpan(position, { count, unit: grain }, times)
    return addSpanToInstant(position, { count, unit: grain }, times, this.zone)
  }

  /** The first position of the bucket of a grain or calendar that holds one. */
  floor(position: BaseKey, unit: string): BaseKey | undefined {
    if (!Number.isFinite(position)) return position
    const grain = grainNamed(unit)
    if (grain === undefined) return this.#startOfDay(position, (day) => this.#calendars.get(unit)?.start(day))
    if (!isDayGrain(grain)) return this.step === 'day' ? position : floorInstant(position, grain, this.zone)
    return this.#startOfDay(position, (day) => floorDay(day, grain))
  }

  /** Where an offset leads from a position. */
  shift(position: BaseKey, offset: Offset): BaseKey | undefined {
    return offset.kind === 'back' ? this.move(position, offset.by, -1) : this.floor(position, offset.of)
  }

  /** An instant, moved as the position that holds it is, at the same time of the day. */
  shiftInstant(instant: Instant, offset: Offset): Instant | undefined {
    if (!Number.isFinite(instant)) return instant
    if (offset.kind === 'back') {
      const { count, unit } = offset.by
      const grain = grainNamed(unit)
      if (grain !== undefined) return addSpanToInstant(instant, { count, unit: grain }, -1, this.zone)
    }
    const day = dayOf(instant, this.zone)
    const moved = new Timeline('day', this.zone, this.#calendars).shift(day, offset)
    return moved === undefined ? undefined : startOfDay(moved, this.zone) + (instant - startOfDay(day, this.zone))
  }

  /** The positions that a period reads for the row of a position. */
  window(position: BaseKey, period: Period): Stretched | undefined {
    const { trailing, leading, toDate, atStart } = period
    if (toDate !== undefined) {
      const from = this.floor(position, toDate)
      return from === undefined ? undefined : { from, to: this.next(position) }
    }
    const back = trailing === undefined ? position : trailing === 'all' ? -Infinity : this.move(position, trailing, -1)
    const ahead = leading === undefined ? position : leading === 'all' ? Infinity : this.move(position, leading, 1)
    if (back === undefined || ahead === undefined) return undefined
    // Anchored at its start the window ends before the bucket; else it holds the bucket, the lower end left out.
    if (atStart) return { from: back, to: ahead }
    const after = (end: BaseKey) => (Number.isFinite(end) ? this.next(end) : end)
    return { from: after(back), to: after(ahead) }
  }

  #onDay(position: BaseKey, move: (day: number) => number | undefined): BaseKey | undefined {
    if (this.step === 'day') return move(position)
    const day = dayOf(position, this.zone)
    const moved = move(day)
    if (moved === undefined) return undefined
    return addSpanToInstant(position, { count: moved - day, unit: 'day' }, 1, this.zone)
  }

  #startOfDay(position: BaseKey, start: (day: number) => number | undefined): BaseKey | undefined {
    const first = start(this.step === 'day' ? position : dayOf(position, this.zone))
    return first === undefined || this.step === 'day' ? first : startOfDay(first, this.zone)
  }
}

/** The standard grain of a name; undefined for a calendar of one's own. */
export function grainNamed(name: string): Grain | undefined {
  return GRAINS.find((grain) => grain === name)
}

/**
 * True when an offset is whole buckets of a grain: buckets shift then, and not days. Days and what is finer are moved
 * one by one, which is the same for them.
 */
export function isWholeBuckets(offset: Offset, grain: Grain): boolean {
  if (offset.kind !== 'back') return false
  const { count, unit } = offset.by
  switch (grain) {
    case 'week':
      return unit === 'week' || (unit === 'day' && count % 7 === 0)
    case 'month':
    case 'quarter':
    case 'year':
      return isMonths(unit) && (count * MONTHS[unit]) % MONTHS[grain] === 0
    default:
      return false
  }
}

const MONTHS = { month: 1, quarter: 3, year: 12 } as const

function isMonths(unit: string): unit is keyof typeof MONTHS {
  return Object.hasOwn(MONTHS, unit)
}
