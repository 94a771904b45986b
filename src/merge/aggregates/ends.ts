import type { Cell } from '../../base/cell.ts'
import { compare, type Decimal } from '../../base/decimal.ts'
import { compareText } from '../value.ts'
import type { Aggregate } from './aggregate.ts'
import { isIntegerText, readInteger } from './integer.ts'
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
export const first = end(readDecimal, compare, -1)
export const last = end(readDecimal, compare, 1)

/** The same over doubles, for measures declared as float. */
export const floatFirst = end(readFloat, compareNumbers, -1)
export const floatLast = end(readFloat, compareNumbers, 1)

function end<Numeric extends Decimal | number>(
  readValue: (cell: Cell) => Numeric | null,
  compareOf: (a: Numeric, b: Numeric) => number,
  side: -1 | 1,
): Aggregate<End<Numeric> | null> {
  /** Positive where `a` wins on this side. */
  const order = (a: End<Numeric>, b: End<Numeric>): number =>
    compareNumbers(a.moment, b.moment) * side || compareTies(a.tie, b.tie, side) || compareOf(a.value, b.value) * side
  return {
    empty: null,
    read: ([value, moment, tie]) => readEnd(readValue(value ?? null), moment ?? null, tie ?? null),
    merge: (a, b) => (a === null ? b : b === null ? a : order(a, b) >= 0 ? a : b),
    finish: (state) => (state === null ? null : state.value),
  }
}

function readEnd<Numeric>(value: Numeric | null, momentCell: Cell, tieCell: Cell): End<Numeric> | null {
  const moment = readInteger(momentCell)
  if (value === null || moment === null) return null
  return { value, moment, tie: tieCell === null ? null : String(tieCell) }
}

/** Positive where `a` wins. A row without a tie loses on both sides to one that has it. */
function compareTies(a: string | null, b: string | null, side: -1 | 1): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null)
  return compareTieTexts(a, b) * side
}

/**
 * Integers by size, other texts by code point, integers before other texts: without that last rule "10" < "1a" < "9"
 * < "10", and which one won would depend on the order of merging.
 */
function compareTieTexts(a: string, b: string): number {
  const integers = Number(isIntegerText(b)) - Number(isIntegerText(a))
  if (integers !== 0) return integers
  return (isIntegerText(a) ? compareNumbers(BigInt(a), BigInt(b)) : 0) || compareText(a, b)
}

function compareNumbers(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
