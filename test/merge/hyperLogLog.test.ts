import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toNumber } from '../../src/base/decimal.ts'
import { hyperLogLog, type Registers } from '../../src/merge/aggregates/hyperLogLog.ts'
import { isDecimal } from '../../src/merge/value.ts'
import { Random } from '../support/random.ts'
import { registerOf } from '../support/sketches.ts'
import vectors from './states.json' with { type: 'json' }

function estimated(state: Registers): number {
  const value = hyperLogLog.finish(state)
  return isDecimal(value) ? toNumber(value) : Number.NaN
}

const stateOf = (keys: Iterable<string>): Registers =>
  [...keys].reduce((state: Registers, key) => {
    const { register, rank } = registerOf(key)
    return hyperLogLog.merge(state, hyperLogLog.read([register, rank]))
  }, hyperLogLog.empty)

/** The sketch of as many keys as hashes are drawn: in place of a hash, its register and the length of its run of 0s. */
function drawn(cardinality: number, random: Random): Registers {
  let state = hyperLogLog.empty
  for (let key = 0; key < cardinality; key++) {
    const register = random.int(0, 16_383)
    const [upper, lower] = [random.int(0, 2 ** 25 - 1), random.int(0, 2 ** 25 - 1)]
    const rank = upper > 0 ? Math.clz32(upper) - 6 : lower > 0 ? Math.clz32(lower) + 19 : 51
    state = hyperLogLog.merge(state, hyperLogLog.read([register, rank]))
  }
  return state
}

describe('the register of a key', () => {
  it.each(vectors.registers)('$key counts in $register', ({ key, hash, register, rank }) => {
    expect(registerOf(key)).toEqual({ register, rank })
    expect(String(createHash('md5').update(key).digest().readBigUInt64BE())).toBe(hash)
  })
})

describe('HyperLogLog', () => {
  it('counts few keys exactly', () => {
    const keys = vectors.registers.map(({ key }) => key)
    expect(hyperLogLog.finish(stateOf([]))).toEqual({ units: 0n, scale: 0 })
    expect(hyperLogLog.finish(stateOf(['a']))).toEqual({ units: 1n, scale: 0 })
    expect(hyperLogLog.finish(stateOf(['a', 'b', 'a']))).toEqual({ units: 2n, scale: 0 })
    expect(hyperLogLog.finish(stateOf(keys))).toEqual({ units: 100n, scale: 0 })
  })

  it.each([490, 16_000])('keeps the higher rank of %i registers, in any order', (registers) => {
    const reaching = (rank: number) =>
      Array.from({ length: registers }, (_, register) => hyperLogLog.read([register, String(rank)])).reduce(
        hyperLogLog.merge,
      )
    const [low, high] = [reaching(1), reaching(9)]
    expect(estimated(low)).toBeLessThan(estimated(high))
    expect(estimated(hyperLogLog.merge(low, high))).toBe(estimated(high))
    expect(estimated(hyperLogLog.merge(high, low))).toBe(estimated(high))
  })

  it.each([20, 30, 45, 62, 63])('holds for 2^%i keys', (exponent) => {
    // The ranks that are to be expected: that of a register is at most k with probability exp(-keys / 2^(14 + k)).
    const rankAt = (share: number) => {
      let rank = 1
      while (rank < 51 && Math.exp(-(2 ** (exponent - 14 - rank))) < share) rank++
      return rank
    }
    const states = Array.from({ length: 16_384 }, (_, register) =>
      hyperLogLog.read([register, rankAt((register + 0.5) / 16_384)]),
    )
    expect(Math.abs(estimated(states.reduce(hyperLogLog.merge)) / 2 ** exponent - 1)).toBeLessThan(0.001)
  })

  it.each([1, 5000, 12_000, 16_383])(
    'is the estimator of the paper where %i registers are at their highest rank',
    (highest) => {
      // Ertl 2017, algorithm 6: of m registers, 51 being the highest rank, tau as it is defined there.
      const m = 16_384
      const others = m - highest
      const share = 1 - highest / m
      let sum = 1 - share
      for (let k = 1; k <= 60; k++) sum -= (1 - share ** (2 ** -k)) ** 2 * 2 ** -k
      const expected = m ** 2 / (2 * Math.LN2 * ((m * sum) / 3 / 2 ** 50 + others / 2 ** 50))
      const states = Array.from({ length: m }, (_, register) =>
        hyperLogLog.read([register, register < highest ? 51 : 50]),
      )
      expect(Math.abs(estimated(states.reduce(hyperLogLog.merge)) / expected - 1)).toBeLessThan(1e-9)
    },
  )

  it.each([1, 2, 5, 9, 100, 15_000])('is the estimator of the paper where %i registers are reached', (reached) => {
    // All of rank 1: the others, still at 0, add sigma as it is defined there.
    const m = 16_384
    const share = 1 - reached / m
    let sigma = share
    for (let k = 1; k <= 60; k++) sigma += share ** (2 ** k) * 2 ** (k - 1)
    const expected = m ** 2 / (2 * Math.LN2 * (reached / 2 + m * sigma))
    const states = Array.from({ length: reached }, (_, register) => hyperLogLog.read([register, 1]))
    expect(estimated(states.reduce(hyperLogLog.merge))).toBe(Math.round(expected))
  })

  it('is the same whether few or many states of a register were read', () => {
    const keys = Array.from({ length: 300 }, (_, i) => `user-${i}`)
    const few = stateOf(keys)
    const many = stateOf([...keys, ...keys, ...keys, ...keys, ...keys])
    expect(estimated(many)).toBe(estimated(few))
  })

  it('takes a null register as none and refuses what is no register or rank', () => {
    for (const parts of [
      [null, null],
      [null, '5'],
      ['5', null],
    ])
      expect(estimated(hyperLogLog.read(parts))).toBe(0)
    for (const parts of [
      ['16384', '1'],
      ['-1', '1'],
      ['1', '0'],
      ['1', '52'],
      ['', '1'],
    ]) {
      expect(() => hyperLogLog.read(parts)).toThrow(/not an integer from/)
    }
  })

  it.each([100, 10_000, 100_000])('errs by less than a hundredth (RMS) at %i keys', (cardinality) => {
    const errors = Array.from({ length: 50 }, (_, seed) => {
      const state = drawn(cardinality, new Random(seed + 1))
      return Math.abs(estimated(state) / cardinality - 1)
    })
    const meanSquare = errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length
    expect(Math.sqrt(meanSquare)).toBeLessThanOrEqual(0.01)
    expect(Math.max(...errors)).toBeLessThanOrEqual(0.025)
  })

  it('has no bias where other estimators change over', () => {
    const bias = [20_000, 40_000, 60_000, 80_000].map((cardinality) => {
      const errors = Array.from({ length: 40 }, (_, seed) => {
        return estimated(drawn(cardinality, new Random(seed + 1000))) / cardinality - 1
      })
      return Math.abs(errors.reduce((sum, error) => sum + error, 0) / errors.length)
    })
    // Four standard errors of a mean of 40.
    expect(Math.max(...bias)).toBeLessThanOrEqual((4 * 0.0081) / Math.sqrt(40))
  })
})
