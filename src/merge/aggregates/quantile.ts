import type { Cell } from '../../base/cell.ts'
import { add, compare, type Decimal, multiply, subtract, toNumber } from '../../base/decimal.ts'
import type { Value } from '../value.ts'
import type { Aggregate } from './aggregate.ts'
import { readInteger } from './integer.ts'
import { type Between, type Counted, readShare, valueAtShare, valuesAround } from './ranked.ts'
import { join, leavesOf, type Rope } from './rope.ts'
import { readDecimal, readFloat } from './sum.ts'

/** Values with their number, joined as they came: they are ordered once, when the percentile is finished. */
export type CountedValues<Item> = Rope<Counted<Item>>

/** What a percentile must know of the values it orders. */
export interface Ordered<Item> {
  read(cell: Cell): Item | null
  compare(a: Item, b: Item): number
  between(place: Between<Item>): number
  finish(item: Item): Value
}

const EXACT: Ordered<Decimal> = { read: readDecimal, compare, between: betweenDecimals, finish: (value) => value }

const FLOAT: Ordered<number> = {
  read: readFloat,
  compare: (a, b) => a - b,
  between: ({ lower, upper, share }) => betweenNumbers(lower, upper, toNumber(share)),
  finish: (value) => value,
}

/**
 * Exact percentiles travel as rows of (value, number of rows that have it) and merge in one step whatever they hold.
 * A null value is none; of nothing they are null. A continuous one interpolates between the two values around
 * 1 + p(n - 1) and is a double, as SQL's percentile_cont.
 */
export function continuous(p: number): Aggregate<CountedValues<Decimal>> {
  return continuousOf(EXACT, p)
}

/** The first value up to which at least the share `p` of all has come, with every digit, as SQL's percentile_disc. */
export function discrete(p: number): Aggregate<CountedValues<Decimal>> {
  return discreteOf(EXACT, p)
}

/** The same over doubles, for measures declared as float. */
export function floatContinuous(p: number): Aggregate<CountedValues<number>> {
  return continuousOf(FLOAT, p)
}

/** The same over doubles, for measures declared as float. */
export function floatDiscrete(p: number): Aggregate<CountedValues<number>> {
  return discreteOf(FLOAT, p)
}

/** A continuous percentile of whatever can be ordered. */
export function continuousOf<Item>(items: Ordered<Item>, p: number): Aggregate<CountedValues<Item>> {
  const share = readShare(p)
  return countedFinishedAs(items, (ordered) => {
    const place = valuesAround(ordered, share)
    return place === undefined ? null : items.between(place)
  })
}

/** A discrete percentile of whatever can be ordered. */
export function discreteOf<Item>(items: Ordered<Item>, p: number): Aggregate<CountedValues<Item>> {
  const share = readShare(p)
  return countedFinishedAs(items, (ordered) => {
    const item = valueAtShare(ordered, share)
    return item === undefined ? null : items.finish(item)
  })
}

function countedFinishedAs<Item>(
  items: Ordered<Item>,
  finish: (ordered: readonly Counted<Item>[]) => Value,
): Aggregate<CountedValues<Item>> {
  return {
    empty: null,
    read: ([value, count]) => readCounted(items.read(value ?? null), count ?? null),
    merge: join,
    finish: (state) => finish(leavesOf(state).sort((a, b) => items.compare(a.value, b.value))),
  }
}

function readCounted<Item>(value: Item | null, countCell: Cell): CountedValues<Item> {
  const count = readInteger(countCell) ?? 0n
  return value === null || count <= 0n ? null : { value, count }
}

/** Exact up to the one rounding to a double. */
function betweenDecimals({ lower, upper, share }: Between<Decimal>): number {
  return toNumber(add(lower, multiply(subtract(upper, lower), share)))
}

/** Between doubles so far apart that their distance is none, each is weighed by itself. */
export function betweenNumbers(lower: number, upper: number, share: number): number {
  const distance = upper - lower
  return Number.isFinite(distance) ? lower + distance * share : lower * (1 - share) + upper * share
}
