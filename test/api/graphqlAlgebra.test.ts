import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openWorld, type World } from '../algebra/openWorld.ts'
import { cases } from './graphql/algebraCases.ts'
import { askDocument, askRest, flatRow } from './graphql/askBoth.ts'

let world: World
beforeAll(async () => {
  world = await openWorld('split')
})
afterAll(() => world?.stop())

const rows = z.array(z.record(z.string(), z.unknown()))

async function answered(field: string): Promise<Record<string, unknown>> {
  const { data, errors } = await askDocument(world, `{ it: ${field} }`)
  expect(errors).toBeUndefined()
  return z.record(z.string(), z.unknown()).parse(data?.it)
}

/** Rows of a document under the names of REST, beside what REST says under those. */
function expectSame(given: unknown, wanted: readonly Record<string, unknown>[]): void {
  const flat = rows.parse(given).map(flatRow)
  const names = Object.keys(flat[0] ?? {})
  expect(Object.keys(wanted[0] ?? {})).toEqual(expect.arrayContaining(names))
  expect(flat.map((row) => pick(row, names))).toEqual(wanted.map((row) => pick(row, names)))
}

function pick(row: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, row[name]]))
}

describe('REST and a document give the same', () => {
  it.each(cases)('$what', async ({ question, field }) => {
    const rest = await askRest(world, question)
    expect(rest.rows.length).toBeGreaterThan(0)
    const told = await answered(field)
    expectSame(told.rows, rest.rows)
    if (rest.totals !== undefined) expectSame([told.totals], rest.totals)
    const subtotals = Object.entries(told).filter(([name]) => name.startsWith('by'))
    expect(subtotals).toHaveLength(rest.subtotals?.length ?? 0)
    for (const [i, [, given]] of subtotals.entries()) expectSame(given, rest.subtotals?.[i]?.rows ?? [])
  })
})

describe('pages', () => {
  const page = (more: string, selection = 'rows { time channel { key } revenue }') =>
    `trade(time: {range: ["2026-11-01", "2026-11-20"], grain: DAY}, ${more}) { ${selection} truncated nextCursor }`

  it('are cut from one result, whatever their size', async () => {
    const whole = await answered(page('limit: 1000'))
    expect(whole).toMatchObject({ truncated: false, nextCursor: null })
    const collected: unknown[] = []
    let cursor: unknown
    for (let size = 4; cursor !== null; size += 3) {
      const told = await answered(
        page(`limit: ${size}${cursor === undefined ? '' : `, cursor: ${JSON.stringify(cursor)}`}`),
      )
      expect(told.truncated).toBe(told.nextCursor !== null)
      collected.push(...rows.parse(told.rows))
      cursor = told.nextCursor
    }
    expect(collected.length).toBeGreaterThan(20)
    expect(collected).toEqual(whole.rows)
  })

  it('belong to their question: another one does not get them', async () => {
    const { nextCursor } = await answered(page('limit: 2'))
    const cursor = `cursor: ${JSON.stringify(nextCursor)}`
    for (const other of [
      page(cursor, 'rows { time channel { key } revenue: orders }'),
      page(cursor, 'rows { time channel { key } revenue orders }'),
      page(`${cursor}, where: {channel: {key: {eq: "web"}}}`),
      page('cursor: "gone.2.gone"'),
    ])
      expect(await refusal(other)).toEqual(['INVALID_VALUE', '/cursor'])
  })

  it('have totals on the first of them alone', async () => {
    const selection = 'rows { time channel { key } revenue } totals { revenue } subtotals(by: ["time"]) { revenue }'
    const first = await answered(page('limit: 2', selection))
    expect(first.totals).not.toBeNull()
    const second = await answered(page(`cursor: ${JSON.stringify(first.nextCursor)}`, selection))
    expect(second).toMatchObject({ totals: null, subtotals: null })
  })
})

/** Code and place of the one thing that is wrong. */
async function refusal(field: string): Promise<(string | undefined)[]> {
  const { errors = [] } = await askDocument(world, `{ it: ${field} }`)
  expect(errors).toHaveLength(1)
  return [errors[0]?.extensions.code, errors[0]?.extensions.errors[0]?.pointer]
}

