import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/base/cell.ts'
import { toText } from '../../src/base/decimal.ts'
import type { AtomicMetric } from '../../src/catalog/catalog.ts'
import { aggregateFor } from '../../src/merge/aggregates/index.ts'
import { isDecimal } from '../../src/merge/value.ts'
import { blocksOf, registersOf } from '../support/sketches.ts'

type Asked = Partial<Pick<AtomicMetric, 'aggregation' | 'floats' | 'algorithm' | 'percentile'>>

/** Merges rows as the aggregate of a metric does; exact numbers are texts, doubles numbers. */
function finished(asked: Asked, rows: readonly (readonly Cell[])[], counted = false): unknown {
  const metric = { floats: false, algorithm: 'exact', percentile: undefined, ...asked } as AtomicMetric
  const aggregate = aggregateFor(metric, counted)
  const value = aggregate.finish(rows.map((row) => aggregate.read(row)).reduce(aggregate.merge, aggregate.empty))
  return isDecimal(value) ? toText(value) : value
}

/** Distances of doubles round, exact numbers do not: 9007199254740993 is no double. */
const LARGE = '9007199254740993'

describe('the aggregate of a metric', () => {
  it.each(['sum', 'min', 'max', 'first', 'last'] as const)('%s is exact, or of doubles', (aggregation) => {
    const row = [LARGE, '1', '1']
    expect(finished({ aggregation }, [row])).toBe(LARGE)
    expect(finished({ aggregation, floats: true }, [row])).toBe(9007199254740992)
  })

  it.each([
    ['sum', '3', 3],
    ['min', '1', 1],
    ['max', '2', 2],
    ['first', '2', 2],
    ['last', '1', 1],
  ] as const)('%s is what its name says', (aggregation, exact, float) => {
    const rows = [
      ['1', '20', null],
      ['2', '10', null],
    ]
    expect(finished({ aggregation }, rows)).toBe(exact)
    expect(finished({ aggregation, floats: true }, rows)).toBe(float)
  })

  it('counts, adds counts of the true, and divides last', () => {
    for (const aggregation of ['count', 'presence', 'sum_boolean'] as const)
      expect(finished({ aggregation }, [['2'], ['3']])).toBe('5')
    expect([finished({ aggregation: 'count' }, []), finished({ aggregation: 'sum_boolean' }, [])]).toEqual(['0', null])
    expect(
      finished({ aggregation: 'avg' }, [
        ['5', '1'],
        ['1', '2'],
      ]),
    ).toBe(2)
  })

  it('counts distinct keys, counts of a store, or registers', () => {
    const aggregation = 'count_distinct'
    expect(finished({ aggregation }, [['a'], ['b'], ['a']])).toBe('2')
    expect(finished({ aggregation }, [['7']], true)).toBe('7')
    const registers = blocksOf(['a', 'b', 'c'].flatMap(registersOf))
    expect(finished({ aggregation, algorithm: 'approximate' }, registers)).toBe('3')
  })

  it.each(['variance', 'stddev'] as const)('%s reads sums of squares, or means of doubles', (aggregation) => {
    // 1, 5 and 9: the mean is 5, the squared distances add up to 32, and 32 / 2 is 16.
    const wanted = aggregation === 'variance' ? 16 : 4
    expect(finished({ aggregation }, [['3', '15', '107']])).toBe(wanted)
    expect(finished({ aggregation, floats: true }, [[3, 5, 32]])).toBe(wanted)
  })

  it.each(['median', 'percentile'] as const)(
    '%s interpolates or not, exactly, in doubles or over buckets',
    (aggregation) => {
      const at = (method: 'continuous' | 'discrete', of: Asked, rows: Cell[][]) =>
        finished({ aggregation, percentile: { p: 0.5, method }, ...of }, rows)
      const rows = [
        [LARGE, '1'],
        ['1', '1'],
      ]
      // Half way, 4503599627370497, is the one double both give; the discrete one is the lower value.
      expect(at('continuous', {}, rows)).toBe(4503599627370497)
      expect(at('discrete', {}, rows)).toBe('1')
      expect(at('discrete', { floats: true }, rows)).toBe(1)
      expect(
        at('continuous', { floats: true }, [
          ['1', '1'],
          ['2', '1'],
        ]),
      ).toBe(1.5)
      // Exact numbers have no rounding below 0.1 + 0.2; doubles have.
      expect(
        at('continuous', {}, [
          ['0.1', '1'],
          ['0.2', '1'],
        ]),
      ).toBe(0.15)
      expect(
        at('continuous', { floats: true }, [
          ['0.1', '1'],
          ['0.2', '1'],
        ]),
      ).toBe(0.1 + (0.2 - 0.1) * 0.5)
      const buckets = [
        ['65472', '1'],
        ['65536', '1'],
      ]
      // The buckets of 1 and of 2, whose middles are 1/128 above them.
      expect(at('discrete', { algorithm: 'approximate' }, buckets)).toBe(1 + 1 / 128)
      expect(at('continuous', { algorithm: 'approximate' }, buckets)).toBe(1.5 * (1 + 1 / 128))
      expect(() => finished({ aggregation }, [])).toThrow(/a share/)
    },
  )
})
