import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_KEY, openShop, type Shop } from '../support/shop.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

let shop: Shop
let url: string
beforeAll(async () => {
  shop = await openShop()
  url = await shop.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => shop.stop())

/** One question in the words of each door. */
interface Case {
  readonly name: string
  readonly rest: Record<string, unknown>
  /** Arguments and row selection of the root field. */
  readonly graphql: { readonly field: string; readonly args: string; readonly rows: string }
  readonly cli: readonly string[]
}

const cases: readonly Case[] = [
  {
    name: 'a ratio by day and channel over the day-cross',
    rest: {
      metrics: ['cpc', 'clicks'],
      dimensions: ['channel'],
      time: { range: 'last 3 days and today', grain: 'day' },
    },
    graphql: {
      field: 'advertising',
      args: 'time: {range: "last 3 days and today", grain: DAY}',
      rows: 'time channel cpc clicks finality',
    },
    cli: ['--metrics', 'cpc,clicks', '--dimensions', 'channel', '--range', 'last 3 days and today', '--grain', 'day'],
  },
  {
    name: 'one total with a distinct count',
    rest: { metrics: ['viewers', 'cost'], time: { range: ['2026-11-16', '2026-11-20'] } },
    graphql: {
      field: 'advertising',
      args: 'time: {range: ["2026-11-16", "2026-11-20"]}',
      rows: 'viewers cost finality',
    },
    cli: ['--metrics', 'viewers,cost', '--from', '2026-11-16', '--to', '2026-11-20'],
  },
  {
    name: 'a modifier under a name of its own, filtered, ordered and cut',
    rest: {
      metrics: ['clicks', 'feed_clicks'],
      dimensions: ['advertiser'],
      time: { range: 'last 4 days' },
      filters: [{ field: 'channel', op: 'notNull' }],
      having: [{ field: 'clicks', op: 'gte', values: [8] }],
      order: [{ field: 'clicks', direction: 'desc' }],
      limit: 2,
    },
    graphql: {
      field: 'advertising',
      args: 'time: {range: "last 4 days"}, where: {channel: {notNull: true}}, having: [{field: "clicks", gte: 8}], orderBy: [{field: "clicks", direction: DESC}], limit: 2',
      rows: 'advertiser { key } clicks feed_clicks finality',
    },
    cli: [
      '--metrics',
      'clicks,feed_clicks',
      '--dimensions',
      'advertiser',
      '--range',
      'last 4 days',
      '--filter',
      'channel notNull',
      '--having',
      'clicks gte 8',
      '--order',
      'clicks:desc',
      '--limit',
      '2',
    ],
  },
  {
    name: 'digits beyond a double',
    rest: {
      metrics: ['gmv', 'sales'],
      dimensions: ['country'],
      time: { range: 'last 4 days', grain: 'day', zone: 'America/New_York' },
    },
    graphql: {
      field: 'trade',
      args: 'time: {range: "last 4 days", grain: DAY, zone: "America/New_York"}',
      rows: 'time country gmv sales finality',
    },
    cli: [
      '--metrics',
      'gmv,sales',
      '--dimensions',
      'country',
      '--range',
      'last 4 days',
      '--grain',
      'day',
      '--zone',
      'America/New_York',
    ],
  },
]

/** Numbers are compared as they are written: a parser that rounds would make different rows look the same. */
function digits(text: string): string {
  return text.replace(/(?<=[:[,])-?\d+(\.\d+)?(e[-+]?\d+)?(?=[,}\]])/g, '"$&"')
}

async function overRest({ rest }: Case): Promise<unknown> {
  const response = await shop.app.inject({
    method: 'POST',
    url: '/v1/query',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(rest),
  })
  return JSON.parse(digits(response.body)).rows
}

async function overGraphql({ graphql: { field, args, rows } }: Case): Promise<unknown> {
  const payload = JSON.stringify({ query: `{ ${field}(${args}) { rows { ${rows} } } }` })
  const response = await shop.app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json' },
    payload,
  })
  const answered = JSON.parse(digits(response.body)).data[field].rows as Record<string, unknown>[]
  return answered.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        const key = typeof value === 'object' && value !== null && 'key' in value ? value.key : value
        return [name, key]
      }),
    ),
  )
}

async function overCli({ cli }: Case): Promise<unknown> {
  const environment = {
    PATH: process.env.PATH,
    ...shop.environment,
    ONESERVICE_URL: url,
    ONESERVICE_ADMIN_KEY: ADMIN_KEY,
  }
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'query', '--json', ...cli], {
    env: environment,
  })
  return JSON.parse(digits(stdout.replace(/:\s+/g, ':').replace(/\s*\n\s*/g, ''))).rows
}

describe('REST, GraphQL and the command line give the same rows', () => {
  it.each(cases)('$name', async (of) => {
    const rows = await overRest(of)
    expect(Array.isArray(rows) && rows.length).toBeGreaterThan(0)
    expect(await overGraphql(of)).toEqual(rows)
    expect(await overCli(of)).toEqual(rows)
  })
})