describe('what is wrong is told with its place', () => {
  const faults: readonly (readonly [string, string, string | undefined])[] = [
    ['trade { rows { revenue p: revenue(side: PREVIOUS) } }', 'INVALID_QUESTION', '/rows/p/side'],
    ['trade(compare: {offset: "x"}) { rows { revenue } }', 'INVALID_QUESTION', '/compare/offset'],
    [
      'trade(compare: {offset: "7 days"}) { rows { revenue } totals { d: revenue(side: DELTA) } }',
      'INVALID_QUESTION',
      '/totals/d/side',
    ],
    [
      'trade(compare: {offset: "7 days"}) { rows { x: revenue(side: DELTA, rank: {}) } }',
      'INVALID_QUESTION',
      '/rows/x/rank',
    ],
    ['trade { rows { x: revenue(period: "trailing x") } }', 'INVALID_QUESTION', '/rows/x/period'],
    ['trade { rows { x: revenue(window: {trailing: "x"}) } }', 'INVALID_QUESTION', '/rows/x/window/trailing'],
    [
      'trade { rows { x: revenue(period: "all time", window: {trailing: "all"}) } }',
      'INVALID_QUESTION',
      '/rows/x/window',
    ],
    ['trade { rows { x: revenue(offset: "x") } }', 'INVALID_QUESTION', '/rows/x/offset'],
    [
      'trade { rows { x: revenue(where: {size: {gt: 1}, channel: {key: {in: ["a", "\\u0000"]}}}) } }',
      'INVALID_VALUE',
      '/rows/x/where/channel/key/in/1',
    ],
    ['trade { rows { revenue x: revenue(share: {within: ["channel"]}) } }', 'UNKNOWN_COLUMN', '/rows/x/share/within/0'],
    ['trade { rows { revenue x: orders(rank: {within: ["time"]}) } }', 'UNKNOWN_COLUMN', '/rows/x/rank/within/0'],
    ['trade { rows { revenue paid_at } }', 'INVALID_QUESTION', '/rows/paid_at'],
    ['trade { rows { revenue x: time(grain: DAY, part: DOW) } }', 'INVALID_QUESTION', '/rows/x/part'],
    ['trade { rows { revenue x: paid_at(calendar: "seasons") } }', 'INVALID_VALUE', '/rows/x/calendar'],
    ['trade(time: {calendar: "seasons"}) { rows { revenue } }', 'INVALID_VALUE', '/time/calendar'],
    [
      'trade(time: {every: {every: "2 x", from: "2026-10-01"}}) { rows { revenue } }',
      'INVALID_QUESTION',
      '/time/every/every',
    ],
    ['trade(time: {grain: DAY, calendar: "season"}) { rows { revenue } }', 'INVALID_QUESTION', '/time/calendar'],
    ['trade { rows { revenue } s: subtotals(by: ["channel"]) { revenue } }', 'UNKNOWN_COLUMN', '/s/by/0'],
    [
      'trade { rows { channel { key } revenue } s: subtotals(by: ["channel"]) { channel { team } revenue } }',
      'INVALID_QUESTION',
      '/s/channel/team',
    ],
    [
      'trade { rows { channel { key } revenue } s: subtotals(by: ["channel"]) { x: revenue(share: {}) } }',
      'UNKNOWN_KEY',
      undefined,
    ],
    ['trade(top: {n: 1, by: "orders"}) { rows { channel { key } revenue } }', 'UNKNOWN_COLUMN', '/top/by'],
    ['trade(top: {n: 0, by: "revenue"}) { rows { channel { key } revenue } }', 'INVALID_QUESTION', '/top/n'],
    [
      'trade(where: {per: [{metric: "revenu", per: "customer", gt: 1}]}) { rows { revenue } }',
      'UNKNOWN_METRIC',
      '/where/per/0/metric',
    ],
    [
      'trade(where: {not: {per: [{metric: "revenue", per: "custome", gt: 1}]}}) { rows { revenue } }',
      'UNKNOWN_DIMENSION',
      '/where/not/per/0/per',
    ],
    [
      'trade(where: {per: [{metric: "revenue", per: "customer"}]}) { rows { revenue } }',
      'INVALID_VALUE',
      '/where/per/0',
    ],
    ['trade(where: {time: {gte: "2026-13-01"}}) { rows { revenue } }', 'INVALID_VALUE', '/where/time/gte'],
    ['trade(where: {paid_at: {part: null}}) { rows { revenue } }', 'INVALID_VALUE', '/where/paid_at/part'],
    ['trade { rows { revenue f: finality(of: "orders") } }', 'UNKNOWN_COLUMN', '/rows/f/of'],
    ['trade(offset: -1) { rows { revenue } }', 'INVALID_QUESTION', '/offset'],
    ['trade(distinct: true, fill: ZERO) { rows { gift } }', 'INVALID_QUESTION', '/fill'],
    ['trade { rows { gift } }', 'INVALID_QUESTION', '/rows'],
  ]
  it.each(faults)('%s', async (field, code, pointer) => {
    expect(await refusal(field)).toEqual([code, pointer])
  })
})

