import { describe, expect, it } from 'vitest'
import { createRandom, createSampler } from '../../src/sample/random.ts'

describe('random numbers', () => {
  it('are the same for the same seeds and different for others', () => {
    const draw = (...seeds: number[]) => {
      const random = createRandom(...seeds)
      return Array.from({ length: 5 }, () => random.next())
    }
    expect(draw(1, 2)).toEqual(draw(1, 2))
    expect(new Set([draw(1, 2), draw(1, 3), draw(2, 1), draw(1), draw(1, 2, 0)].map(String)).size).toBe(5)
  })

  it('are spread evenly over [0, 1)', () => {
    const random = createRandom(42)
    const bins = new Array<number>(10).fill(0)
    for (let n = 0; n < 100_000; n++) {
      const bin = Math.floor(random.next() * 10)
      bins[bin] = (bins[bin] ?? 0) + 1
    }
    // Four standard deviations of a bin are 380.
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  })

  it('are drawn in proportion to weights', () => {
    const weights = [5, 0, 1, 94]
    const sample = createSampler(weights)
    const random = createRandom(7)
    const counts = weights.map(() => 0)
    for (let n = 0; n < 100_000; n++) {
      const at = sample(random)
      counts[at] = (counts[at] ?? 0) + 1
    }
    expect(counts[1]).toBe(0)
    for (const [at, weight] of weights.entries()) expect(Math.abs((counts[at] ?? 0) - weight * 1000)).toBeLessThan(400)
  })
})
