import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Entry } from '../../../src/gateway/cache/entry.ts'
import { stopwatch } from '../../../src/gateway/cache/flights.ts'
import { tagOf } from '../../../src/gateway/cache/pack.ts'
import { RedisTier } from '../../../src/gateway/cache/redisTier.ts'
import { RedisLink } from '../../../src/gateway/redis.ts'
import { Random } from '../../support/random.ts'
import { startRedis, type TestRedis } from '../../support/redis.ts'
import { SEEDS, unhandledIn } from './worlds.ts'

let redis: TestRedis
let raw: Redis
const links: RedisLink[] = []

/** A replica whose clock is its own. */
interface Replica {
  readonly link: RedisLink
  readonly clock: () => number
  readonly tier: RedisTier
}

async function replica(offset: number): Promise<Replica> {
  const link = new RedisLink(redis.url)
  links.push(link)
  expect(await link.connected(5000)).toBe(true)
  const clock = (): number => stopwatch() + offset
  return { link, clock, tier: new RedisTier(link, clock) }
}

let one: Replica
let other: Replica

beforeAll(async () => {
  redis = await startRedis()
  raw = new Redis(redis.url)
  raw.on('error', () => undefined)
  one = await replica(0)
  other = await replica(86_400_000.25)
})
afterAll(async () => {
  for (const link of links) link.close()
  raw.disconnect()
  await redis.stop()
})

/** An entry whose bytes say when it was born, on no replica's clock. */
function entryOf(key: string, born: number, pinned = false): Entry {
  const packed = Buffer.from(JSON.stringify({ born, text: '漢\ud83d\ude00\n{}' }))
  return { key, packed, queryId: `query of ${key}`, tag: tagOf(packed), bornAt: born, pinned, forms: new Map() }
}

const bornOf = ({ packed }: Entry): number => JSON.parse(packed.toString()).born
const readOne = async ({ tier }: Replica, key: string): Promise<Entry | undefined> => (await tier.read([key])).get(key)
const there = (from: Replica, key: string): Promise<void> =>
  expect.poll(() => readOne(from, key), { timeout: 5000, interval: 2 }).toBeDefined()

describe('answers in Redis', () => {
  it('come to another replica as they are, and as old', async () => {
    for (const [spent, pinned] of [
      [0, false],
      [400.5, false],
      [30_000, true],
    ] as const) {
      const key = `whole:${spent}`
      const entry = entryOf(key, stopwatch() - spent, pinned)
      one.tier.write(key, entry, spent)
      await there(other, key)
      const asked = stopwatch()
      const read = await readOne(other, key)
      expect(read).toMatchObject({ key, queryId: entry.queryId, tag: entry.tag, pinned })
      expect(read?.packed.equals(entry.packed)).toBe(true)
      // What the way took is added to the age, not left out of it; a write is on its way for as long as a read is.
      const age = asked + other.clock() - stopwatch() - (read?.bornAt ?? Number.NaN)
      expect(age).toBeGreaterThan(asked - entry.bornAt - 200)
      expect(age).toBeLessThan(asked - entry.bornAt + 2000)
    }
  })

  it('are never told younger than they are while they are written over', async () => {
    const keys = ['over:0', 'over:1', 'over:2']
    const until = stopwatch() + 1500
    const random = new Random(7)
    const writers = [one, other].map(async ({ tier }) => {
      while (stopwatch() < until) {
        for (const key of keys) {
          const spent = random.pick([0, 800, 5000, 30_000])
          tier.write(key, entryOf(key, stopwatch() - spent), spent)
        }
        await sleep(random.pick([0, 1, 400]))
      }
    })
    let read = 0
    const young: number[] = []
    const readers = [one, other].map(async ({ tier, clock }) => {
      while (stopwatch() < until) {
        for (const entry of (await tier.read(keys)).values()) {
          read++
          const told = entry.bornAt - (clock() - stopwatch())
          if (told > bornOf(entry) + 200) young.push(told - bornOf(entry))
        }
      }
    })
    await Promise.all([...writers, ...readers])
    expect(young).toEqual([])
    expect(read).toBeGreaterThan(100)
  })

  it.each(SEEDS)('are left alone when their bytes were damaged (%s seed %i)', async (_, seed) => {
    const random = new Random(seed)
    const entry = entryOf(`damaged:${seed}`, stopwatch())
    one.tier.write(entry.key, entry, 0)
    await there(other, entry.key)
    const [name = ''] = await raw.keys(`*${entry.key}`)
    const bytes = (await raw.getBuffer(name)) ?? Buffer.alloc(0)
    const head = bytes.indexOf('\n') + 1
    expect(bytes.length - head).toBe(entry.packed.length)
    for (let i = 0; i < 60; i++) {
      const damaged = Buffer.from(bytes)
      const at = random.int(0, bytes.length - 1)
      damaged[at] = (damaged[at] ?? 0) ^ (1 << random.int(0, 7))
      const cut = bytes.subarray(0, random.int(0, bytes.length - 1))
      await raw.set(name, random.chance(0.5) ? damaged : cut, 'KEEPTTL')
      expect(await readOne(other, entry.key)).toBeUndefined()
    }
    await raw.set(name, bytes, 'KEEPTTL')
    expect((await readOne(other, entry.key))?.tag).toBe(entry.tag)
  })

  it('are left alone when somebody else wrote them', async () => {
    const entry = entryOf('foreign', stopwatch())
    one.tier.write('foreign', entry, 0)
    await there(other, 'foreign')
    const [name = ''] = await raw.keys('*foreign')
    for (const text of ['', '\n', 'null\n', '{}\n', '[]\n{}', '{"tag":1}\n']) {
      await raw.set(name, text, 'PX', 60_000)
      expect(await readOne(other, 'foreign')).toBeUndefined()
    }
    await raw.del(name)
    await raw.lpush(name, 'a list')
    expect(await readOne(other, 'foreign')).toBeUndefined()
    expect((await other.tier.read(['foreign'])).size).toBe(0)
  })

  it('keep nobody waiting and break nothing while Redis hangs or is gone', async () => {
    one.tier.write('before', entryOf('before', stopwatch(), true), 0)
    await there(other, 'before')
    const strays = await unhandledIn(async () => {
      redis.pause()
      expect((await other.tier.read(['before', 'nothing'])).size).toBe(0)
      other.tier.write('lost', entryOf('lost', stopwatch()), 0)
      redis.resume()
      await there(other, 'before')
      await redis.kill()
      other.tier.write('lost', entryOf('lost', stopwatch()), 0)
      expect((await other.tier.read(['before'])).size).toBe(0)
      await redis.restart()
      one.tier.write('after', entryOf('after', stopwatch()), 0)
      await expect
        .poll(
          () => {
            one.tier.write('after', entryOf('after', stopwatch()), 0)
            return readOne(other, 'after')
          },
          { timeout: 10_000 },
        )
        .toBeDefined()
    })
    expect(strays).toEqual([])
  })
})