describe('columns', () => {
  it('are computed once for equal selections, and named by the first alias', async () => {
    const told = await answered(`trade(time: {range: "2026-11"}, compare: {offset: "1 month"}) {
      rows { before: revenue(side: PREVIOUS) late: revenue(offset: "7 days") again: revenue(offset: "7 days") shown: revenue
        month: time(grain: MONTH) time: time(part: DOW) channel: revenue(rank: {}) }
      columns { name role type grain } }`)
    expect(told.columns).toEqual(
      [
        ['month', 'time', 'date', 'month'],
        ['d1', 'time', 'int64', null],
        ...['revenue', 'late'].flatMap((name) => [
          [name, 'metric', 'decimal', null],
          [`${name}__previous`, 'metric', 'decimal', null],
          [`${name}__delta`, 'metric', 'decimal', null],
          [`${name}__ratio`, 'metric', 'float64', null],
        ]),
        ['m1', 'metric', 'int64', null],
        ['finality', 'finality', 'string', null],
      ].map(([name, role, type, grain]) => ({ name, role, type, grain })),
    )
    for (const row of rows.parse(told.rows)) expect(row.again).toEqual(row.late)
  })
})

describe('the schema', () => {
  it('has what can be asked, by its types', async () => {
    const { data } = await askDocument(
      world,
      `{ row: __type(name: "TradeRow") { fields { name type { name } args { name } } }
        user: __type(name: "HostDimension") { fields { name type { name } } }
        where: __type(name: "TradeWhere") { inputFields { name type { name } } } }`,
    )
    const shape = z.record(z.string(), z.object({ fields: rows.optional(), inputFields: rows.optional() })).parse(data)
    const field = (type: string, name: string) =>
      [...(shape[type]?.fields ?? []), ...(shape[type]?.inputFields ?? [])].find((each) => each.name === name)
    expect(field('row', 'paid_at')).toMatchObject({ type: { name: 'Time' } })
    expect(field('row', 'revenue')?.args).toEqual(
      ['modifiers', 'where', 'period', 'window', 'offset', 'fill', 'side', 'share', 'rank'].map((name) => ({ name })),
    )
    expect(field('row', 'item')).toMatchObject({ type: { name: 'ItemRelation' } })
    expect(field('user', 'country')).toMatchObject({ type: { name: 'CountryDimension' } })
    expect(field('where', 'time')).toMatchObject({ type: { name: 'TimeCondition' } })
    expect(field('where', 'host')).toMatchObject({ type: { name: 'HostCondition' } })
  })

  it('tells of modifiers however they are made', async () => {
    const { data, errors } = await askDocument(
      world,
      '{ process(name: "orders") { modifiers { name filters { field op values metric per or { field } not { field } } } } }',
    )
    expect(errors).toBeUndefined()
    expect(JSON.stringify(data)).toContain('"metric":"revenue","per":"customer"')
  })
})
