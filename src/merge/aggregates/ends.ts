import type { Cell } from '../../base/cell.ts'
import { compare, type Decimal } from '../../base/decimal.ts'
import { compareText } from '../value.ts'
import type { Aggregate } from './aggregate.ts'
import { isIntegerText, readInteger } from './integer.ts'
import { compareNumbers, greater, type Order, reversed } from './orders.ts'
import { ofPresent } from './present.ts'
import { readDecimal, readFloat } from './sum.ts'

/** A value with the moment it was seen at, and what decides between values of one moment. */
export interface End<Numeric> {
  readonly value: Numeric
  /** In whatever unit the stores send; all of one request in the same. */
  readonly moment: bigint
  readonly tie: string | null
}

/**
 * Value at the first (last) moment: travels as (value, moment, tie), the moment as the text of an integer. Of one
 * moment the smaller (larger) tie wins, of one tie the smaller (larger) value, so the answer never depends on the order
 * of arrival. A null value or moment is none; of nothing it is null.
 */
export const first = end(readDecimal, compare, reversed)
export const last = end(readDecimal, compare, asItIs)

/** The same over doubles, for measures declared as float. */
export const floatFirst = end(readFloat, compareNumbers, reversed)
export const floatLast = end(readFloat, compareNumbers, asItIs)

function end<Numeric extends Decimal | number>(
  readValue: (cell: Cell) => Numeric | null,
  compareValues: Order<Numeric>,
  toThisSide: <Item>(order: Order<Item>) => Order<Item>,
): Aggregate<End<Numeric> | null> {
  const moments = toThisSide<bigint>(compareNumbers)
  const ties = presentFirst(toThisSide(compareTies))
  const values = toThisSide(compareValues)
  const order: Order<End<Numeric>> = (a, b) =>
    moments(a.moment, b.moment) || ties(a.tie, b.tie) || values(a.value, b.value)
  return {
    empty: null,
    read: ([value, moment, tie]) => readEnd(readValue(value ?? null), moment ?? null, tie ?? null),
    merge: ofPresent(greater(order)),
    finish: (state) => (state === null ? null : state.value),
  }
}

function asItIs<Item>(order: Order<Item>): Order<Item> {
  return order
}

function readEnd<Numeric>(value: Numeric | null, momentCell: Cell, tieCell: Cell): End<Numeric> | null {
  const moment = readInteger(momentCell)
  if (value === null || moment === null) return null
  return { value, moment, tie: tieCell === null ? null : String(tieCell) }
}

/** A row without a tie loses on both sides to one that has it. */
function presentFirst(order: Order<string>): Order<string | null> {
  return (a, b) => (a === null || b === null ? Number(a !== null) - Number(b !== null) : order(a, b))
}

/**
 * Integers by size, other texts by code point, integers before other texts: without that last rule "10" < "1a" < "9"
 * < "10", and which one won would depend on the order of merging.
 */
function compareTies(a: string, b: string): number {
  const integers = Number(isIntegerText(b)) - Number(isIntegerText(a))
  if (integers !== 0) return integers
  return (isIntegerText(a) ? compareNumbers(BigInt(a), BigInt(b)) : 0) || compareText(a, b)
}
