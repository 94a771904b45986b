import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Keys } from '../../src/control/keys.ts'
import { LIVE_MS } from '../../src/gateway/cache/answerCache.ts'
import { openStore } from '../../src/stores/open.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { startPostgres, type TestServer } from '../support/servers.ts'
import { DAYS, FERRY, fillFerry, LIVE, PROCESS_FILE, PUBLISHED, passOne, rowsOf, withMetric } from './ferry.ts'
import { Pair, type Replica } from './pair.ts'
import { type Provider, startProvider } from './provider.ts'

/** Longer than a change may take by far; what it really took is printed. */
const AT_MOST_MS = 5000
/** Beyond LIVE_MS, for clocks that tick in whole milliseconds. */
const MARGIN_MS = 100

let postgres: TestServer
let redis: TestRedis
let provider: Provider

beforeAll(async () => {
  ;[postgres, redis, provider] = await Promise.all([startPostgres(), startRedis(), startProvider()])
  const store = await openStore('harbour', postgres.url)
  await fillFerry(store)
  await store.close()
})
afterAll(async () => {
  await Promise.all([postgres.stop(), redis.stop(), provider.stop()])
})

/** Waits until something holds; how long that took. */
async function until(holds: () => Promise<boolean> | boolean): Promise<number> {
  const start = performance.now()
  while (!(await holds())) {
    if (performance.now() - start > AT_MOST_MS) throw new Error(`not so within ${AT_MOST_MS} ms`)
    await sleep(2)
  }
  return performance.now() - start
}

