import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fault } from '../../src/base/faults.ts'
import { dayOf, GRAINS, type Grain, type Interval, parseDay, startOfDay } from '../../src/base/time.ts'
import type { PeriodFile } from '../../src/catalog/schema.ts'
import { readOffset, readPeriod } from '../../src/catalog/variant.ts'
import type { Aggregate, LogicalNode, SeriesNode } from '../../src/plan/logical.ts'
import { joinOf, pickOf } from '../../src/plan/logical.ts'
import { Reading } from '../../src/plan/reading.ts'
import { rewrite } from '../../src/plan/rewrite.ts'
import { stepsOf } from '../../src/plan/series.ts'
import { CalendarDays, type Calendars } from '../../src/query/calendar.ts'
import type { Field, Predicate, Window } from '../../src/query/resolved.ts'
import { baseAt, baseStart, nextBase } from '../../src/query/timeUnit.ts'
import type { PeriodParts } from '../crown/algebra/model.ts'
import { readsOf, type TimeOf } from '../crown/algebra/oracle/reading.ts'
import { labelAt, next, type Timing } from '../crown/algebra/oracle/spans.ts'
import { isoAt, plus, startOf } from '../crown/oracle/calendar.ts'

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
  /** When today ends, where that is the day of another zone. */
  readonly end?: string
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

function windowOf({ zone, now, range, grain, days = [], end: ends }: Asked): Window {
  const at = Date.parse(now)
  const today = dayOf(at, zone)
  const end = ends === undefined ? startOfDay(today + 1, zone) : Date.parse(ends)
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
    end,
    now: at,
    elapsed: at,
    days,
    grain: grain === undefined ? undefined : (GRAINS.find((each) => each === grain) ?? 'day'),
  }
}

/** The scan and the reading of each series, planned together and gone through every rewrite. */
function planned(together: readonly Asked[]): { scan: Aggregate; reading: Reading }[] {
  const inputs = together.map((asked, i) => ({ id: `${i}`, node: seriesOf(asked, `${i}`) }))
  const plan: LogicalNode = { kind: 'compute', input: { kind: 'join', inputs }, metrics: [] }
  return joinOf(rewrite(plan, CALENDARS)).inputs.map(({ node }) => {
    const scan = pickOf(node).input as Aggregate
    return { scan, reading: new Reading(stepsOf(node), scan.window, CALENDARS) }
  })
}

function seriesOf(asked: Asked, request: string): SeriesNode {
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
    requests: [{ id: request, metric: { snapshot: undefined } }],
  } as unknown as Aggregate
  let node: SeriesNode = { kind: 'pick', input: scan, request }
  const { offsets = [], elapsed, period } = asked
  if (period !== undefined)
    node = { kind: 'period', input: node, period: readPeriod({ atStart: false, at: 'last', ...period } as PeriodFile) }
  for (const [i, offset] of [...offsets.entries()].toReversed())
    node = { kind: 'shift', input: node, offset: readOffset(offset), by: 'day', elapsed: i === 0 ? elapsed : undefined }
  return node
}

/** How often each stretch of time is read: where the number changes, and by how much. */
function coverage(intervals: readonly Interval[]): [at: number, by: number][] {
  const changes = new Map<number, number>()
  for (const { from, to } of intervals) {
    if (from >= to) continue
    changes.set(from, (changes.get(from) ?? 0) + 1)
    changes.set(to, (changes.get(to) ?? 0) - 1)
  }
  return [...changes].filter(([, by]) => by !== 0).sort(([a], [b]) => a - b)
}

const coverages = (reads: readonly (readonly Interval[])[]) => reads.map(coverage).filter((each) => each.length > 0)

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

