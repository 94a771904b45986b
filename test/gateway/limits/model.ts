import type { Rate } from '../../../src/gateway/limits/bucket.ts'

/** A token bucket told the plain way: tokens that flow in as time passes. */
export class PlainBucket {
  readonly rate: Rate
  #tokens: number
  #at: number

  constructor(rate: Rate, now: number) {
    this.rate = rate
    this.#tokens = rate.burst
    this.#at = now
  }

  tokens(now: number): number {
    const { perSecond, burst } = this.rate
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) * perSecond) / 1000)
    this.#at = now
    return this.#tokens
  }

  spend(cost: number, now: number): void {
    this.#tokens = this.tokens(now) - cost
  }
}

/** Something that was granted, between the moment it was asked and the moment of the reply. */
export interface Grant {
  readonly asked: number
  readonly replied: number
  readonly cost: number
}

/**
 * By how many tokens the worst interval went beyond burst + perSecond x time; at most 0 when the limit held. An interval
 * counts what was surely granted within it.
 */
export function excess(grants: readonly Grant[], { perSecond, burst }: Rate): number {
  const byReply = grants.toSorted((a, b) => a.replied - b.replied)
  let worst = Number.NEGATIVE_INFINITY
  for (const { asked: from } of grants) {
    let spent = 0
    for (const { asked, replied, cost } of byReply) {
      if (asked < from) continue
      spent += cost
      worst = Math.max(worst, spent - burst - ((replied - from) * perSecond) / 1000)
    }
  }
  return worst
}
