import { addBuckets, type Day, type DayGrain, dayOf, floorDay } from '../base/time.ts'
import type { Source } from '../catalog/catalog.ts'
import { knownOf } from './completeness.ts'
import type { Situation } from './dayRead.ts'
import type { DayRange } from './readTime.ts'
import { firstRetained } from './retention.ts'

/**
 * The days of a question in stretches of which all days are read alike, in order: a year of published days is looked at
 * once and not day by day. A stretch ends where anything may change that decides where a day is read from: a publication,
 * the first or last day of a source, a retention, today, a cut.
 */
export function stretchesOf(situation: Situation): DayRange[] {
  const { classes, time, cuts, moved } = situation
  const edges = new Edges(time.days)
  edges.add(time.today)
  edges.addAll(cuts.edges)
  for (const day of moved) edges.addDay(day)
  for (const { batch, streams, since } of classes) {
    if (since !== undefined) edges.add(since)
    for (const { source } of batch) addBatch(edges, source, situation)
    for (const { source } of streams) addStream(edges, source, situation)
  }
  return edges.stretches()
}

function addBatch(edges: Edges, source: Source, { context }: Situation): void {
  const { first, last, watermark, edges: published } = knownOf(source, context.snapshot)
  edges.addAll(published)
  // A day before the last is a hole, and the last is none.
  for (const day of [source.since, first, last, watermark]) if (day !== undefined) edges.add(day)
  if (watermark !== undefined) edges.add(watermark + 1)
  if (source.time.whole !== undefined) edges.addBuckets(source.time.whole)
}

function addStream(edges: Edges, source: Source, { time, context }: Situation): void {
  edges.add(firstRetained(source, time.businessZone, context))
  const newest = context.silent.get(source.name)?.newest
  if (newest !== undefined) edges.add(dayOf(newest, time.businessZone))
}

/** Days on which something begins that the day before did not have, within the days of a question. */
class Edges {
  readonly #ranges: readonly DayRange[]
  readonly #edges = new Set<Day>()

  constructor(ranges: readonly DayRange[]) {
    this.#ranges = ranges
  }

  add(day: Day): void {
    this.#edges.add(day)
  }

  /** A day that is unlike both of its neighbours. */
  addDay(day: Day): void {
    this.#edges.add(day).add(day + 1)
  }

  /** Days in order; of years of them only those are looked at that the question is about. */
  addAll(days: readonly Day[]): void {
    for (const { firstDay, lastDay } of this.#ranges)
      for (let i = firstAfter(days, firstDay); i < days.length; i++) {
        const day = days[i] ?? lastDay
        if (day > lastDay) break
        this.#edges.add(day)
      }
  }

  /** The first days of whole buckets. */
  addBuckets(grain: DayGrain): void {
    for (const { firstDay, lastDay } of this.#ranges)
      for (let day = floorDay(firstDay, grain); day <= lastDay; day = addBuckets(day, grain, 1)) this.#edges.add(day)
  }

  stretches(): DayRange[] {
    const edges = [...this.#edges].toSorted((a, b) => a - b)
    return this.#ranges.flatMap(({ firstDay, lastDay }) => {
      const begins = [firstDay, ...edges.filter((day) => day > firstDay && day <= lastDay)]
      return begins.map((day, i) => ({ firstDay: day, lastDay: (begins[i + 1] ?? lastDay + 1) - 1 }))
    })
  }
}

/** The place of the first day behind a day. */
function firstAfter(days: readonly Day[], day: Day): number {
  let low = 0
  let high = days.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((days[middle] ?? day) <= day) low = middle + 1
    else high = middle
  }
  return low
}
