/** A token bucket: it holds `burst` tokens at most and `perSecond` more come in each second. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/** What a bucket said. */
export interface Verdict {
  readonly allowed: boolean
  /** Whole tokens that are left. */
  readonly remaining: number
  /** Milliseconds until the bucket is full again. */
  readonly reset: number
  /** Milliseconds until as much as was asked is there; 0 when allowed. */
  readonly retryAfter: number
}

/**
 * The bucket as one number, the moment at which it will be full again (generic cell rate algorithm, ITU-T I.371: the
 * "theoretical arrival time"). What was never touched is full.
 */
export type FullAt = number

/** Milliseconds may be fractions; what rounding leaves is not a token. */
const SLACK = 1e-6

/** Takes `cost` tokens at `now`, all or none. */
export function take(full: FullAt, rate: Rate, cost: number, now: number): { verdict: Verdict; full: FullAt } {
  const each = 1000 / rate.perSecond
  // Reckoned from now: beside the milliseconds of a long uptime small fractions would be lost.
  const empty = Math.max(full - now, 0) + cost * each
  const missing = empty - rate.burst * each
  const after = now + empty
  if (missing <= SLACK) return { verdict: verdictOf(after, rate, now, 0), full: after }
  return { verdict: verdictOf(full, rate, now, missing), full }
}

/** What is said of a bucket that will be full at `full`. */
export function verdictOf(full: FullAt, { perSecond, burst }: Rate, now: number, retryAfter: number): Verdict {
  const reset = Math.max(0, full - now)
  const remaining = Math.max(0, Math.floor(burst - (reset * perSecond) / 1000 + SLACK))
  return { allowed: retryAfter === 0, remaining, reset, retryAfter }
}
