import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/base/cell.ts'
import { toText } from '../../src/base/decimal.ts'
import type { Aggregate } from '../../src/merge/aggregates/aggregate.ts'
import { first, floatFirst, floatLast, last } from '../../src/merge/aggregates/ends.ts'
import { isDecimal } from '../../src/merge/value.ts'

function finished<State>(aggregate: Aggregate<State>, ...states: readonly (readonly Cell[])[]) {
  const merged = states.map((parts) => aggregate.read(parts)).reduce(aggregate.merge, aggregate.empty)
  const value = aggregate.finish(merged)
  return isDecimal(value) ? toText(value) : value
}

/** [first, last] */
const both = (...states: readonly (readonly Cell[])[]) => [finished(first, ...states), finished(last, ...states)]

describe('first and last', () => {
  it('go by the moment', () => {
    expect(both(['5.10', '1000', null], ['7', '999', null], ['6', '1001', null])).toEqual(['7', '6'])
    expect(both(['1', '-1', null], ['2', '-2', null])).toEqual(['2', '1'])
  })

  it('read moments of any length by size, as text or as a number', () => {
    expect(both(['1', '1763596800000001', '1'], ['2', 1763596800000002, '1'])).toEqual(['1', '2'])
    expect(both(['1', '9', null], ['2', '10', null])).toEqual(['1', '2'])
    expect(both(['1', '9007199254740993', null], ['2', '9007199254740992', null])).toEqual(['2', '1'])
  })

  it('ask the tie within a moment, integers by size and before other texts', () => {
    expect(both(['1', '5', '9'], ['2', '5', '10'])).toEqual(['1', '2'])
    expect(both(['1', '5', 9], ['2', '5', 10])).toEqual(['1', '2'])
    expect(both(['1', '5', '-3'], ['2', '5', '-20'])).toEqual(['2', '1'])
    expect(both(['1', '5', '9007199254740993'], ['2', '5', '9007199254740992'])).toEqual(['2', '1'])
    expect(both(['1', '5', 'order-9'], ['2', '5', 'order-10'])).toEqual(['2', '1'])
    expect(both(['1', '5', '10'], ['2', '5', '1a'], ['3', '5', '9'])).toEqual(['3', '2'])
    // By code point, not by UTF-16 unit.
    expect(both(['1', '5', '\u{1f44d}'], ['2', '5', '\uff5e'])).toEqual(['2', '1'])
  })

  it('ask the value where the tie decides nothing', () => {
    expect(both(['2', '5', null], ['10', '5', null], ['-1.5', '5', null])).toEqual(['-1.5', '10'])
    expect(both(['2', '5', '7'], ['10', '5', '7'])).toEqual(['2', '10'])
  })

  it('prefer a row that has a tie', () => {
    expect(both(['1', '5', null], ['2', '5', '7'], ['9', '5', null])).toEqual(['2', '2'])
  })

  it('take a null value or moment as none', () => {
    expect(both([null, '1', '1'], ['4', '5', '1'], [null, '9', '1'])).toEqual(['4', '4'])
    expect(both(['3', null, null], [null, null, null])).toEqual([null, null])
  })

  it('keep every digit, doubles as doubles', () => {
    expect(both(['9223372036854775807.01', '1', null])).toEqual(['9223372036854775807.01', '9223372036854775807.01'])
    expect(finished(floatFirst, [0.1, '1', null], [0.2, '1', null], ['nan', '0', null])).toBe(0.1)
    expect(finished(floatLast, [0.1, '1', null], ['0.2', '1', null], ['inf', '2', null])).toBe(0.2)
  })

  it('refuse a moment that is no integer', () => {
    expect(() => first.read(['1', '2026-11-20', null])).toThrow(/not an integer/)
    expect(() => last.read(['1', '', null])).toThrow(/not an integer/)
  })

  it('are the ends of the rows in their order', () => {
    // A position is moment and tie at once; every value but its own position's would be wrong.
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(400), { minLength: 1 }), (positions) => {
        const states = positions.map((at) => [String(at), String(Math.floor(at / 20)), String(at % 20)])
        expect(both(...states)).toEqual([String(Math.min(...positions)), String(Math.max(...positions))])
      }),
    )
  })
})
