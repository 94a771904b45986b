import { describe, expect, it } from 'vitest'
import { didYouMean, nearest } from '../../src/base/didYouMean.ts'

describe('suggestions', () => {
  const names = ['exposures', 'clicks', 'cost', 'ctr', 'direct_orders', 'orders']

  it('finds slips of the finger', () => {
    expect(nearest('exposurs', names)).toEqual(['exposures'])
    expect(nearest('ordres', names)).toEqual(['orders'])
    expect(nearest('CTR', names)[0]).toBe('ctr')
  })

  it('finds a part of a name, and nothing far away', () => {
    expect(nearest('direct', names)).toEqual(['direct_orders'])
    expect(nearest('weather', names)).toEqual([])
  })

  it('says it in words', () => {
    expect(didYouMean(['a', 'b'])).toBe(' Did you mean "a" or "b"?')
    expect(didYouMean([])).toBe('')
  })
})
