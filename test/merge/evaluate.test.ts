import { describe, expect, it } from 'vitest'
import { fromInteger } from '../../src/base/decimal.ts'
import { Fault } from '../../src/base/faults.ts'
import type { Finality } from '../../src/base/finality.ts'
import { dayFrom, HOUR } from '../../src/base/time.ts'
import type { Period } from '../../src/catalog/catalog.ts'
import { count } from '../../src/merge/aggregates/count.ts'
import { type EvaluateContext, type Evaluated, evaluate, type ScanTable } from '../../src/merge/evaluate.ts'
import { FinalityMap } from '../../src/merge/finality.ts'
import { finish } from '../../src/merge/finish.ts'
import type { Key, Value } from '../../src/merge/value.ts'
import type { Aggregate, Convert, Scan, SeriesNode } from '../../src/plan/logical.ts'
import type { QuestionKey, ResolvedQuestion, Window } from '../../src/query/resolved.ts'
import type { PhysicalAggregate } from '../../src/route/physical.ts'
import { DAY, fieldKey, MONTH } from './answerKeys.ts'

/**
 * Small answers put together by hand: what was read, and how final its days are. November 2026, and now is the 20th at
 * 10:31 UTC. Values and finalities are worked out from the rules.
 */

const HOURLY: QuestionKey = { kind: 'time', name: 'hour', unit: { kind: 'grain', grain: 'hour' } }
const MINUTELY: QuestionKey = { kind: 'time', name: 'minute', unit: { kind: 'grain', grain: 'minute' } }
const HOUR_OF_DAY: QuestionKey = { kind: 'time', name: 'hour_of_day', unit: { kind: 'part', part: 'hour' } }
const DAY_OF_WEEK: QuestionKey = { kind: 'time', name: 'dow', unit: { kind: 'part', part: 'dow' } }

const NOW = at(20, 10, 31)
const END_OF_TODAY = at(21)

function at(day: number, hour = 0, minute = 0): number {
  return Date.UTC(2026, 10, day, hour, minute)
}

function day(number: number, month = 11): number {
  return dayFrom(2026, month, number)
}

type Runs = readonly (readonly [first: number, last: number, finality: Finality])[]

interface Process {
  readonly name: string
  readonly zone?: string
  /** Half-open; none = everything. */
  readonly range?: readonly [number, number]
  readonly base?: Aggregate['base']
  readonly runs: Runs
  /** Base bucket, then fields, then how many events; undefined for a state of another request. */
  readonly rows: readonly (readonly [...Key[], number])[]
  readonly period?: Period
}

function windowOf({ name, zone = 'UTC', range }: Pick<Process, 'name' | 'zone' | 'range'>): Window {
  const [from, to] = range ?? [-Infinity, Infinity]
  return {
    process: name,
    businessZone: zone,
    zone,
    asked: { from, to },
    interval: { from, to: Math.min(to, END_OF_TODAY) },
    open: range === undefined,
    today: day(20),
    end: END_OF_TODAY,
    now: NOW,
    elapsed: NOW,
    days: [],
    grain: undefined,
  }
}

// Of questions, requests and routes only what is looked at is given.
function scanOf(process: Pick<Process, 'name' | 'zone' | 'range' | 'base'>): Aggregate {
  const window = windowOf(process)
  const parts = { kind: 'aggregate', process: process.name, window, base: process.base, reads: [window.interval] }
  return { ...parts, time: undefined, fields: [], filters: [], scope: [], requests: [] } as unknown as Aggregate
}

function mapOf(node: Aggregate, request: string, runs: Runs, zone = 'UTC'): PhysicalAggregate {
  const days = runs.map(([firstDay, lastDay, finality]) => ({ firstDay, lastDay, finality }))
  return {
    node,
    time: { businessZone: zone },
    maps: [{ coverage: [{ request: { id: request } }], runs: days }],
  } as unknown as PhysicalAggregate
}

function tableOf(name: string, rows: Process['rows']): ScanTable {
  const width = (rows[0]?.length ?? 1) - 1
  const keys = Array.from({ length: width }, (_, i) => rows.map((row) => row[i] ?? null))
  const cells = rows.map((row) => fromInteger(Number(row.at(-1))))
  const states = new Map([[name, { aggregate: count as never, cells }]])
  return { groups: { keys, size: rows.length, states }, snapshots: new Map(), isDistinct: true }
}

