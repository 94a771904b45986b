import { type Decimal, multiply, ZERO } from '../base/decimal.ts'
import type { Convert } from '../plan/logical.ts'
import { Timeline } from '../plan/timeline.ts'
import { baseAt } from '../query/timeUnit.ts'
import type { Aggregate } from './aggregates/aggregate.ts'
import { count } from './aggregates/count.ts'
import { holdsAt } from './buckets.ts'
import type { GroupTable } from './groups.ts'
import { textOf } from './rows.ts'
import type { Key } from './value.ts'

/** Base events of one entity that are alike in what must match, in order of time. */
type Trail = { readonly at: number; readonly row: number }[]

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
  for (const [row, at] of (follow.keys[0] ?? []).entries()) {
    const trail = trails.get(textOf(identity(follow, row, width)))
    if (trail === undefined || typeof at !== 'number') continue
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
    const who = identity(base, row, width)
    if (typeof at !== 'number' || who.includes(null) || !isSelected(at)) continue
    const key = textOf(who)
    const trail = trails.get(key) ?? []
    trail.push({ at, row })
    trails.set(key, trail)
  }
  return trails
}

/** The base events that an event at a time is credited to. */
function credited(trail: Trail, at: number, { conversion: { within, credit } }: Convert): number[] {
  const opens = at - (within ?? Number.POSITIVE_INFINITY) * 1000
  const rows = trail.flatMap((base) => (opens < base.at && base.at <= at ? [base.row] : []))
  if (credit === 'every') return rows
  return credit === 'first' ? rows.slice(0, 1) : rows.slice(-1)
}

/** Credits by base bucket and groups, in the form in which a store gives them. */
function collected(node: Convert, base: GroupTable, width: number, credits: ReadonlyMap<number, Decimal>): GroupTable {
  const { window, base: grain } = node
  const rows = [...credits.keys()]
  const instant = (row: number) => Math.floor(Number(base.keys[0]?.[row]) / 1000)
  const buckets = grain === undefined ? [] : [rows.map((row) => baseAt(instant(row), grain, window.zone))]
  const fields = base.keys.slice(1 + width).map((column) => rows.map((row) => column[row] ?? null))
  const state = { aggregate: count as unknown as Aggregate<unknown>, cells: [...credits.values()] }
  return { keys: [...buckets, ...fields], size: rows.length, states: new Map([[node.id, state]]) }
}

/** The entity and what must match. */
function identity({ keys }: GroupTable, row: number, width: number): Key[] {
  return keys.slice(1, 1 + width).map((column) => column[row] ?? null)
}
