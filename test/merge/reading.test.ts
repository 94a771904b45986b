import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayOf, GRAINS, type Grain, type Interval, parseDay, startOfDay } from '../../src/base/time.ts'
import type { PeriodFile } from '../../src/catalog/schema.ts'
import { readOffset, readPeriod } from '../../src/catalog/variant.ts'
import type { Aggregate, LogicalNode, SeriesNode } from '../../src/plan/logical.ts'
import { joinOf, pickOf } from '../../src/plan/logical.ts'
import { Reading } from '../../src/plan/reading.ts'
import { rewrite } from '../../src/plan/rewrite.ts'
import { stepsOf } from '../../src/plan/series.ts'
import { CalendarDays, type Calendars } from '../../src/query/calendar.ts'
import type { Predicate, Window } from '../../src/query/resolved.ts'
import { baseAt, baseStart, nextBase } from '../../src/query/timeUnit.ts'
import type { PeriodParts } from '../crown/algebra/model.ts'
import { partsOf, readsOf, type TimeOf } from '../crown/algebra/oracle/reading.ts'
import { labelAt, next, positionOf, type Timing } from '../crown/algebra/oracle/spans.ts'
import { dayAt, isoAt, plus, startOf } from '../crown/oracle/calendar.ts'

/** What the buckets of a series read, by the plan on one side and by a calendar of its own on the other. */
interface Asked {
  readonly zone: string
  readonly now: string
  /** Days, both inclusive; undefined = no range. */
  readonly range: readonly [string, string] | undefined
  readonly grain: string | undefined
  readonly period?: PeriodParts | undefined
  /** The outermost first; `elapsed` is said of the first. */
  readonly offsets?: readonly string[]
  readonly elapsed?: 'same' | 'days' | 'whole' | undefined
  readonly days?: readonly Predicate[]
}

const SEASONS = [
  { label: 'spring', from: '2024-02-05', to: '2024-03-03' },
  { label: 'may', from: '2024-03-04', to: '2024-03-10' },
  { label: 'summer', from: '2024-03-11', to: '2024-04-07' },
]
const CALENDARS: Calendars = new Map([
  [
    'season',
    new CalendarDays(
      'season',
      '1',
      SEASONS.flatMap(({ label, from, to }) => {
        const days: [number, string][] = []
        for (let day = parseDay(from) ?? 0; day <= (parseDay(to) ?? 0); day++) days.push([day, label])
        return days
      }),
    ),
  ],
])

function windowOf({ zone, now, range, grain, days = [] }: Asked): Window {
  const at = Date.parse(now)
  const today = dayOf(at, zone)
  const end = startOfDay(today + 1, zone)
  const asked =
    range === undefined
      ? { from: -Infinity, to: Infinity }
      : { from: startOf(range[0], zone), to: startOf(plus(range[1], 1), zone) }
  return {
    process: 'sale',
    businessZone: zone,
    zone,
    asked,
    interval: { from: asked.from, to: Math.min(asked.to, end) },
    open: range === undefined,
    today,
    now: at,
    elapsed: at,
    days,
    grain: grain === undefined ? undefined : (GRAINS.find((each) => each === grain) ?? 'day'),
  }
}

/** The scan and the reading of a series that went through every rewrite. */
function planned(asked: Asked): { scan: Aggregate; reading: Reading } {
  const window = windowOf(asked)
  const scan = {
    kind: 'aggregate',
    process: 'sale',
    window,
    time: undefined,
    base: window.grain,
    reads: [window.interval],
    fields: [],
    filters: [],
    scope: [],
    requests: [{ id: 'sales', metric: { snapshot: undefined } }],
  } as unknown as Aggregate
  let node: SeriesNode = { kind: 'pick', input: scan, request: 'sales' }
  if (asked.period !== undefined)
    node = {
      kind: 'period',
      input: node,
      period: readPeriod({ atStart: false, at: 'last', ...asked.period } as PeriodFile),
    }
  const { offsets = [], elapsed } = asked
  for (const [i, offset] of [...offsets.entries()].toReversed())
    node = { kind: 'shift', input: node, offset: readOffset(offset), by: 'day', elapsed: i === 0 ? elapsed : undefined }
  const join = { kind: 'join' as const, inputs: [{ id: 'sales', node }] }
  const plan: LogicalNode = { kind: 'compute', input: join, metrics: [] }
  const [of] = joinOf(rewrite(plan, CALENDARS)).inputs
  if (of === undefined) throw new Error('the series was lost')
  return { scan: pickOf(of.node).input as Aggregate, reading: new Reading(stepsOf(of.node), window, CALENDARS) }
}