function contextOf(
  keys: readonly QuestionKey[],
  reads: readonly { id: string; node: SeriesNode; table: ScanTable }[],
  maps: readonly PhysicalAggregate[],
): EvaluateContext {
  const scan = (node: SeriesNode): Scan => (node.kind === 'pick' ? node.input : scan(node.input))
  return {
    question: { keys, calendars: new Map(), metrics: [], series: [] } as unknown as ResolvedQuestion,
    join: { kind: 'join', inputs: reads.map(({ id, node }) => ({ id, node })) },
    tables: new Map(reads.map(({ node, table }) => [scan(node), table])),
    finality: new FinalityMap(maps),
    wholes: new Map(),
  }
}

function answer(keys: readonly QuestionKey[], ...processes: readonly Process[]): Evaluated {
  const reads = processes.map((process) => {
    const { name, period, rows } = process
    const scan = scanOf(process)
    const pick = { kind: 'pick', input: scan, request: name } as const
    const node: SeriesNode = period === undefined ? pick : { kind: 'period', input: pick, period }
    return { id: name, node, scan, table: tableOf(name, rows) }
  })
  const maps = processes.map(({ name, runs, zone }, i) => mapOf(reads[i]?.scan ?? ({} as Aggregate), name, runs, zone))
  return evaluate(contextOf(keys, reads, maps), keys)
}

/** Rows by their keys: how many events there are, and how final that is. */
function told({ rows, series }: Evaluated, name: string): Record<string, [Value | undefined, Finality | undefined]> {
  const of = series.get(name)
  const entries = Array.from({ length: rows.size }, (_, row) => {
    const value = of?.values[row]
    const number = typeof value === 'object' && value !== null ? Number(value.units) : value
    return [rows.keysOf(row).join(), [number, of?.finality(row)]] as const
  })
  return Object.fromEntries(entries) as Record<string, [Value | undefined, Finality | undefined]>
}

describe('hours that another process cut in the middle of ours', () => {
  // Hours of Kolkata begin at half past.
  const kolkata = (...hours: number[]): Process => ({
    name: 'there',
    zone: 'Asia/Kolkata',
    base: 'hour',
    range: [at(9, 18, 30), at(11, 18, 30)],
    runs: [],
    rows: hours.map((hour): [Key, number] => [hour, 1]),
  })
  const here = (range: [number, number], runs: Runs): Process => ({
    name: 'here',
    base: 'hour',
    range,
    runs,
    rows: [[at(10, 5), 2]],
  })
  const rows = [at(9, 18, 30), at(9, 23, 30), at(10, 5, 30), at(10, 23, 30)] as const

  it('are as final as what of them lies in our range', () => {
    const runs: Runs = [
      [day(8), day(9), 'missing'],
      [day(10), day(10), 'final'],
      [day(11), day(11), 'provisional'],
    ]
    for (const keys of [[HOURLY], [HOURLY, DAY_OF_WEEK]]) {
      const long = Object.values(told(answer(keys, here([at(10), at(12)], runs), kolkata(...rows)), 'here'))
      expect(long.map(([, finality]) => finality)).toEqual(['final', 'final', 'final', 'final', 'provisional'])
      const short = Object.values(told(answer(keys, here([at(10), at(11)], runs), kolkata(...rows)), 'here'))
      expect(short.map(([, finality]) => finality)).toEqual(['final', 'final', 'final', 'final', 'final'])
    }
  })

  it('are nothing of ours where they end before our range begins', () => {
    const runs: Runs = [[day(9), day(12), 'provisional']]
    const all = Object.values(told(answer([HOURLY], here([at(10), at(12)], runs), kolkata(...rows)), 'here'))
    expect(all.map(([, finality]) => finality)).toEqual([
      'provisional',
      'final',
      'provisional',
      'provisional',
      'provisional',
    ])
  })

  it('say nothing by parts of days, which no hour begins', () => {
    const runs: Runs = [[day(9), day(12), 'provisional']]
    const ours: Process = { ...here([at(10), at(10, 6)], runs) }
    const { 23: late } = told(answer([HOUR_OF_DAY], ours, { ...kolkata(at(10, 17, 30)), zone: 'Asia/Kolkata' }), 'here')
    expect(late).toEqual([undefined, 'final'])
  })
})

