import { describe, expect, it } from 'vitest'
import type { Rate, Verdict } from '../../../src/gateway/limits/bucket.ts'
import { Limiter } from '../../../src/gateway/limits/limiter.ts'
import type { Random } from '../../support/random.ts'
import { inWorlds, must, SEEDS } from '../cache/worlds.ts'
import { excess, type Grant, PlainBucket } from './model.ts'

const WORLDS = 100
const STEPS = 500
/** What rounding may make of a moment, in milliseconds: a bucket is a moment up to burst / perSecond ahead. */
const slack = (now: number, { perSecond, burst }: Rate): number =>
  2e-6 + 64 * Number.EPSILON * (now + (1000 * burst) / perSecond)

const rateOf = (random: Random): Rate => {
  const perSecond = random.pick([0.01, 0.3, 1, 7, 20, 333, 1000 / 7, 50_000, 1_000_000])
  return { perSecond, burst: random.pick([1, 2, 3, 10, 40, ...(perSecond > 1 ? [1000, 100_000] : [])]) }
}

/** No process of these worlds is up for longer. */
const LONGEST_PAUSE = 1_000_000

/** A time that makes a difference to a bucket: none, a part of a token, some tokens, all of them. */
const pauseOf = (random: Random, { perSecond, burst }: Rate): number => {
  const each = 1000 / perSecond
  const pauses = [0, 0, 0, each * random.next(), each, each * random.int(1, 5), each * burst * random.next() * 2]
  return Math.min(LONGEST_PAUSE, random.pick(pauses))
}

/** One caller of a limiter in memory, beside the model. */
class Patron {
  readonly #limiter: Limiter
  readonly #id: string
  readonly #bucket: PlainBucket
  readonly grants: Grant[] = []

  constructor(limiter: Limiter, id: string, bucket: PlainBucket) {
    this.#limiter = limiter
    this.#id = id
    this.#bucket = bucket
  }

  get rate(): Rate {
    return this.#bucket.rate
  }

  take(cost: number, now: number): Verdict {
    const verdict = this.#limiter.take(this.#id, this.rate, cost)
    if (verdict instanceof Promise) throw new Error('memory alone answers at once')
    const before = this.#bucket.tokens(now)
    const rounding = (slack(now, this.rate) * this.rate.perSecond) / 1000
    must(Math.abs(before - cost) < rounding || verdict.allowed === before >= cost, () => `${cost} of ${before} tokens`)
    if (verdict.allowed) {
      this.#bucket.spend(cost, now)
      this.grants.push({ asked: now, replied: now, cost })
    }
    this.#told(verdict, cost, now)
    return verdict
  }

  #told({ allowed, remaining, reset, retryAfter }: Verdict, cost: number, now: number): void {
    const { perSecond, burst } = this.rate
    const left = this.#bucket.tokens(now)
    const time = slack(now, this.rate)
    const tokens = (time * perSecond) / 1000
    must(Number.isInteger(remaining) && remaining >= 0, () => `${remaining} remain`)
    must(remaining <= left + tokens + 1e-6 && remaining > left - 1 - tokens, () => `${remaining} remain of ${left}`)
    const full = ((burst - left) * 1000) / perSecond
    must(Math.abs(reset - full) <= time, () => `full in ${reset} instead of ${full}`)
    const wait = allowed ? 0 : ((cost - left) * 1000) / perSecond
    must(Math.abs(retryAfter - wait) <= time, () => `again in ${retryAfter} instead of ${wait}`)
  }
}

describe('a limiter in memory', () => {
  it.each(SEEDS)('is a token bucket for each caller, and says when it opens (%s seed %i)', async (_, seed) => {
    let refused = 0
    await inWorlds(seed, WORLDS, (random, tell) => {
      let now = random.int(0, 1_000_000) / 8
      const limiter = new Limiter(() => now)
      const patrons = Array.from({ length: random.int(1, 3) }, (_, i) => {
        return new Patron(limiter, `key:${i}`, new PlainBucket(rateOf(random), now))
      })
      for (let step = 0; step < STEPS; step++) {
        const patron = random.pick(patrons)
        const { burst } = patron.rate
        const cost = random.pick([1, 1, 1, Math.min(burst, random.int(2, 20)), random.int(1, burst), burst])
        const { allowed, retryAfter } = patron.take(cost, now)
        tell(`${now} ${cost} of ${burst}, ${patron.rate.perSecond}/s: ${allowed ? 'taken' : `again in ${retryAfter}`}`)
        if (!allowed) refused++
        if (!allowed && retryAfter < LONGEST_PAUSE && random.chance(0.3)) {
          const opens = now + retryAfter
          const little = 2 * slack(opens, patron.rate)
          now = Math.max(now, opens - little)
          if (now < opens) must(!patron.take(cost, now).allowed, () => 'opened before its time')
          now = opens + little
          must(patron.take(cost, now).allowed, () => `did not open after ${retryAfter}`)
        }
        now += pauseOf(random, patron.rate)
      }
      for (const { grants, rate } of patrons) {
        const rounding = (slack(now, rate) * rate.perSecond * STEPS) / 1000
        must(excess(grants, rate) <= rounding, () => 'more than the rate allows')
      }
    })
    expect(refused).toBeGreaterThan(WORLDS)
  })
})
