import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toNumber } from '../../src/base/decimal.ts'
import { hyperLogLog, type Registers } from '../../src/merge/aggregates/hyperLogLog.ts'
import { isDecimal } from '../../src/merge/value.ts'
import { Random } from '../support/random.ts'
import { blocksOf, type Register, registersOf } from '../support/sketches.ts'
import vectors from './states.json' with { type: 'json' }

/** Registers of one sketch, and of both. */
const HALF = 2 ** 14
const ALL = 2 * HALF

function estimated(state: Registers): number {
  const value = hyperLogLog.finish(state)
  return isDecimal(value) ? toNumber(value) : Number.NaN
}

const read = (registers: readonly Register[]): Registers =>
  blocksOf(registers)
    .map((row) => hyperLogLog.read(row))
    .reduce(hyperLogLog.merge, hyperLogLog.empty)

/** One row a key, as if each came from another statement. */
const stateOf = (keys: Iterable<string>): Registers =>
  [...keys].map((key) => read(registersOf(key))).reduce(hyperLogLog.merge, hyperLogLog.empty)

/** Registers of both sketches, each with a rank. */
const ranked = (count: number, rankOf: (register: number) => number): Registers =>
  read(Array.from({ length: count }, (_, register) => ({ register, rank: rankOf(register) })))

/** The sketches of as many keys as hashes are drawn: in place of a hash, its registers and the lengths of its runs of 0s. */
function drawn(cardinality: number, random: Random): Registers {
  const highest = new Map<number, number>()
  for (let key = 0; key < cardinality; key++) {
    for (const first of [0, HALF]) {
      const register = first + random.int(0, HALF - 1)
      const [upper, lower] = [random.int(0, 2 ** 25 - 1), random.int(0, 2 ** 25 - 1)]
      const rank = upper > 0 ? Math.clz32(upper) - 6 : lower > 0 ? Math.clz32(lower) + 19 : 51
      highest.set(register, Math.max(highest.get(register) ?? 0, rank))
    }
  }
  return read([...highest].map(([register, rank]) => ({ register, rank })))
}

describe('the register of a key', () => {
  it.each(vectors.registers)('$key counts in $register', ({ key, hash, register, rank }) => {
    expect(registersOf(key)[0]).toEqual({ register, rank })
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

  it.each([980, 31_000])('keeps the higher rank of %i registers, in any order', (registers) => {
    const [low, high] = [ranked(registers, () => 1), ranked(registers, () => 9)]
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
    const state = ranked(ALL, (register) => rankAt((register + 0.5) / ALL))
    expect(Math.abs(estimated(state) / 2 ** exponent - 1)).toBeLessThan(0.001)
  })

  it.each([1, 5000, 24_000, ALL - 1])(
    'is the estimator of the paper where %i registers are at their highest rank',
    (highest) => {
      // Ertl 2017, algorithm 6: of m registers, 51 being the highest rank, tau as it is defined there; each key is in 2.
      const m = ALL
      const others = m - highest
      const share = 1 - highest / m
      let sum = 1 - share
      for (let k = 1; k <= 60; k++) sum -= (1 - share ** (2 ** -k)) ** 2 * 2 ** -k
      const expected = m ** 2 / (2 * Math.LN2 * ((m * sum) / 3 / 2 ** 50 + others / 2 ** 50)) / 2
      const state = ranked(m, (register) => (register < highest ? 51 : 50))
      expect(Math.abs(estimated(state) / expected - 1)).toBeLessThan(1e-9)
    },
  )

  it.each([2, 4, 10, 18, 200, 30_000])('is the estimator of the paper where %i registers are reached', (reached) => {
    // All of rank 1: the others, still at 0, add sigma as it is defined there.
    const m = ALL
    const share = 1 - reached / m
    let sigma = share
    for (let k = 1; k <= 60; k++) sigma += share ** (2 ** k) * 2 ** (k - 1)
    const expected = m ** 2 / (2 * Math.LN2 * (reached / 2 + m * sigma)) / 2
    expect(estimated(ranked(reached, () => 1))).toBe(Math.round(expected))
  })

  it('is the same whether few or many states of a register were read', () => {
    const keys = Array.from({ length: 300 }, (_, i) => `user-${i}`)
    const few = stateOf(keys)
    const many = stateOf([...keys, ...keys, ...keys, ...keys, ...keys])
    expect(estimated(many)).toBe(estimated(few))
  })

  it('takes a null block as none', () => {
    for (const parts of [
      [null, null],
      [null, '0041'],
      [null, ''],
    ])
      expect(estimated(hyperLogLog.read(parts))).toBe(0)
  })

  it.each([
    ['511', '0001'],
    ['0', '0FF3'],
    ['0', '0ff3004b'],
    ['0', '0033'],
  ])('takes a register of block %s as %s', (block, registers) => {
    expect(estimated(hyperLogLog.read([block, registers]))).toBe(1)
  })

  it.each([
    ['512', '0001'],
    ['-1', '0001'],
    ['', '0001'],
  ])('refuses block %s', (block, registers) => {
    expect(() => hyperLogLog.read([block, registers])).toThrow(/not an integer from 0 to 511/)
  })

  it.each([null, '', '001', '00010', '0001 ', 'x001', '000g', '-001'])('refuses %s as registers', (registers) => {
    expect(() => hyperLogLog.read(['1', registers])).toThrow(/no hexadecimal digits/)
  })

  it.each(['0000', '0040', '0034', '1001', '00010034'])(
    'refuses %s, where no such rank or register is',
    (registers) => {
      expect(() => hyperLogLog.read(['1', registers])).toThrow(/that there is not/)
    },
  )

  it.each([100, 10_000, 100_000])('errs by less than 0.75 %% (RMS) at %i keys', (cardinality) => {
    const errors = Array.from({ length: 50 }, (_, seed) => {
      const state = drawn(cardinality, new Random(seed + 1))
      return Math.abs(estimated(state) / cardinality - 1)
    })
    const meanSquare = errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length
    expect(Math.sqrt(meanSquare)).toBeLessThanOrEqual(0.0075)
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
    expect(Math.max(...bias)).toBeLessThanOrEqual((4 * 0.0057) / Math.sqrt(40))
  })
})
