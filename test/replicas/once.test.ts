import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildServer } from '../../src/api/server.ts'
import { AnswerCache } from '../../src/gateway/cache/answerCache.ts'
import { stopwatch } from '../../src/gateway/cache/flights.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'
import { startPostgres, type TestServer } from '../support/servers.ts'
import { DAYS, fillFerry, PUBLISHED, passOne, SNAILS, TODAY } from './ferry.ts'
import { Pair } from './pair.ts'

let postgres: TestServer
let pair: Pair
let store: Store
let address: URL

beforeAll(async () => {
  postgres = await startPostgres()
  store = await openStore('harbour', postgres.url)
  await fillFerry(store)
  await passOne(store)
  pair = await Pair.open(postgres.url)
  await pair.first.publish(DAYS, 3)
  address = new URL(await pair.first.app.listen({ port: 0, host: '127.0.0.1' }))
})
afterAll(async () => {
  await pair.close()
  await store.close()
  await postgres.stop()
})

/** The first gateway, cold, its stores wrapped: what they are asked is written down. */
async function cold(): Promise<{ readonly asked: string[]; readonly app: Awaited<ReturnType<typeof buildServer>> }> {
  const { api, gateway } = pair.first.composition
  const asked: string[] = []
  const stores = [...gateway.stores].map(([name, each]): [string, Store] => {
    const query: Store['query'] = (statement, options) => {
      asked.push(`${name} ${statement.text}`)
      return each.query(statement, options)
    }
    return [name, Object.assign(Object.create(each), { query, describe: (table: string) => each.describe(table) })]
  })
  const cache = new AnswerCache({ bytes: 1_000_000, clock: stopwatch })
  const watched = { ...gateway, stores: new Map(stores), cache }
  return { asked, app: await buildServer({ ...api, gateway: watched }, { version: '0.0.0', logLevel: 'silent' }) }
}

describe('questions that come at once', () => {
  it('are one statement a slice, through whatever door they come', async () => {
    const { asked, app } = await cold()
    const question = { ...PUBLISHED, time: { range: [DAYS[0], TODAY], grain: 'day' } }
    const document = `{ harbour(time: {range: ["${DAYS[0]}", "${TODAY}"], grain: DAY}) { rows { time passages value_low value_high finality } } }`
    const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload })
    const replies = await Promise.all(
      Array.from({ length: 64 }, (_, i) =>
        i % 4 === 3 ? post('/graphql', { query: document }) : post('/v1/query?shape=rows', question),
      ),
    )
    expect(replies.map(({ statusCode }) => statusCode)).toEqual(replies.map(() => 200))
    expect(asked.map((text) => text.split(' ')[0]).toSorted()).toEqual(['offline', 'realtime'])
    const statuses = replies.flatMap(({ headers, json }) => ('etag' in headers ? [[headers, json()] as const] : []))
    expect(new Set(statuses.map(([{ etag }]) => etag)).size).toBe(1)
    const own = statuses.filter(([headers]) => headers['cache-status'] === 'OneService; fwd=miss; stored')
    const joined = statuses.filter(([headers]) => headers['cache-status'] === 'OneService; fwd=miss; collapsed')
    expect([own.length, joined.length]).toEqual([1, 47])
    const rows = statuses[0]?.[1].rows
    for (const reply of replies) {
      const { data, rows: own } = reply.json()
      expect(own ?? data.harbour.rows.map((row: object) => Object.values(row))).toEqual(rows)
    }
    await app.close()
  })
})

/** A client with a socket of its own. */
function ask(day: string, graphql = false): { readonly reply: Promise<unknown>; hangUp(): void } {
  const query = `{ garden(time: {range: ["${day}", "${day}"]}) { rows { snails } } }`
  const body = graphql ? { query } : { metrics: ['snails'], time: { range: [day, day] } }
  const sent = request(new URL(graphql ? '/graphql' : '/v1/query?shape=rows', address), {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json' },
  })
  const reply = new Promise<unknown>((resolve, reject) => {
    sent.on('error', reject)
    sent.on('response', async (response) => {
      const pieces = await response.toArray()
      resolve(JSON.parse(Buffer.concat(pieces).toString()))
    })
  })
  reply.catch(() => undefined)
  sent.end(JSON.stringify(body))
  return { reply, hangUp: () => void sent.destroy() }
}

/** How many slow statements run inside the store now. */
async function running(): Promise<number> {
  const text = `select count(*) from pg_stat_activity where state = 'active' and query like '%pg_sleep%' and pid <> pg_backend_pid()`
  const { rows } = await store.query({ dialect: 'postgres', text, params: [] })
  return Number(rows[0]?.[0])
}

const runs = (count: number) => expect.poll(running, { timeout: 10_000, interval: 10 }).toBe(count)
const [quick, slow] = SNAILS

describe('a client that hangs up', () => {
  it.each([false, true])('ends its statement inside the store (GraphQL: %s)', async (graphql) => {
    const client = ask(slow.day, graphql)
    await runs(1)
    client.hangUp()
    await runs(0)
    await expect(client.reply).rejects.toThrow()
  })

  it('leaves it to whoever else waits for the same answer, and the last one ends it', async () => {
    const clients = [ask(slow.day), ask(slow.day, true), ask(slow.day)]
    await runs(1)
    await sleep(200)
    for (const client of clients.slice(0, 2)) {
      client.hangUp()
      await sleep(300)
      expect(await running()).toBe(1)
    }
    clients[2]?.hangUp()
    await runs(0)
  })

  it('does not keep the answer from others, nor from who comes afterwards', async () => {
    const first = ask(quick.day)
    await runs(1)
    const second = ask(quick.day)
    await sleep(200)
    first.hangUp()
    expect(await second.reply).toMatchObject({ rows: [[1, 'provisional']], receipt: { cache: 'miss' } })
    const gone = ask(slow.day)
    await runs(1)
    gone.hangUp()
    await runs(0)
    const again = ask(slow.day)
    await runs(1)
    again.hangUp()
    await runs(0)
  })
})
