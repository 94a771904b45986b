import { type Decimal, fromInteger, multiply, ZERO } from '../base/decimal.ts'
import { floorInstant, isDayGrain } from '../base/time.ts'
import type { Convert } from '../plan/logical.ts'
import { Timeline } from '../plan/timeline.ts'
import { type BaseKey, baseAt } from '../query/timeUnit.ts'
import type { Aggregate } from './aggregates/aggregate.ts'
import { count } from './aggregates/count.ts'
import { holdsAt } from './buckets.ts'
import type { GroupTable } from './groups.ts'
import { textOf } from './rows.ts'
import type { Key } from './value.ts'

/** Base events of one entity that are alike in what must match, in order of time. */
interface Trail {
  readonly times: number[]
  readonly rows: number[]
}

/**
 * Credits each following event to a base event of the same entity and the same matched fields, at or before it and
 * later than `within` before it: the latest, the first, or every one of them. What follows is counted at the base
 * event's time and groups. Times are microseconds.
 */
export function convert(node: Convert, base: GroupTable, follow: GroupTable): GroupTable {
  const width = 1 + node.conversion.match.length
  const trails = trailsOf(base, width, node)
  const credits = new Map<number, Decimal>()
  const counts = follow.states.get(node.conversion.follow.id)
  for (let row = 0; row < follow.size; row++) {
    const trail = trails.get(identity(follow, row, width))
    const at = follow.keys[0]?.[row]
    if (trail === undefined || typeof at !== 'number' || hasNull(follow, row, width)) continue
    const number = counts?.cells[row] as Decimal | undefined
    if (number === undefined) continue
    for (const place of credited(trail, at, node)) {
      const before = credits.get(place)
      // Events of one moment and one group are one row: where every base event counts, so does each of them.
      const each = node.conversion.credit === 'every' ? multiply(number, numberOf(base, place, node)) : number
      credits.set(place, before === undefined ? each : count.merge(before, each))
    }
  }
  return collected(node, base, width, credits)
}

function numberOf(base: GroupTable, row: number, node: Convert): Decimal {
  return (base.states.get(node.conversion.base.id)?.cells[row] as Decimal | undefined) ?? ZERO
}

function trailsOf(base: GroupTable, width: number, { selects, window }: Convert): Map<string, Trail> {
  const timeline = new Timeline('minute', window.zone, new Map())
  const isSelected = (at: number): boolean =>
    selects.every((condition) => holdsAt(condition, timeline.at(Math.floor(at / 1000)), timeline) === true)
  const trails = new Map<string, Trail>()
  const times = base.keys[0] ?? []
  const order = Array.from({ length: base.size }, (_, row) => row).sort((a, b) => Number(times[a]) - Number(times[b]))
  for (const row of order) {
    const at = times[row]
    // A null entity is nobody.
    if (typeof at !== 'number' || hasNull(base, row, width) || !isSelected(at)) continue
    const key = identity(base, row, width)
    const trail = trails.get(key) ?? { times: [], rows: [] }
    trail.times.push(at)
    trail.rows.push(row)
    trails.set(key, trail)
  }
  return trails
}

/** The base events that an event at a time is credited to. */
function credited({ times, rows }: Trail, at: number, { conversion: { within, credit } }: Convert): number[] {
  const opens = within === undefined ? Number.NEGATIVE_INFINITY : at - within * 1000
  let from = 0
  while (from < times.length && (times[from] ?? 0) <= opens) from++
  let to = from
  while (to < times.length && (times[to] ?? 0) <= at) to++
  if (from === to) return []
  if (credit === 'every') return rows.slice(from, to)
  return [rows[credit === 'first' ? from : to - 1] ?? 0]
}

/** Credits by base bucket and groups, in the form in which a store gives them. */
function collected(node: Convert, base: GroupTable, width: number, credits: ReadonlyMap<number, Decimal>): GroupTable {
  const { window, base: grain } = node
  const rows = [...credits.keys()]
  const bucket = (row: number): BaseKey => {
    const instant = Math.floor(Number(base.keys[0]?.[row] ?? 0) / 1000)
    if (grain === undefined || grain === 'exact') return instant
    return isDayGrain(grain) ? baseAt(instant, grain, window.zone) : floorInstant(instant, grain, window.zone)
  }
  const buckets = grain === undefined ? [] : [rows.map(bucket)]
  const fields = base.keys.slice(1 + width).map((column) => rows.map((row) => column[row] ?? null))
  const cells = rows.map((row) => credits.get(row) ?? fromInteger(0))
  const state = { aggregate: count as unknown as Aggregate<unknown>, cells }
  return { keys: [...buckets, ...fields], size: rows.length, states: new Map([[node.id, state]]) }
}

function identity({ keys }: GroupTable, row: number, width: number): string {
  return textOf(keys.slice(1, 1 + width).map((column): Key => column[row] ?? null))
}

function hasNull({ keys }: GroupTable, row: number, width: number): boolean {
  return keys.slice(1, 1 + width).some((column) => (column[row] ?? null) === null)
}
