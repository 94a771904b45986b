import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/base/cell.ts'
import { distinct, type Keys } from '../../src/merge/aggregates/distinct.ts'
import { wordsOf } from '../support/sketches.ts'

/** Ids that lie together, ids that don't, and the ends of what engines hold with and without a sign. */
const id = fc.oneof(
  fc.bigInt({ min: -200n, max: 5000n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 64n - 1n, 2n ** 59n, 2n ** 59n + 64n, -1n, 0n, 63n, 64n),
)
const ids = fc.array(id, { maxLength: 200 })

const merged = (rows: readonly (readonly Cell[])[]): Keys =>
  rows.reduce((state: Keys, row) => distinct.merge(state, distinct.read(row)), distinct.empty)
const counted = (state: Keys): number => Number((distinct.finish(state) as { units: bigint }).units)
const inWords = (of: readonly bigint[]) => merged(wordsOf(of))
const asTexts = (of: readonly bigint[]) => merged(of.map((each) => [String(each)]))
const settled = (state: Keys): Keys => distinct.settle?.(state) ?? state

describe('distinct integers in words', () => {
  it('are as many as there are, whatever they are', () => {
    fc.assert(fc.property(ids, (of) => void expect(counted(inWords(of))).toBe(new Set(of).size)))
  })

  it('merge in any order and grouping', () => {
    fc.assert(
      fc.property(ids, ids, ids, (a, b, c) => {
        const truth = new Set([...a, ...b, ...c]).size
        const [x, y, z] = [inWords(a), inWords(b), inWords(c)]
        expect(counted(distinct.merge(distinct.merge(x, y), z))).toBe(truth)
        expect(counted(distinct.merge(x, distinct.merge(z, y)))).toBe(truth)
        expect(counted(distinct.merge(x, x))).toBe(new Set(a).size)
      }),
    )
  })

  it('meet the same keys that travelled as texts', () => {
    const others = fc.array(fc.constantFrom('', 'a', '007', '-0', '+5', '1.0', ' 1', '1e3', '9'.repeat(30)))
    fc.assert(
      fc.property(ids, ids, others, (a, b, texts) => {
        const truth = new Set([...[...a, ...b].map(String), ...texts]).size
        const state = [inWords(a), asTexts(b), merged(texts.map((text) => [text]))].reduce(distinct.merge)
        expect(counted(state)).toBe(truth)
        expect(counted(settled(state))).toBe(truth)
      }),
    )
  })

  it('are settled without a change', () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        const state = inWords(a)
        const before = counted(state)
        expect(counted(distinct.merge(settled(state), settled(inWords(b))))).toBe(new Set([...a, ...b]).size)
        expect(counted(settled(settled(state)))).toBe(before)
        expect(counted(state)).toBe(before)
      }),
    )
  })

  it('of nothing are 0; a null word is none, and what is no word is refused', () => {
    expect(counted(merged([[null, null]]))).toBe(0)
    expect(
      counted(
        merged([
          [null, null],
          ['0', '3'],
        ]),
      ),
    ).toBe(2)
    for (const row of [
      ['a', '1'],
      ['1', ''],
      ['1', 'x'],
      ['1.5', '1'],
      ['1', '11111111111111111'],
    ])
      expect(() => distinct.read(row)).toThrow(/not a word/)
  })

  it('take millions in steps that grow with the words alone', () => {
    const days = Array.from({ length: 30 }, (_, day) =>
      settled(merged(Array.from({ length: 3000 }, (_, i) => [String(i + 100 * day), 'ffffffffffffffff']))),
    )
    expect(counted(days.reduce(distinct.merge))).toBe((3000 + 29 * 100) * 64)
  })
})