describe('hours that have not come', () => {
  it('are as final as today, by the hour and by parts', () => {
    const runs: Runs = [
      [day(1), day(19), 'final'],
      [day(20), day(20), 'provisional'],
    ]
    const late: Process = { name: 'late', base: 'hour', range: [at(20), at(21)], runs, rows: [[at(20, 15), 1]] }
    expect(told(answer([HOURLY], late), 'late')).toEqual({ [at(20, 15)]: [1, 'provisional'] })
    expect(told(answer([HOUR_OF_DAY], late), 'late')).toEqual({ 15: [1, 'provisional'] })
  })

  it('are no rows where they miss, unless their bucket has begun', () => {
    const runs: Runs = [[day(20), day(20), 'missing']]
    const rest: Process = { name: 'rest', base: 'hour', range: [at(20, 12), at(21)], runs, rows: [] }
    for (const keys of [[HOURLY], [HOUR_OF_DAY], [HOURLY, DAY]]) expect(told(answer(keys, rest), 'rest')).toEqual({})
    expect(told(answer([DAY], rest), 'rest')).toEqual({ [day(20)]: [undefined, 'missing'] })
    expect(told(answer([MONTH], rest), 'rest')).toEqual({ [day(1)]: [undefined, 'missing'] })
    const since: Process = { ...rest, range: [at(20, 9), at(21)] }
    const missing = [undefined, 'missing']
    expect(told(answer([HOURLY], since), 'rest')).toEqual({ [at(20, 9)]: missing, [at(20, 10)]: missing })
    // What is left of a business day of UTC from 16:00 on is the next day of Shanghai: it has not come, its month has.
    const next: Process = {
      name: 'next',
      zone: 'Asia/Shanghai',
      base: 'day',
      range: [at(20, 16), at(21)],
      runs: [[day(21), day(21), 'missing']],
      rows: [],
    }
    expect(told(answer([DAY], next), 'next')).toEqual({})
    expect(told(answer([MONTH, DAY_OF_WEEK], next), 'next')).toEqual({})
    expect(told(answer([MONTH], next), 'next')).toEqual({ [day(1)]: missing })
  })
})

describe('without a range', () => {
  it('the first bucket begins before its first data where that is not final yet', () => {
    const runs: Runs = [
      [day(1, 9), day(16), 'final'],
      [day(17), day(17), 'provisional'],
      [day(18), day(20), 'final'],
    ]
    const late: Process = { name: 'late', base: 'day', runs, rows: [[day(19), 3]] }
    expect(told(answer([MONTH], late), 'late')).toEqual({ [day(1)]: [3, 'provisional'] })
    expect(told(answer([DAY], late), 'late')).toEqual({ [day(19)]: [3, 'final'] })
    const before: Runs = [
      [day(1, 9), day(16, 10), 'provisional'],
      [day(17, 10), day(20), 'final'],
    ]
    expect(told(answer([MONTH], { ...late, runs: before }), 'late')).toEqual({ [day(1)]: [3, 'final'] })
  })

  it('the first data of all processes begins the buckets of each', () => {
    const early: Process = {
      name: 'early',
      base: 'day',
      runs: [[day(1, 9), day(20), 'final']],
      rows: [
        [day(5, 9), 1],
        [day(6), 1],
      ],
    }
    const runs: Runs = [
      [day(1, 9), day(2, 9), 'final'],
      [day(3, 9), day(3, 9), 'provisional'],
      [day(4, 9), day(20), 'final'],
    ]
    const late: Process = { name: 'late', base: 'day', runs, rows: [[day(19), 3]] }
    for (const processes of [
      [early, late],
      [late, early],
    ])
      expect(told(answer([MONTH], ...processes), 'late')).toEqual({
        [day(1, 9)]: [undefined, 'provisional'],
        [day(1)]: [3, 'final'],
      })
  })

  it('nothing at all is no row, and no bucket to be filled', () => {
    const none: Process = { name: 'none', base: 'day', runs: [[day(1), day(20), 'provisional']], rows: [] }
    const nothing = answer([DAY], none)
    expect([nothing.rows.size, nothing.buckets('none'), nothing.buckets('another')]).toEqual([0, [], []])
    const ahead = answer([DAY], { ...none, period: windowAhead(2) })
    expect([ahead.rows.size, ahead.buckets('none')]).toEqual([0, []])
  })

  it('windows ahead begin with the first data, whichever group has it', () => {
    const country = fieldKey('country')
    const rows: Process['rows'] = [
      [day(10), 'JP', 1],
      [day(14), 'US', 2],
      [day(12), 'JP', 4],
      [day(8), 'US', 8],
    ]
    const process: Process = {
      name: 'ahead',
      base: 'day',
      runs: [[day(1), day(20), 'provisional']],
      rows,
      period: windowAhead(2),
    }
    const cells = Object.entries(told(answer([DAY, country], process), 'ahead'))
    const counted = cells.map(([key, [value]]) => [key, value])
    expect(new Set(cells.map(([, [, finality]]) => finality))).toEqual(new Set(['provisional']))
    // Of each day those of the two days behind it.
    expect(Object.fromEntries(counted)).toEqual({
      [`${day(8)},JP`]: 1,
      [`${day(9)},JP`]: 1,
      [`${day(10)},JP`]: 4,
      [`${day(11)},JP`]: 4,
      [`${day(12)},US`]: 2,
      [`${day(13)},US`]: 2,
    })
  })
})

