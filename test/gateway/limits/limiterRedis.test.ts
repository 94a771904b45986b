import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stopwatch } from '../../../src/gateway/cache/flights.ts'
import type { Rate } from '../../../src/gateway/limits/bucket.ts'
import { Limiter } from '../../../src/gateway/limits/limiter.ts'
import { RedisLink } from '../../../src/gateway/redis.ts'
import { Random } from '../../support/random.ts'
import { startRedis, type TestRedis } from '../../support/redis.ts'
import { SEEDS, unhandledIn } from '../cache/worlds.ts'
import { excess, type Grant } from './model.ts'

/** A token more or less lies in what clocks and rounding make of an interval. */
const ROUNDING = 1

let redis: TestRedis
const links: RedisLink[] = []

beforeAll(async () => {
  redis = await startRedis()
})
afterAll(async () => {
  for (const link of links) link.close()
  await redis.stop()
})

interface Replica {
  readonly link: RedisLink
  readonly limiter: Limiter
  readonly grants: Grant[]
  refused: number
}

async function replica(): Promise<Replica> {
  const link = new RedisLink(redis.url)
  links.push(link)
  expect(await link.connected(5000)).toBe(true)
  return { link, limiter: new Limiter(stopwatch, link), grants: [], refused: 0 }
}

async function ask({ limiter, grants }: Replica, id: string, rate: Rate, cost: number): Promise<boolean> {
  const asked = stopwatch()
  const verdict = await limiter.take(id, rate, cost)
  if (verdict.allowed) grants.push({ asked, replied: stopwatch(), cost })
  expect(verdict.allowed ? verdict.retryAfter === 0 : verdict.retryAfter > 0).toBe(true)
  expect(verdict.remaining).toBeLessThanOrEqual(rate.burst)
  return verdict.allowed
}

/** Callers that ask without end until `over`. */
function crowd(of: Replica, id: string, rate: Rate, random: Random, over: () => boolean): Promise<void>[] {
  return Array.from({ length: 4 }, async () => {
    while (!over()) {
      const cost = random.chance(0.2) ? random.int(2, Math.min(5, rate.burst)) : 1
      if (!(await ask(of, id, rate, cost))) of.refused++
      await sleep(random.int(0, 8))
    }
  })
}

describe('two limiters over one Redis', () => {
  it('grant together what one bucket holds', async () => {
    const rates: Rate[] = [
      { perSecond: 30, burst: 10 },
      { perSecond: 200, burst: 5 },
      { perSecond: 0.5, burst: 20 },
    ]
    const until = stopwatch() + 1500
    const random = new Random(1)
    const outcomes = rates.map(async (rate, i) => {
      const pair = [await replica(), await replica()]
      // A command that came too late leaves a replica to itself for a while; then it is no matter of one bucket.
      let apart = false
      const over = (): boolean => {
        apart ||= !pair.every(({ link }) => link.isUp)
        return stopwatch() > until
      }
      await Promise.all(pair.flatMap((each) => crowd(each, `together:${i}`, rate, random, over)))
      const grants = pair.flatMap((each) => each.grants)
      const spent = grants.reduce((sum, { cost }) => sum + cost, 0)
      const refused = pair.every((each) => each.refused > 0)
      return { excess: apart ? 0 : excess(grants, rate), spent, least: rate.burst, refused }
    })
    for (const { excess: most, spent, least, refused } of await Promise.all(outcomes)) {
      expect(most).toBeLessThanOrEqual(ROUNDING)
      expect(spent).toBeGreaterThanOrEqual(least - ROUNDING)
      expect(refused).toBe(true)
    }
  })

  it('do not take here what was refused there', async () => {
    const rate = { perSecond: 0.01, burst: 10 }
    const [one, other] = [await replica(), await replica()]
    for (let i = 0; i < 10; i++) expect(await ask(one, 'emptied', rate, 1)).toBe(true)
    for (let i = 0; i < 30; i++) expect(await ask(other, 'emptied', rate, 1)).toBe(false)
    await redis.restart()
    expect(await other.link.connected(5000)).toBe(true)
    await expect.poll(() => other.link.isUp, { timeout: 5000 }).toBe(true)
    // Its own bucket is as full as if it had not been asked.
    for (let i = 0; i < 10; i++) expect(await ask(other, 'emptied', rate, 1)).toBe(true)
    expect(await ask(other, 'emptied', rate, 1)).toBe(false)
  })

  it.each(SEEDS)('hold the rate each by itself whatever becomes of Redis (%s seed %i)', async (_, seed) => {
    const random = new Random(seed)
    const rate = { perSecond: 25, burst: 8 }
    const pair = [await replica(), await replica()]
    let done = false
    const strays = await unhandledIn(async () => {
      const asking = pair.flatMap((each) => crowd(each, `alone:${seed}`, rate, random, () => done))
      let stopped = false
      for (let i = 0; i < 6; i++) {
        const event = random.pick(['kill', 'restart', 'pause', 'resume'] as const)
        if (event === 'kill' || event === 'restart') {
          if (stopped) redis.resume()
          stopped = false
          await redis[event]()
        } else {
          redis[event]()
          stopped = event === 'pause'
        }
        await sleep(random.int(100, 600))
      }
      redis.resume()
      await redis.restart()
      await sleep(300)
      done = true
      await Promise.all(asking)
    })
    expect(strays).toEqual([])
    for (const { grants, refused } of pair) {
      expect(excess(grants, rate)).toBeLessThanOrEqual(ROUNDING)
      expect(grants.length).toBeGreaterThan(rate.burst / 2)
      expect(refused).toBeGreaterThan(0)
    }
  })
})
