import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, compare, multiply, parseDecimal, round, subtract, toNumber, toText } from '../../src/base/decimal.ts'

const decimal = (text: string) => {
  const parsed = parseDecimal(text)
  if (parsed === undefined) throw new Error(`not a decimal: ${text}`)
  return parsed
}
const texts = fc
  .tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.integer({ min: 0, max: 20 }))
  .map(([units, scale]) => toText({ units, scale }))

describe('decimals', () => {
  it('keeps every digit of integers beyond 2^53 and of money', () => {
    expect(toText(add(decimal('9223372036854775807'), decimal('9223372036854775807')))).toBe('18446744073709551614')
    expect(toText(add(decimal('0.10'), decimal('0.20')))).toBe('0.3')
    expect(toText(decimal('-0.05'))).toBe('-0.05')
    expect(toText(decimal('1e3'))).toBe('1000')
    expect(toText(decimal('1.5e-3'))).toBe('0.0015')
  })

  it.each(['', '.', '-', 'NaN', 'Infinity', '1e99999', '0x10', '1,000', ' 1'])('refuses %j', (text) => {
    expect(parseDecimal(text)).toBeUndefined()
  })

  it('writes what it read, as the shortest JSON number', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(toText(decimal(text))).toBe(text)
        expect(JSON.parse(text)).toBeTypeOf('number')
      }),
    )
  })

  it('adds and multiplies like integers of a common scale', () => {
    fc.assert(
      fc.property(texts, texts, texts, (a, b, c) => {
        const [x, y, z] = [decimal(a), decimal(b), decimal(c)]
        expect(toText(add(x, y))).toBe(toText(add(y, x)))
        expect(toText(add(add(x, y), z))).toBe(toText(add(x, add(y, z))))
        expect(toText(subtract(add(x, y), y))).toBe(toText(x))
        expect(toText(multiply(x, add(y, z)))).toBe(toText(add(multiply(x, y), multiply(x, z))))
        expect(compare(x, y)).toBe(-compare(y, x))
      }),
    )
  })

  it('rounds half away from zero, as SQL does', () => {
    expect(
      ['2.5', '-2.5', '2.45', '1250'].map((text, i) => toText(round(decimal(text), [0, 0, 1, -2][i] ?? 0))),
    ).toEqual(['3', '-3', '2.5', '1300'])
  })

  it('gives the nearest double', () => {
    expect(toNumber(decimal('0.1'))).toBe(0.1)
    expect(toNumber(decimal('9007199254740993'))).toBe(9007199254740992)
  })
})