/** The buckets of a question, and what the oracle says that they read. */
function told(asked: Asked): { asked: Asked; buckets: { positions: number[]; reads: [number, number][][] }[] } {
  const { zone, range, grain, period, offsets = [], elapsed } = asked
  if (range === undefined) throw new Error('a range is needed')
  const timing = timingOf(asked)
  const of: TimeOf = {
    window: { from: startOf(range[0], zone), to: startOf(plus(range[1], 1), zone), zone, open: false },
    timing,
    now: Date.parse(asked.now),
    grains: grain === undefined ? [] : [grain],
  }
  const shifts = offsets.map((offset, i) => ({ offset, cut: i === 0 && elapsed === 'same' }))
  const leaf = { period, shifts } as unknown as Parameters<typeof readsOf>[1]
  const buckets = bucketsOf(asked, timing)
  return { asked, buckets: buckets.map((positions) => ({ positions, reads: coverages(readsOf(positions, leaf, of)) })) }
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

/** What each bucket of a series reads, as text. */
function shownReads(asked: Asked): string[] {
  const [of] = planned([asked])
  if (of === undefined) return []
  return bucketsOf(asked, timingOf(asked)).map((positions) =>
    ownReads(of.reading, positions)
      .map((each) =>
        coverage(each)
          .map(([at, by]) => `${isoAt(at, asked.zone)} ${by}`)
          .join(', '),
      )
      .join(' | '),
  )
}

/** As `shownReads`, midnight left out and beginnings alone signed: `2024-02-01 to 2024-03-01`. */
function daysRead(asked: Asked): string[] {
  return shownReads(asked).map((text) =>
    text
      .replaceAll(/T00:00:00[+-]\d\d:00/g, '')
      .replaceAll(/(\S+) 1, (\S+) -1/g, '$1 to $2')
      .replaceAll(/:00[+-]\d\d:00/g, ''),
  )
}

const MONDAYS: Predicate = {
  kind: 'compare',
  field: { name: 'time', part: 'dow', bucket: undefined } as unknown as Field,
  op: 'eq',
  value: '1',
}
const field = { name: 'time', part: undefined, bucket: undefined } as unknown as Field
const during = (from: string | undefined, to: string | undefined): Predicate => ({
  kind: 'during',
  field,
  from: from === undefined ? undefined : Date.parse(from),
  to: to === undefined ? undefined : Date.parse(to),
  negated: true,
})
const SHANGHAI = { zone: 'Asia/Shanghai', now: '2024-03-31T02:31:00Z' } as const

const QUESTIONS = fc
  .sample(asked, { seed: 20261120, numRuns: 400 })
  .filter(({ period, offsets = [] }) => period !== undefined || offsets.length > 0)
  .map(told)

describe('what a bucket reads', () => {
  it('is what the rules of periods and offsets say', () => {
    for (const { asked, buckets } of QUESTIONS)
      for (const { scan, reading } of planned([asked]))
        for (const { positions, reads } of buckets) {
          const own = ownReads(reading, positions)
          expect({ asked, reads: coverages(own) }).toEqual({ asked, reads })
          for (const each of own) expectFolded(each, scan)
        }
  })

  it('is in the scan that it shares with others, and nothing stands beside it', () => {
    for (const [i, { asked, buckets }] of QUESTIONS.entries()) {
      const { zone, now, grain, range } = asked
      const period = PERIODS[i % (PERIODS.length + 1)]
      const offsets = [OFFSETS[i % OFFSETS.length] ?? '1 day']
      const other = { zone, now, grain, range }
      const all = planned([asked, { ...other, period }, { ...other, offsets }])
      for (const { scan, reading } of all)
        if (!reading.isPlain && reading.timeline.step === planned([asked])[0]?.reading.timeline.step)
          for (const { positions } of buckets) for (const own of ownReads(reading, positions)) expectFolded(own, scan)
    }
  })

  it('is the same for offsets that nest and for their sum', () => {
    const whole = { ...SHANGHAI, range: ['2024-02-19', '2024-03-31'], grain: 'week' } as const
    for (const elapsed of [undefined, 'same', 'days', 'whole'] as const)
      for (const days of [[], [MONDAYS]])
        for (const period of [undefined, { trailing: '2 days' }, { trailing: '2 days', at: 'first' as const }]) {
          const around = { ...whole, elapsed, days, period }
          const once = shownReads({ ...around, offsets: ['7 days'] })
          expect(shownReads({ ...around, offsets: ['3 days', '4 days'] })).toEqual(once)
          expect(shownReads({ ...around, offsets: ['2 weeks', '7 days'] })).toEqual(
            shownReads({ ...around, offsets: ['21 days'] }),
          )
        }
  })

  it('is cut as the range cuts the bucket, an end at the end of its month', () => {
    const months = { ...SHANGHAI, grain: 'month' } as const
    expect(daysRead({ ...months, range: ['2024-01-10', '2024-03-20'], offsets: ['1 month'] })).toEqual([
      '2023-12-10 to 2024-01-01',
      '2024-01-01 to 2024-02-01',
      '2024-02-01 to 2024-02-21',
    ])
    expect(daysRead({ ...months, range: ['2024-03-02', '2024-03-30'], offsets: ['1 month'] })).toEqual([
      '2024-02-02 to 2024-03-01',
    ])
    expect(daysRead({ ...months, range: ['2024-01-01', '2024-02-28'], offsets: ['1 month', '2 months'] })).toEqual([
      '2023-10-01 to 2023-11-01',
      '2023-11-01 to 2023-11-29',
    ])
  })

  it('ends with what has elapsed in the bucket that holds now, and in no other', () => {
    const cut = { ...SHANGHAI, offsets: ['1 month'], elapsed: 'same' as const }
    expect(daysRead({ ...cut, range: ['2024-02-01', '2024-03-31'], grain: 'month' })).toEqual([
      '2024-01-01 to 2024-02-01',
      '2024-02-01 to 2024-02-29T10:31',
    ])
    expect(daysRead({ ...cut, range: ['2024-03-29', '2024-03-31'], grain: 'day' })).toEqual([
      '2024-02-29 to 2024-03-01',
      '2024-02-29 to 2024-03-01',
      '2024-02-29 to 2024-02-29T10:31',
    ])
    // By the minute, where a day before it reads beyond it.
    expect(
      daysRead({ ...cut, now: '2024-03-31T02:31:30Z', range: ['2024-03-30', '2024-03-31'], grain: 'day' }),
    ).toEqual(['2024-02-29 to 2024-03-01', '2024-02-29 to 2024-02-29T10:31'])
    expect(daysRead({ ...cut, elapsed: 'days', range: ['2024-03-01', '2024-03-31'], grain: 'month' })).toEqual([
      '2024-02-01 to 2024-02-29',
    ])
    expect(daysRead({ ...cut, elapsed: 'whole', range: ['2024-03-01', '2024-03-31'], grain: 'month' })).toEqual([
      '2024-02-01 to 2024-03-01',
    ])
    // The last elapsed day gives an unfinished month its window.
    const quarter = {
      ...SHANGHAI,
      now: '2024-02-10T02:31:00Z',
      range: ['2024-01-01', '2024-03-31'],
      grain: 'quarter',
    } as const
    expect(daysRead({ ...quarter, period: { trailing: '2 days' }, offsets: ['1 year'], elapsed: 'same' })).toEqual([
      '2023-02-09 to 2023-02-10T10:31',
    ])
    expect(
      daysRead({
        ...quarter,
        period: { toDate: 'month', at: 'average' },
        offsets: ['1 year'],
        elapsed: 'same',
      })[0]?.split(' | ').length,
    ).toBe(41)
  })

  it('is anchored at the range without time groups', () => {
    const none = { ...SHANGHAI, range: ['2024-03-05', '2024-03-10'], grain: undefined } as const
    expect(daysRead({ ...none, period: { trailing: '3 days' } })).toEqual(['2024-03-08 to 2024-03-11'])
    expect(daysRead({ ...none, period: { trailing: '3 days', atStart: true } })).toEqual(['2024-03-02 to 2024-03-05'])
    expect(daysRead({ ...none, offsets: ['start of month'] })).toEqual(['2024-03-01 to 2024-03-02'])
  })

  it('is nothing outside of a calendar', () => {
    const around = { ...SHANGHAI, range: ['2024-03-04', '2024-03-05'] } as const
    for (const grain of [undefined, 'day'])
      expect(daysRead({ ...around, grain, offsets: ['2 season'] }).join('')).toBe('')
    expect(daysRead({ ...around, grain: undefined, period: { trailing: '2 season' } })).toEqual([''])
    expect(daysRead({ ...around, grain: 'day', period: { trailing: '2 season' } })).toEqual(['', ''])
    expect(daysRead({ ...around, grain: 'day', offsets: ['1 season'] })).toEqual([
      '2024-02-05 to 2024-02-06',
      '2024-02-06 to 2024-02-07',
    ])
    const partly = { ...SHANGHAI, range: ['2024-03-03', '2024-03-05'], grain: 'day', offsets: ['1 season'] } as const
    expect(daysRead(partly)).toEqual(['', '2024-02-05 to 2024-02-06', '2024-02-06 to 2024-02-07'])
    const [of] = planned([partly])
    expect(
      of?.scan.reads.some(
        ({ from, to }) => from <= Date.parse('2024-02-04T16:00Z') && to >= Date.parse('2024-02-06T16:00Z'),
      ),
    ).toBe(true)
  })

  it('is told apart as finely as conditions on time and stretches ask', () => {
    const days = { ...SHANGHAI, range: ['2024-03-04', '2024-03-20'], grain: 'week', offsets: ['1 week'] } as const
    const tells = (asked: Asked) => {
      const [of] = planned([asked])
      return [of?.scan.base, of?.reading.timeline.step]
    }
    expect(tells(days)).toEqual(['week', 'day'])
    expect(tells({ ...days, days: [MONDAYS] })).toEqual(['day', 'day'])
    expect(tells({ ...days, days: [during('2024-03-05T16:00Z', '2024-03-06T16:00Z')] })).toEqual(['day', 'day'])
    expect(tells({ ...days, days: [during('2024-03-05T16:00Z', '2024-03-06T04:00Z')] })).toEqual(['hour', 'hour'])
    expect(
      tells({ ...days, days: [{ kind: 'any', items: [MONDAYS, during('2024-03-05T16:01Z', undefined)] }] }),
    ).toEqual(['minute', 'minute'])
    expect(
      tells({ ...days, days: [{ kind: 'all', items: [during(undefined, '2024-03-05T17:00Z'), MONDAYS] }] }),
    ).toEqual(['hour', 'hour'])
    const hour: Predicate = { kind: 'oneOf', field: { ...field, part: 'hour' }, values: ['9'], matchNull: false }
    expect(tells({ ...days, days: [hour] })).toEqual(['hour', 'hour'])
    expect(tells({ ...days, offsets: [], days: [hour] })[0]).toBe('hour')
    expect(tells({ ...days, offsets: [], grain: undefined, days: [MONDAYS] })[0]).toBe('day')
    expect(tells({ ...days, offsets: ['30 minutes'] })).toEqual(['minute', 'minute'])
    expect(tells({ ...days, offsets: [], period: { leading: '30 minutes' } })).toEqual(['minute', 'minute'])
    expect(tells({ ...days, grain: 'day', offsets: [], period: { trailing: '2 hours' } })).toEqual(['hour', 'hour'])
    expect(tells({ ...days, grain: undefined, offsets: ['1 day'] })[0]).toBe(undefined)
    expect(tells({ ...days, grain: undefined, offsets: ['1 day'], days: [hour] })[0]).toBe('hour')
    expect(() => tells({ ...days, days: [during('2024-03-05T16:00:30Z', undefined)] })).toThrow(Fault)
  })

  it('is nothing before now where the range lies behind it', () => {
    const [of] = planned([{ ...SHANGHAI, range: ['2024-05-01', '2024-05-02'], grain: 'day', offsets: ['1 day'] }])
    expect(of?.scan.reads).toEqual([])
    expect(of?.reading.of([])).toEqual({ kind: 'together', intervals: [] })
  })
})

/** What the scan of a series reads, as text. */
function scanned(asked: Asked): string[] {
  const text = (at: number) =>
    Number.isFinite(at)
      ? isoAt(at, asked.zone)
          .replace(/T00:00:00[+-]\d\d:00/, '')
          .replace(/:00[+-]\d\d:00/, '')
      : String(at)
  return planned([asked]).flatMap(({ scan }) => scan.reads.map(({ from, to }) => `${text(from)} to ${text(to)}`))
}

describe('a scan for buckets that one window stands for', () => {
  const months = { ...SHANGHAI, range: ['2024-01-10', '2024-03-31'], grain: 'month' } as const
  const period = { trailing: '3 days' } as const

  it('reads their windows and nothing between', () => {
    expect(scanned({ ...months, period })).toEqual([
      '2024-01-29 to 2024-02-01',
      '2024-02-27 to 2024-03-01',
      '2024-03-29 to 2024-04-01',
    ])
    expect(scanned({ ...months, range: ['2024-01-10', '2024-02-14'], period })).toEqual([
      '2024-01-29 to 2024-02-01',
      '2024-02-12 to 2024-02-15',
    ])
    expect(scanned({ ...months, period: { ...period, at: 'first' } })).toEqual([
      '2024-01-08 to 2024-01-11',
      '2024-01-30 to 2024-02-02',
      '2024-02-28 to 2024-03-02',
    ])
    expect(scanned({ ...months, period: { ...period, atStart: true } })).toEqual([
      '2023-12-29 to 2024-01-01',
      '2024-01-29 to 2024-02-01',
      '2024-02-27 to 2024-03-01',
    ])
    expect(scanned({ ...months, period: { ...period, atStart: true, at: 'average' } })).toHaveLength(3)
    expect(scanned({ ...months, period, offsets: ['7 days'] })).toEqual([
      '2024-01-22 to 2024-01-25',
      '2024-02-20 to 2024-02-23',
      '2024-03-22 to 2024-03-25',
    ])
    expect(scanned({ ...months, offsets: ['start of week'] })).toEqual([
      '2024-01-01 to 2024-01-02',
      '2024-01-29 to 2024-01-30',
      '2024-02-26 to 2024-02-27',
    ])
  })

  it('joins windows that touch, and ends with today', () => {
    expect(scanned({ ...months, period: { trailing: '31 days' } })).toEqual(['2024-01-01 to 2024-04-01'])
    expect(scanned({ ...months, period: { leading: '3 days' } })).toEqual([
      '2024-02-01 to 2024-02-04',
      '2024-03-01 to 2024-03-04',
    ])
    const none = { ...months, range: ['2024-03-01', '2024-03-31'], now: '2024-03-01T02:31:00Z' } as const
    expect(scanned({ ...none, period: { leading: '2 days', trailing: '1 day' } })).toEqual(['2024-03-01 to 2024-03-02'])
  })

  it('reads a bucket that is not over as far as it has come', () => {
    const now = '2024-03-20T02:31:00Z'
    expect(scanned({ ...months, now, period })).toEqual([
      '2024-01-29 to 2024-02-01',
      '2024-02-27 to 2024-03-01',
      '2024-03-18 to 2024-03-21',
    ])
    // The business day goes on into the 21st and the 22nd of Shanghai, which have not come.
    const ahead = { ...months, now, end: '2024-03-21T20:00:00Z' } as const
    expect(scanned({ ...ahead, period })).toEqual(scanned({ ...months, now, period }))
    expect(scanned({ ...ahead, range: ['2024-03-21', '2024-03-31'], period })).toEqual([
      '2024-03-20 to 2024-03-22T04:00',
    ])
    expect(scanned({ ...ahead, range: ['2024-03-21', '2024-03-31'], grain: 'day', period })).toEqual([])
  })

  it('reads what lies between for averages, conditions on time, and without a range', () => {
    expect(scanned({ ...months, period: { ...period, at: 'average' } })).toEqual(['2024-01-08 to 2024-04-01'])
    expect(scanned({ ...months, period, days: [MONDAYS] })).toEqual(['2024-01-08 to 2024-04-01'])
    expect(scanned({ ...months, range: undefined, period })).toEqual(['-Infinity to 2024-04-01'])
    expect(scanned({ ...months, grain: 'day', period })).toEqual(['2024-01-08 to 2024-04-01'])
    expect(scanned({ ...months, grain: undefined, period })).toEqual(['2024-03-29 to 2024-04-01'])
    expect(scanned({ ...months, offsets: ['40 days'] })).toEqual(['2023-12-01 to 2024-02-21'])
  })

  it('reads what lies between where they are more than a hundred', () => {
    const hundred = { ...months, range: ['2015-12-01', '2024-03-31'], period } as const
    expect(scanned(hundred)).toHaveLength(100)
    expect(scanned({ ...hundred, range: ['2015-11-01', '2024-03-31'] })).toEqual(['2015-10-30 to 2024-04-01'])
  })
})