function windowAhead(count: number): Period {
  return period({ leading: { count, unit: 'day' } })
}

function period(more: Partial<Period>): Period {
  return { trailing: undefined, leading: undefined, toDate: undefined, atStart: false, at: 'last', ...more } as Period
}

describe('a window', () => {
  it('of too many cells is refused, before anything is computed', () => {
    const rows = Array.from({ length: 10_000 }, (_, i): [Key, Key, number] => [at(1), i, 1])
    const process: Process = {
      name: 'many',
      base: 'minute',
      range: [at(20) - 2001 * 60_000, at(20)],
      runs: [[day(1), day(20), 'final']],
      rows,
      period: period({ trailing: { count: 2, unit: 'minute' } }),
    }
    const thrown = (): Fault => {
      try {
        answer([MINUTELY, fieldKey('user', 'integer')], process)
      } catch (error) {
        if (error instanceof Fault) return error
      }
      throw new Error('nothing was refused')
    }
    const { code, errors } = thrown()
    expect([code, errors.map((each) => each.pointer)]).toEqual(['OVER_BUDGET', ['/metrics']])
  })

  it('of a bucket that is not over is as final as the days up to now, of which its value is', () => {
    // In Shanghai it is the evening of the 20th, and the business day of UTC goes on until the 21st there.
    const process: Process = {
      name: 'evening',
      zone: 'Asia/Shanghai',
      base: 'day',
      range: [at(-1, 16), at(21)],
      runs: [
        [day(1), day(18), 'final'],
        [day(19), day(19), 'missing'],
        [day(20), day(21), 'provisional'],
      ],
      rows: [
        [day(18), 4],
        [day(20), 1],
      ],
      period: period({ trailing: { count: 2, unit: 'day' } }),
    }
    expect(told(answer([MONTH], process), 'evening')).toEqual({ [day(1)]: [1, 'missing'] })
  })
})

describe('what is withheld', () => {
  it('is counted: the rows that are not final', () => {
    const runs: Runs = [
      [day(1), day(3), 'final'],
      [day(4), day(5), 'provisional'],
    ]
    const rows = [1, 2, 4, 5, 3].map((number): [Key, number] => [day(number), 1])
    const scan = scanOf({ name: 'some', base: 'day', range: [at(1), at(6)] })
    const node = { kind: 'pick', input: scan, request: 'some' } as const
    const context = contextOf([DAY], [{ id: 'some', node, table: tableOf('some', rows) }], [mapOf(scan, 'some', runs)])
    const compute = { kind: 'compute', input: context.join, metrics: [] } as const
    const { withheld, keys } = finish({ kind: 'withhold', input: compute }, context)
    expect([withheld, keys]).toEqual([2, [[day(1), day(2), day(3)]]])
  })
})

