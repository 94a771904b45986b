import { describe, expect, it } from 'vitest'
import { parseDecimal } from '../../src/base/decimal.ts'
import { asNumber, compareText, compareValues, compareWithText, toJson, type Value } from '../../src/merge/value.ts'

const exact = (text: string) => parseDecimal(text) ?? null

/** Every pair of a list in ascending order. */
function pairsOf<Item>(ascending: readonly Item[]): [Item, Item, number][] {
  return ascending.flatMap((a, i) => ascending.map((b, j): [Item, Item, number] => [a, b, Math.sign(i - j)]))
}

describe('texts', () => {
  it('are ordered by code point, shorter ones before what they begin', () => {
    const codePoints = [0x20, 0x41, 0x61, 0x7f, 0x4e00, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x103fe, 0x103ff, 0x10ffff]
    const texts = [
      '',
      ...codePoints.flatMap((point) => [String.fromCodePoint(point), `${String.fromCodePoint(point)}a`]),
    ]
    for (const [a, b, order] of pairsOf(texts)) {
      expect(Math.sign(compareText(a, b))).toBe(order)
      expect(Math.sign(compareValues(a, b))).toBe(order)
    }
  })
})

describe('values of a column', () => {
  it.each([
    [[-1e300, -2, -0.5, 0, 3, 1e300]],
    [[-(2n ** 70n), 5, 2n ** 53n, 2n ** 53n + 1n]],
    [[false, true]],
    [[exact('-9007199254740993'), exact('-9007199254740992'), exact('0.1'), exact('0.25'), exact('10')]],
    [[exact('-2.5'), -2, exact('1.5'), 2]],
  ] as [Value[]][])('are ordered by size %#', (ascending) => {
    for (const [a, b, order] of pairsOf(ascending)) expect(Math.sign(compareValues(a, b))).toBe(order)
  })

  it('are neither before nor behind null, which has a place of its own', () => {
    for (const value of [1, -1n, true, exact('2')]) {
      expect(compareValues(value, null)).toBe(0)
      expect(compareValues(null, value)).toBe(0)
    }
  })

  it('are compared with a number that is written, exactly where they are exact', () => {
    const signs = (value: Parameters<typeof compareWithText>[0], texts: string[]) =>
      texts.map((text) => Math.sign(compareWithText(value, text)))
    expect(signs({ units: 9007199254740993n, scale: 0 }, ['9007199254740992', '9007199254740993.0'])).toEqual([1, 0])
    expect(signs({ units: 15n, scale: 1 }, ['1', '1.50', '2'])).toEqual([1, 0, -1])
    expect(signs(9007199254740993n, ['9007199254740992', '9007199254740993', '9007199254740993.5'])).toEqual([1, 0, -1])
    expect(signs(1.5, ['1', '1.50', '2'])).toEqual([1, 0, -1])
    expect(() => compareWithText({ units: 1n, scale: 0 }, 'x')).toThrow(/not a number/)
  })

  it('are doubles where they are numbers', () => {
    expect([exact('2.50'), 7n, 1.5].map(asNumber)).toEqual([2.5, 7, 1.5])
    expect([null, 'a', true].map(asNumber)).toEqual([null, null, null])
  })
})

describe('the JSON text of a value', () => {
  it('has every digit, and null for what is no number', () => {
    const values: Value[] = [null, true, false, 'a"b', 1.5, 2n ** 70n, exact('9007199254740993.10')]
    const texts = ['null', 'true', 'false', '"a\\"b"', '1.5', '1180591620717411303424', '9007199254740993.1']
    expect(values.map(toJson)).toEqual(texts)
    expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(toJson)).toEqual([
      'null',
      'null',
      'null',
    ])
  })
})
