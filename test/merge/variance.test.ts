import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/base/cell.ts'
import type { Aggregate } from '../../src/merge/aggregates/aggregate.ts'
import { floatStddev, floatVariance, stddev, variance } from '../../src/merge/aggregates/variance.ts'

function finished<State>(aggregate: Aggregate<State>, ...states: readonly (readonly Cell[])[]) {
  return aggregate.finish(states.map((parts) => aggregate.read(parts)).reduce(aggregate.merge, aggregate.empty))
}

describe('variance of exact values', () => {
  it('is the sample variance', () => {
    // 2 4 4 4 5 5 7 9: the mean is 5, the squared distances add up to 32, 32 / 7.
    expect(finished(variance, ['3', '10', '36'], ['5', '30', '196'])).toBe(32 / 7)
    expect(finished(stddev, ['3', '10', '36'], ['5', '30', '196'])).toBe(Math.sqrt(32 / 7))
  })

  it('is 0 for equal values and null for less than two', () => {
    expect(finished(variance, ['2', '0.2', '0.02'])).toBe(0)
    expect(finished(variance, ['1', '7', '49'])).toBeNull()
    expect(finished(stddev, ['1', '7', '49'])).toBeNull()
    expect(finished(variance, ['0', null, null])).toBeNull()
  })

  it('keeps digits that doubles would cancel', () => {
    // 10^18, 10^18 + 1 and 10^18 + 2 have the variance 1; in doubles they are one value.
    const [a, b, c] = [10n ** 18n, 10n ** 18n + 1n, 10n ** 18n + 2n]
    const states = [a, b, c].map((value) => ['1', String(value), String(value * value)])
    expect(finished(variance, ...states)).toBe(1)
  })

  it('takes cents for cents', () => {
    // 0.01 and 0.04: (0.0017 - 0.0025 / 2) / 1 = 0.00045
    expect(finished(variance, ['1', '0.01', '0.0001'], ['1', '0.04', '0.0016'])).toBe(0.00045)
    expect(finished(variance, ['2', '0.05', '0.0017'])).toBe(0.00045)
  })

  it('gives the nearest double at either end of their range', () => {
    // 0 and 2x have the variance 2x^2.
    const of = (exponent: number) => ['2', `2e${exponent}`, `4e${2 * exponent}`]
    expect(finished(variance, of(-160))).toBe(2e-320)
    expect(finished(variance, of(-150))).toBe(2e-300)
    expect(finished(variance, of(150))).toBe(2e300)
    expect(finished(variance, of(0))).toBe(2)
    // With the sum 0 it is the squares: 2^53 + 1 lies half way between two doubles, and what is above it goes up.
    const above = `9007199254740993.${'0'.repeat(40)}1`
    expect(finished(variance, ['2', '0', '9007199254740993'])).toBe(9007199254740992)
    expect(finished(variance, ['2', '0', above])).toBe(9007199254740994)
  })

  it('takes a count for what it is, whatever its scale', () => {
    expect(finished(variance, ['3.00', '10', '36'], ['5.0', '30', '196'])).toBe(32 / 7)
    expect(finished(variance, ['1.00', '7', '49'])).toBeNull()
    expect(finished(variance, [null, null, null])).toBeNull()
  })

  it('is the nearest double of numbers of any length', () => {
    // 0 and x have the variance x^2 / 2: of 3 * 10^k it is 45 followed by 2k - 1 zeros, or as many places further back.
    for (let k = -60; k <= 60; k++) {
      expect(finished(variance, ['2', `3e${k}`, `9e${2 * k}`])).toBe(Number(`45e${2 * k - 1}`))
    }
    // Three values, 1, 0 and 0, times 10^k: 1/3.
    for (let k = -40; k <= 40; k++) {
      const third = Number(`0.${'3'.repeat(60)}e${2 * k}`)
      expect(finished(variance, ['3', `1e${k}`, `1e${2 * k}`])).toBe(third)
    }
  })

  it('is never negative', () => {
    // A store that has rounded its squares: 3 times 0.1 with 0.029 in place of 0.03.
    expect(finished(variance, ['3', '0.3', '0.029'])).toBe(0)
    expect(finished(stddev, ['3', '0.3', '0.029'])).toBe(0)
  })
})

describe('variance of doubles', () => {
  it('is the sample variance', () => {
    // 2 4 4 with mean 10/3 and M2 8/3, 4 5 5 7 9 with mean 6 and M2 16.
    const states = [
      [3, 10 / 3, 8 / 3],
      ['5', '6', '16'],
    ]
    expect(finished(floatVariance, ...states)).toBeCloseTo(32 / 7, 12)
    expect(finished(floatStddev, ...states)).toBeCloseTo(Math.sqrt(32 / 7), 12)
  })

  it('does not cancel far from 0', () => {
    const states = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16].map((value) => [1, value, null])
    expect(finished(floatVariance, ...states)).toBe(30)
  })

  it('is that of two values, and 0 where a store has rounded below it', () => {
    expect(finished(floatVariance, [2, 3, 2])).toBe(2)
    expect(finished(floatVariance, [1, 2, null], [1, 4, null])).toBe(2)
    expect(finished(floatVariance, [3, 1, 0.5])).toBe(0.25)
    expect(finished(floatVariance, [3, 1, -1e-20])).toBe(0)
    expect(finished(floatStddev, [3, 1, -1e-20])).toBe(0)
  })

  it('is the same beside nothing, of which engines give no mean', () => {
    for (const nothing of [
      [0, 'nan', 'nan'],
      ['0', null, null],
    ]) {
      expect(finished(floatVariance, nothing, [2, 1e200, 2])).toBe(2)
      expect(finished(floatVariance, [2, 1e200, 2], nothing)).toBe(2)
      expect(finished(floatVariance, nothing, nothing)).toBeNull()
    }
  })

  it('is null for less than two values and where a value is not a number', () => {
    expect(finished(floatVariance, [1, 2.5, null])).toBeNull()
    expect(finished(floatVariance, [0, null, null])).toBeNull()
    expect(finished(floatVariance, ['2', 'nan', 'nan'], [3, 1, 2])).toBeNull()
    expect(finished(floatStddev, ['2', 'inf', 'nan'])).toBeNull()
  })
})