describe('a series', () => {
  it('is by buckets of time, never by single events, and of what was read', () => {
    const events: Process = {
      name: 'events',
      base: 'exact',
      range: [at(1), at(2)],
      runs: [[day(1), day(1), 'final']],
      rows: [[at(1), 1]],
    }
    expect(() => answer([DAY], events)).toThrow(TypeError)
    expect(() => answer([DAY], { ...events, base: undefined })).toThrow(TypeError)
  })
})

/** Visits that were followed by buys within two days; Infinity for ever. */
function conversions(
  range: readonly [number, number] | undefined,
  visits: Runs,
  buys: Runs,
  rows: Process['rows'],
  keys: readonly QuestionKey[] = [DAY],
  within = 48 * HOUR,
): Evaluated {
  const from = scanOf({ name: 'visits', base: 'exact', ...(range === undefined ? {} : { range }) })
  const follow = { ...scanOf({ name: 'buys', base: 'exact' }), reads: [{ from: at(1), to: at(12) }] }
  const limit = within === Infinity ? undefined : within
  const conversion = { base: { id: 'visits' }, follow: { id: 'buys' }, within: limit }
  const scan = {
    kind: 'convert',
    id: 'followed',
    conversion,
    window: from.window,
    reads: from.reads,
    base: 'day',
    selects: [],
    from,
    follow,
  }
  const node = { kind: 'pick', input: scan as unknown as Convert, request: 'followed' } as const
  const table = { ...tableOf('followed', rows), isDistinct: false }
  const maps = [mapOf(from, 'visits', visits), mapOf(follow, 'buys', buys)]
  return evaluate(contextOf(keys, [{ id: 'followed', node, table }], maps), keys)
}

/** What is kept of each month's counts: by day, and perhaps by warehouse. */
function kept(keep: 'first' | 'last', runs: Runs, rows: Process['rows'], by: string[] = []) {
  const scan = scanOf({ name: 'stock', base: 'day', range: [at(1), at(11)] })
  const node = { kind: 'pick', input: scan, request: 'stock' } as const
  const read = tableOf('stock', rows).groups
  // The moment is a day, too.
  const groups = { ...read, keys: [...read.keys.slice(0, 1), ...read.keys] }
  const plain = { groups: { ...groups, size: 0 }, isDistinct: true }
  const table = { ...plain, snapshots: new Map([['stock', { snapshot: { keep, by, grain: 'day' as const }, groups }]]) }
  const evaluated = evaluate(contextOf([MONTH], [{ id: 'stock', node, table }], [mapOf(scan, 'stock', runs)]), [MONTH])
  return told(evaluated, 'stock')[day(1)]
}

describe('a kept moment', () => {
  const rows: Process['rows'] = [
    [day(5), 4],
    [day(3), 2],
  ]
  const only = (number: number, finality: Finality): Runs => [
    [day(1), day(number - 1), 'final'],
    [day(number), day(number), finality],
    [day(number + 1), day(20), 'final'],
  ]

  it('is as final as the days on its own side, and its own', () => {
    expect(kept('last', only(2, 'missing'), rows)).toEqual([4, 'final'])
    expect(kept('last', only(4, 'missing'), rows)).toEqual([4, 'final'])
    expect(kept('last', only(5, 'provisional'), rows)).toEqual([4, 'provisional'])
    expect(kept('last', only(7, 'missing'), rows)).toEqual([4, 'missing'])
    expect(kept('first', only(2, 'missing'), rows)).toEqual([2, 'missing'])
    expect(kept('first', only(3, 'provisional'), rows)).toEqual([2, 'provisional'])
    expect(kept('first', only(4, 'missing'), rows)).toEqual([2, 'final'])
    expect(kept('first', only(7, 'missing'), rows)).toEqual([2, 'final'])
  })

  it('of each warehouse is as final as all days: another may have been counted on any', () => {
    const one: Process['rows'] = rows.map(([base, number]) => [base ?? null, 'w1', Number(number)])
    expect(kept('last', only(2, 'missing'), one, ['warehouse'])).toEqual([4, 'missing'])
    const two: Process['rows'] = [...one, [day(4), 'w2', 8]]
    expect(kept('last', only(2, 'provisional'), two, ['warehouse'])).toEqual([12, 'provisional'])
    expect(kept('first', only(9, 'provisional'), two, ['warehouse'])).toEqual([10, 'provisional'])
  })
})