describe.each([
  ['with Redis', true],
  ['without Redis', false],
] as const)('two gateways %s', (name, shares) => {
  let pair: Pair
  let first: Replica
  let second: Replica
  const took: string[] = []

  beforeAll(async () => {
    const shared = shares ? { ONESERVICE_REDIS_URL: redis.url } : {}
    pair = await Pair.open(postgres.url, { ...provider.environment, ...shared })
    ;({ first, second } = pair)
  })
  afterAll(async () => {
    process.stdout.write(`replicas ${name}: ${took.join(', ')}\n`)
    await pair.close()
  })

  const note = (what: string, times: readonly number[]): void =>
    void took.push(`${what} ${times.map((time) => Math.round(time)).join(' ')} ms`)
  const versionAt = async (replica: Replica): Promise<unknown> => (await replica.ask(PUBLISHED)).body.rows[0]?.[2]

  it('see a publication of either, and the publisher at once', async () => {
    const times: number[] = []
    for (let version = 1; version <= 6; version++) {
      const [here, there] = version % 2 === 0 ? [first, second] : [second, first]
      await here.publish(DAYS, version)
      expect((await here.ask(PUBLISHED)).body.rows).toEqual(rowsOf(version))
      times.push(await until(async () => (await versionAt(there)) === version))
      expect((await there.ask(PUBLISHED)).body.rows).toEqual(rowsOf(version))
    }
    note('publication', times)
  })

  it('know a new key at once, and refuse a revoked one', async () => {
    const times: number[] = []
    for (const [here, there] of [pair.both, pair.both.toReversed()] as [Replica, Replica][]) {
      const { body } = await here.send('POST', '/v1/keys', { name: 'visitor', role: 'service' })
      for (const replica of pair.both) expect((await replica.ask(LIVE, body.key)).status).toBe(200)
      expect((await here.send('DELETE', `/v1/keys/${body.id}`)).body).toEqual({ revoked: true })
      expect((await here.ask(LIVE, body.key)).status).toBe(401)
      times.push(await until(async () => (await there.ask(LIVE, body.key)).status === 401))
      expect((await there.graphql('{ __typename }', body.key)).status).toBe(401)
    }
    note('revoked key', times)
  })

  it('hear of a revoked key by asking alone, where nothing tells them', async () => {
    const { body } = await first.send('POST', '/v1/keys', { name: 'visitor', role: 'service' })
    const control = await openStore('control', postgres.url)
    const keys = new Keys({ control, clock: Date.now, alone: false })
    await keys.refresh()
    keys.start(100)
    expect((await keys.find(body.key))?.id).toBe(body.id)
    await first.send('DELETE', `/v1/keys/${body.id}`)
    note('unheard key', [await until(async () => (await keys.find(body.key)) === undefined)])
    await keys.stop()
    await control.close()
  })

  it('refuse a revoked token, and all tokens of a subject', async () => {
    const times: number[] = []
    const [one, other] = [await provider.token(`${name} 1`, name), await provider.token(`${name} 2`, name)]
    for (const token of [one, other])
      for (const replica of pair.both) expect((await replica.ask(LIVE, token)).status).toBe(200)
    await first.send('DELETE', `/v1/keys/${encodeURIComponent(`jti:${name} 1`)}`)
    expect((await first.ask(LIVE, one)).status).toBe(401)
    times.push(await until(async () => (await second.ask(LIVE, one)).status === 401))
    for (const replica of pair.both) expect((await replica.ask(LIVE, other)).status).toBe(200)
    await second.send('DELETE', `/v1/keys/${encodeURIComponent(`sub:${name}`)}`)
    expect((await second.ask(LIVE, other)).status).toBe(401)
    times.push(await until(async () => (await first.ask(LIVE, other)).status === 401))
    note('revoked token', times)
  })

  it('see what they were not told of', async () => {
    const { body } = await second.send('POST', '/v1/keys', { name: 'visitor', role: 'service' })
    expect((await first.ask(LIVE, body.key)).status).toBe(200)
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen %' and state = 'idle'`
    const { rows } = await second.realtime.query({ dialect: 'postgres', text: cut, params: [] })
    expect(rows.length).toBeGreaterThanOrEqual(4)
    await second.publish(DAYS, 7)
    await second.send('DELETE', `/v1/keys/${body.id}`)
    const times = [
      await until(async () => (await versionAt(first)) === 7),
      await until(async () => (await first.ask(LIVE, body.key)).status === 401),
    ]
    note('untold', times)
  })

  it('take a changed catalog, and none with a fault', async () => {
    const metric = `passages_${shares ? 'shared' : 'alone'}`
    const question = { ...LIVE, metrics: [metric] }
    const versions = async (): Promise<unknown[]> =>
      Promise.all(pair.both.map(async (replica) => (await replica.ask(LIVE)).body.receipt.catalogVersion))
    for (const replica of pair.both) expect((await replica.ask(question)).body.code).toBe('UNKNOWN_METRIC')
    pair.edit(PROCESS_FILE, withMetric(metric))
    const times = await Promise.all(
      pair.both.map((replica) => until(async () => (await replica.ask(question)).status === 200)),
    )
    const good = await versions()
    expect(good[0]).toBe(good[1])

    pair.edit(PROCESS_FILE, withMetric('passages'))
    for (const { log } of pair.both) await until(() => log.some((line) => line.startsWith('warn: The catalog')))
    expect(await versions()).toEqual(good)
    for (const replica of pair.both) expect((await replica.ask(question)).status).toBe(200)

    const before = FERRY.find(({ path }) => path === PROCESS_FILE)?.text ?? ''
    pair.edit(PROCESS_FILE, before)
    times.push(
      ...(await Promise.all(
        pair.both.map((replica) => until(async () => (await replica.ask(question)).body.code === 'UNKNOWN_METRIC')),
      )),
    )
    note('catalog', times)
  })

  it('show a committed event to everyone once an answer before it is no longer live', async () => {
    for (let round = 0; round < 3; round++) {
      const count = async (replica: Replica): Promise<number> => (await replica.ask(LIVE)).body.rows[0][0]
      // The other one's answer comes from the first, where it can.
      await passOne(first.realtime)
      await sleep(round * 200)
      const before = [await count(first), await count(second)]
      await passOne(second.realtime)
      await sleep(LIVE_MS + MARGIN_MS)
      const after = await Promise.all(pair.both.map(count))
      expect(after[0]).toBe(after[1])
      expect(after[0]).toBeGreaterThan(Math.max(...before))
    }
  })

  it('give an answer that the other has computed, where they share', async () => {
    const question = { ...PUBLISHED, dimensions: ['line'] }
    const here = await first.ask(question)
    const there = await second.ask(question)
    expect([here.headers['cache-status'], here.body.receipt.cache]).toEqual(['OneService; fwd=miss; stored', 'miss'])
    expect(there.body.rows).toEqual(here.body.rows)
    expect(there.body.receipt.cache).toBe(shares ? 'hit' : 'miss')
    if (!shares) return
    expect(there.headers['cache-status']).toBe('OneService; hit')
    expect(there.headers.etag).toBe(here.headers.etag)
    // A live one too, while it is live: its age is told on from where it was computed.
    const live = { ...LIVE, dimensions: ['line'] }
    await until(async () => {
      const [a, b] = [await first.ask(live), await second.ask(live)]
      const isHit = a.body.receipt.cache === 'miss' && b.body.receipt.cache === 'hit'
      if (isHit) expect([b.headers.etag, b.body.rows]).toEqual([a.headers.etag, a.body.rows])
      return isHit
    })
  })

  it('let a caller spend one budget over both and over every door', async () => {
    const burst = 12
    const contract = { rate: { perSecond: 0.01, burst } }
    const { body } = await first.send('POST', '/v1/keys', { name: 'limited', role: 'service', contract })
    const range = JSON.stringify(LIVE.time.range)
    const one = `{ harbour(time: {range: ${range}}) { rows { passages } } }`
    const two = `{ a: harbour(time: {range: ${range}}) { rows { passages } } b: harbour(time: {range: ${range}}) { totals { passages } } }`
    let spent = 0
    const refused = new Set<string>()
    for (let turn = 0; turn < 20; turn++) {
      for (const [i, replica] of pair.both.entries()) {
        // What is refused has cost its first token: the dear documents come while there is enough.
        const way = (turn + i) % (turn < 4 ? 3 : 2)
        const cost = way === 2 ? 2 : 1
        const asked = way === 0 ? replica.ask(LIVE, body.key) : replica.graphql(way === 1 ? one : two, body.key)
        const { status, headers, body: said } = await asked
        expect([200, 429]).toContain(status)
        if (status === 200) spent += cost
        else {
          expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1)
          refused.add(`${i} ${JSON.stringify(said).includes('RATE_LIMITED')}`)
        }
      }
    }
    expect(spent).toBe(shares ? burst : 2 * burst)
    expect(refused).toEqual(new Set(['0 true', '1 true']))
  })
})
