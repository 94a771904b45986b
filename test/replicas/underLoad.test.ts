import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStore } from '../../src/stores/open.ts'
import { SEEDS, unhandledIn } from '../gateway/cache/worlds.ts'
import { Random } from '../support/random.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { startPostgres, type TestServer } from '../support/servers.ts'
import { type Client, runClient } from './clients.ts'
import { DAYS, fillFerry, passOne, rowsOf, VERSIONS } from './ferry.ts'
import { Ledger } from './ledger.ts'
import { Pair } from './pair.ts'

const RATE = { perSecond: 15, burst: 10 }
/** Far beyond the second within which a gateway knows of what the other has published. */
const KNOWN_WITHIN_MS = 5000

let postgres: TestServer
let redis: TestRedis
let pair: Pair

beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  const store = await openStore('harbour', postgres.url)
  await fillFerry(store)
  await store.close()
  pair = await Pair.open(postgres.url, { ONESERVICE_REDIS_URL: redis.url })
})
afterAll(async () => {
  await pair.close()
  await Promise.all([postgres.stop(), redis.stop()])
})

async function keyOf(name: string, contract: object): Promise<string> {
  return (await pair.first.send('POST', '/v1/keys', { name, role: 'service', contract })).body.key
}

async function write(ledger: Ledger, over: () => boolean): Promise<void> {
  while (!over()) {
    const passed = ledger.passing()
    await passOne(pair.first.realtime)
    passed()
    await sleep(20)
  }
}

async function publish(ledger: Ledger, random: Random, over: () => boolean): Promise<void> {
  for (let turn = 0; !over(); turn++) {
    const version = random.int(1, VERSIONS)
    const index = turn % 2
    ledger.published(await pair.both[index === 0 ? 0 : 1].publish(DAYS, version), version, index)
    await sleep(random.int(50, 400))
  }
}

/** Redis dies, comes back empty, hangs, goes on. */
async function trouble(): Promise<void> {
  await sleep(1200)
  await redis.kill()
  await sleep(1500)
  await redis.restart()
  await sleep(1500)
  redis.pause()
  await sleep(1800)
  redis.resume()
  await sleep(1500)
  redis.pause()
  await sleep(200)
  redis.resume()
  await sleep(400)
  await redis.restart()
  await sleep(1200)
}

async function redisIsUp(): Promise<(string | undefined)[]> {
  const pages = await Promise.all(pair.both.map(({ app }) => app.inject('/metrics')))
  return pages.map(({ body }) => /^oneservice_redis_up (\d)/m.exec(body)?.[1])
}

it('answers rightly and within limits on two gateways while Redis dies, hangs and comes back', async () => {
  const ledger = new Ledger()
  const seed = SEEDS[1]?.[1] ?? 0
  const random = new Random(seed)
  const [service, limited] = [await keyOf('service', {}), await keyOf('limited', { rate: RATE })]
  let done = false
  const over = (): boolean => done
  const first = await pair.first.publish(DAYS, 1)
  ledger.published(first, 1, 0)
  await expect.poll(() => pair.second.composition.gateway.snapshot().epoch, { timeout: KNOWN_WITHIN_MS }).toBe(first)
  const strays = await unhandledIn(async () => {
    const clients = pair.both.flatMap((replica, i): Client[] => {
      const index = i === 0 ? 0 : 1
      return [
        ...['', '', service, service].map((key) => ({ replica, index, key, limited: false }) as const),
        ...[limited, limited].map((key) => ({ replica, index, key, limited: true }) as const),
      ]
    })
    const running = [
      ...clients.map((client) => runClient(client, ledger, random.fork(), over)),
      write(ledger, over),
      publish(ledger, random.fork(), over),
    ]
    await trouble().finally(() => {
      done = true
    })
    await Promise.all(running)
  })
  const { seen } = ledger
  process.stdout.write(
    `under load (WORLD_SEED=${seed}): ${seen.length} answers, ${ledger.refused} refusals, ${ledger.passages} passages\n`,
  )
  expect(strays).toEqual([])
  expect(ledger.failures).toEqual([])
  expect(ledger.wrongCounts(1)).toEqual([])
  expect(ledger.wrongVersions(rowsOf)).toEqual([])
  expect(ledger.oldEpochs(KNOWN_WITHIN_MS)).toEqual([])
  for (const excess of ledger.excesses(RATE)) expect(excess).toBeLessThanOrEqual(1)
  // All of it has happened: figures of every kind and origin, and refusals.
  expect(seen.length).toBeGreaterThan(500)
  expect(new Set(seen.flatMap(({ caches }) => caches))).toEqual(new Set(['hit', 'miss', 'stale']))
  expect(new Set(seen.flatMap(({ epochs }) => epochs)).size).toBeGreaterThan(10)
  expect(ledger.refused).toBeGreaterThan(50)
  await expect.poll(redisIsUp, { timeout: 10_000 }).toEqual(['1', '1'])
})
