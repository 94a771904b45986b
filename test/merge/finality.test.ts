import { describe, expect, it } from 'vitest'
import type { Finality } from '../../src/base/finality.ts'
import { dayFrom, type Interval } from '../../src/base/time.ts'
import { FinalityMap } from '../../src/merge/finality.ts'
import type { Aggregate } from '../../src/plan/logical.ts'
import type { ClassMap, Run } from '../../src/route/run.ts'

const ZONE = 'Asia/Shanghai'
const DAY_ONE = dayFrom(2026, 11, 1)
const HOUR = 3_600_000
const MIDNIGHT = Date.UTC(2026, 9, 31, 16)

/** An instant of a business day, from its number. */
function at(day: number, hours = 0): number {
  return MIDNIGHT + ((day - 1) * 24 + hours) * HOUR
}

function runsOf(...all: [number, number, Finality][]): Run[] {
  return all.map(([first, last, finality]) => ({
    firstDay: DAY_ONE + first - 1,
    lastDay: DAY_ONE + last - 1,
    read: { kind: 'empty' },
    finality,
    reason: undefined,
  }))
}

/** Nothing of a request or a scan but its identity is looked at. */
function classOf(runs: Run[], ...requests: string[]): ClassMap {
  return { runs, coverage: requests.map((id) => ({ request: { id } })) as unknown as ClassMap['coverage'] }
}

function mapOf(maps: ClassMap[], other = false): { map: FinalityMap; scan: Aggregate } {
  const scan = {} as Aggregate
  const time = {
    businessZone: ZONE,
    zone: 'UTC',
    base: 'day',
    reads: [],
    days: [],
    today: DAY_ONE + 19,
    other: other ? { name: 'paid_at', reads: [] } : undefined,
  } as const
  return { map: new FinalityMap([{ node: scan, time, maps, slices: [] }]), scan }
}

const world = () =>
  mapOf([
    classOf(
      runsOf([1, 5, 'final'], [6, 7, 'missing'], [8, 10, 'final'], [11, 12, 'missing'], [13, 13, 'provisional']),
      'holed',
    ),
    classOf(runsOf([1, 10, 'final'], [11, 12, 'provisional'], [13, 13, 'provisional']), 'late', 'later'),
    classOf(runsOf([1, 13, 'final']), 'whole'),
  ])

describe('how final stretches of time are', () => {
  it.each([
    ['holed', [[at(1), at(6)]], 'final'],
    ['holed', [[at(1), at(6) + 1]], 'missing'],
    ['holed', [[at(8) - 1, at(9)]], 'missing'],
    ['holed', [[at(8), at(9)]], 'final'],
    [
      'holed',
      [
        [at(8), at(9)],
        [at(13, 5), at(13, 6)],
      ],
      'provisional',
    ],
    [
      'holed',
      [
        [at(13, 5), at(13, 6)],
        [at(8), at(9)],
      ],
      'provisional',
    ],
    ['holed', [[-Infinity, at(5)]], 'final'],
    ['holed', [[at(13), Infinity]], 'provisional'],
    ['holed', [], 'final'],
    ['late', [[at(1), at(11)]], 'final'],
    ['late', [[at(10), at(12)]], 'provisional'],
    ['later', [[at(10), at(12)]], 'provisional'],
    ['whole', [[-Infinity, Infinity]], 'final'],
  ] as const)('of %s', (request: string, stretches: readonly (readonly [number, number])[], expected: Finality) => {
    const intervals: Interval[] = stretches.map(([from, to]) => ({ from, to }))
    const { map, scan } = world()
    expect(map.of(scan, request, intervals)).toBe(expected)
  })

  it('is that of all days where rows are cut by a further time, which may stand on any', () => {
    const other = mapOf([classOf(runsOf([1, 5, 'final'], [6, 6, 'provisional']), 'paid')], true)
    expect(other.map.of(other.scan, 'paid', [{ from: at(1), to: at(2) }])).toBe('provisional')
    expect(other.map.of(other.scan, 'paid', [])).toBe('provisional')
  })
})

describe('the first day', () => {
  it('that misses, and that is not final, of each request', () => {
    const { map, scan } = world()
    expect(['holed', 'late', 'later', 'whole'].map((request) => map.firstMissing(scan, request))).toEqual([
      at(6),
      undefined,
      undefined,
      undefined,
    ])
    expect(['holed', 'late', 'later', 'whole'].map((request) => map.firstOpen(scan, request))).toEqual([
      at(6),
      at(11),
      at(11),
      undefined,
    ])
    expect(['holed', 'late', 'later', 'whole'].map((request) => map.isFinal(scan, request))).toEqual([
      false,
      false,
      false,
      true,
    ])
  })

  it('of what was not mapped is nobody’s to tell', () => {
    const { map, scan } = world()
    expect(() => map.isFinal(scan, 'unknown')).toThrow(TypeError)
    expect(() => map.of({} as Aggregate, 'whole', [])).toThrow(TypeError)
  })
})