describe('an average of windows', () => {
  it('is as final as the worst of them', () => {
    const process: Process = {
      name: 'some',
      base: 'day',
      range: [at(1), at(11)],
      runs: [
        [day(20, 10), day(4), 'final'],
        [day(5), day(5), 'provisional'],
        [day(6), day(20), 'final'],
      ],
      rows: [
        [day(2), 3],
        [day(3), 6],
      ],
      period: period({ trailing: { count: 2, unit: 'day' }, at: 'average' }),
    }
    // Windows of two days that end on the 2nd, 3rd and 4th: 3, 9 and 6.
    expect(told(answer([MONTH], process), 'some')).toEqual({ [day(1)]: [6, 'provisional'] })
  })
})

describe('conversions', () => {
  const final: Runs = [[day(1), day(20), 'final']]

  it('of the days before a day that misses what follows are missing, rows or none', () => {
    const buys: Runs = [
      [day(1), day(9), 'final'],
      [day(10), day(10), 'missing'],
      [day(11), day(20), 'final'],
    ]
    const expected = {
      [day(7)]: [4, 'final'],
      [day(8)]: [undefined, 'missing'],
      [day(9)]: [undefined, 'missing'],
      [day(10)]: [undefined, 'missing'],
    }
    expect(told(conversions([at(6), at(11)], final, buys, [[day(7), 4]]), 'followed')).toEqual(expected)
    const open = { ...expected, [day(12)]: [1, 'provisional'] }
    expect(
      told(
        conversions(undefined, final, buys, [
          [day(12), 1],
          [day(7), 4],
        ]),
        'followed',
      ),
    ).toEqual(open)
    const { [day(7)]: _, ...late } = open
    expect(told(conversions(undefined, final, buys, [[day(12), 1]]), 'followed')).toEqual(late)
  })

  it('that may follow whenever are as final as everything behind them', () => {
    const buys = (finality: Finality): Runs => [
      [day(1), day(17), 'final'],
      [day(18), day(18), finality],
      [day(19), day(20), 'final'],
    ]
    const ever = (finality: Finality) => {
      const evaluated = conversions([at(7), at(8)], final, buys(finality), [[day(7), 4]], [DAY], Infinity)
      return told(evaluated, 'followed')[day(7)]
    }
    expect([ever('missing'), ever('final')]).toEqual([
      [4, 'missing'],
      [4, 'provisional'],
    ])
  })

  it('of a day that misses itself are missing', () => {
    const visits: Runs = [
      [day(1), day(4), 'final'],
      [day(5), day(5), 'missing'],
      [day(6), day(20), 'final'],
    ]
    const expected = { [day(5)]: [undefined, 'missing'], [day(7)]: [4, 'final'] }
    expect(told(conversions(undefined, visits, final, [[day(7), 4]]), 'followed')).toEqual(expected)
  })

  it('are not final while something may follow any of their days', () => {
    const rows: Process['rows'] = [
      [day(2), 1],
      [day(9), 1],
      [day(10), 1],
      [day(11), 1],
    ]
    expect(told(conversions([at(1), at(12)], final, final, rows), 'followed')).toEqual({
      [day(2)]: [1, 'final'],
      [day(9)]: [1, 'final'],
      [day(10)]: [1, 'provisional'],
      [day(11)]: [1, 'provisional'],
    })
    // The 2nd and the 9th are Mondays, the 4th and the 11th Wednesdays: what follows is read up to the 12th.
    expect(
      told(
        conversions(
          [at(1), at(12)],
          final,
          final,
          [
            [day(2), 1],
            [day(9), 1],
            [day(4), 1],
          ],
          [DAY_OF_WEEK],
        ),
        'followed',
      ),
    ).toEqual({
      1: [2, 'final'],
      3: [1, 'provisional'],
    })
  })
})