/** How often each stretch of time is read: where the number changes, and by how much. */
function coverage(intervals: readonly Interval[], zone: string): string[] {
  const changes = new Map<number, number>()
  for (const { from, to } of intervals) {
    if (from >= to) continue
    changes.set(from, (changes.get(from) ?? 0) + 1)
    changes.set(to, (changes.get(to) ?? 0) - 1)
  }
  return [...changes]
    .filter(([, by]) => by !== 0)
    .sort(([a], [b]) => a - b)
    .map(([at, by]) => `${Number.isFinite(at) ? isoAt(at, zone) : at} ${by}`)
}

/** The positions of the range up to now, bucket by bucket. */
function bucketsOf({ range, now, grain, zone }: Asked, timing: Timing): number[][] {
  if (range === undefined) throw new Error('a range is needed')
  const end = Math.min(startOf(plus(range[1], 1), zone), Date.parse(now) + 1)
  const buckets = new Map<unknown, number[]>()
  for (let at = startOf(range[0], zone); at < end; at = next(at, timing)) {
    const label = grain === undefined ? '' : labelAt(at, grain, timing)
    buckets.set(label, [...(buckets.get(label) ?? []), at])
  }
  return [...buckets.values()]
}

function timingOf({ zone, grain, period, offsets = [] }: Asked): Timing {
  const texts = [grain ?? '', period?.trailing ?? '', period?.leading ?? '', ...offsets]
  const step = texts.some((text) => text.includes('hour')) ? 'hour' : 'day'
  return { zone, step, catalog: { metrics: [], modifiers: {}, seasons: SEASONS } }
}

/** Reads of one bucket by the plan; averaged ones apart. */
function ownReads(reading: Reading, positions: readonly number[]): Interval[][] {
  const read = reading.of(positions.map((at) => reading.timeline.at(at)))
  return read.kind === 'together' ? [[...read.intervals]] : read.intervals.map((each) => [...each])
}

function expectAsTheOracle(asked: Asked): void {
  const { zone, range, grain, period, offsets = [], elapsed } = asked
  const { scan, reading } = planned(asked)
  if (range === undefined || reading.isPlain) return
  const timing = timingOf(asked)
  const of: TimeOf = {
    window: { from: startOf(range[0], zone), to: startOf(plus(range[1], 1), zone), zone, open: false },
    timing,
    now: Date.parse(asked.now),
    grains: grain === undefined ? [] : [grain],
  }
  const shifts = offsets.map((offset, i) => ({ offset, cut: i === 0 && elapsed === 'same' }))
  const leaf = { period, shifts } as unknown as Parameters<typeof readsOf>[1]
  for (const positions of bucketsOf(asked, timing)) {
    const own = ownReads(reading, positions)
    const shown = (reads: readonly (readonly Interval[])[]) =>
      reads.map((each) => coverage(each, zone)).filter((each) => each.length > 0)
    expect(shown(own)).toEqual(shown(readsOf(positions, leaf, of)))
    for (const each of own) expectFolded(each, scan)
  }
}

/** What buckets of the scan's grain hold is what the intervals say: nothing is missing, and nothing stands beside it. */
function expectFolded(intervals: readonly Interval[], { base, reads, window }: Aggregate): void {
  const isRead = (part: Interval) => reads.some(({ from, to }) => from <= part.from && part.to <= to)
  for (const each of intervals) {
    if (each.from >= each.to) continue
    const end = startOfDay(window.today + 1, window.businessZone)
    const part = { from: Math.min(each.from, end), to: Math.min(each.to, end) }
    if (part.from < part.to) expect(isRead(part)).toBe(true)
    for (const edge of [each.from, each.to - 1]) {
      if (!Number.isFinite(edge)) continue
      const bucket = base === undefined || base === 'exact' ? undefined : baseAt(edge, base, window.zone)
      const around = bucket === undefined ? { from: -Infinity, to: Infinity } : boundsOf(bucket, base as Grain, window)
      for (const { from, to } of reads) {
        const beside = { from: Math.max(from, around.from), to: Math.min(to, around.to) }
        if (beside.from < beside.to) expect(each.from <= beside.from && beside.to <= each.to).toBe(true)
      }
    }
  }
}

function boundsOf(bucket: number, base: Grain, { zone }: Window): Interval {
  return { from: baseStart(bucket, base, zone), to: baseStart(nextBase(bucket, base, zone), base, zone) }
}

const PERIODS: readonly PeriodParts[] = [
  { trailing: '3 days' },
  { trailing: '1 month' },
  { trailing: '5 hours' },
  { trailing: 'all' },
  { leading: '2 days' },
  { leading: '1 week', trailing: '1 day' },
  { leading: 'all' },
  { trailing: '2 days', atStart: true },
  { leading: '1 month', atStart: true },
  { toDate: 'month' },
  { toDate: 'week', at: 'first' },
  { toDate: 'season' },
  { toDate: 'quarter', at: 'average' },
  { trailing: '2 days', at: 'average' },
  { trailing: '1 quarter', at: 'first' },
]
const OFFSETS = [
  '1 day',
  '7 days',
  '2 weeks',
  '1 month',
  '3 months',
  '1 quarter',
  '1 year',
  '3 hours',
  'start of month',
]
const RANGES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  hour: [['2024-02-28', '2024-03-01']],
  day: [
    ['2024-02-20', '2024-03-03'],
    ['2024-03-29', '2024-03-31'],
  ],
  week: [['2024-02-19', '2024-03-31']],
  month: [
    ['2024-01-01', '2024-03-31'],
    ['2024-03-01', '2024-03-31'],
  ],
  quarter: [['2024-01-01', '2024-06-30']],
  year: [['2023-01-01', '2024-12-31']],
}

const asked: fc.Arbitrary<Asked> = fc
  .record({
    zone: fc.constantFrom('UTC', 'Asia/Shanghai', 'Europe/Berlin'),
    now: fc.constantFrom('2024-03-31T10:31:00Z', '2024-03-01T00:00:00Z', '2025-06-01T12:00:00Z'),
    grain: fc.constantFrom(undefined, 'hour', 'day', 'week', 'month', 'quarter', 'year'),
    range: fc.nat(),
    period: fc.option(fc.constantFrom(...PERIODS), { nil: undefined }),
    offsets: fc.array(fc.constantFrom(...OFFSETS), { maxLength: 2 }),
    elapsed: fc.constantFrom(undefined, 'same' as const, 'whole' as const),
  })
  .map((each) => {
    const ranges = RANGES[each.grain ?? 'day'] ?? []
    return { ...each, range: ranges[each.range % ranges.length] }
  })
  .filter(({ grain, period, offsets, elapsed, zone, now }) => {
    const starts = offsets.some((offset) => offset.startsWith('start'))
    const isHours = [period?.trailing ?? '', ...offsets].some((text) => text.includes('hour'))
    // What the oracle does not tell: one value anchored at the start, elapsed parts of starts and of windows in coarse buckets.
    if (grain === undefined && period !== undefined && (period.atStart || starts)) return false
    if (elapsed === 'same' && (starts || (period !== undefined && !['hour', 'day'].includes(grain ?? '')))) return false
    return !(isHours && grain === 'year') && !(now.startsWith('2024-03-01') && zone === 'UTC' && elapsed === 'same')
  })

describe('what a bucket reads', () => {
  it('is what the rules of periods and offsets say', () => {
    fc.assert(fc.property(asked, expectAsTheOracle), { seed: 20261120, numRuns: 400 })
  })
})
