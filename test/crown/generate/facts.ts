import type { Random } from '../../support/random.ts'
import type { DimensionName, Fact, FactStyle, Key } from '../model.ts'
import { type Day, dayAt, HOUR, plus, startOf } from '../oracle/calendar.ts'
import { ZONES } from './pools.ts'

/** Microseconds around an edge: exactly at it, 1 ms and 0.4 ms before and after, one microsecond before. */
const AROUND = [0, 0, -1000, -400, -1, 400, 1000, 999_600]

/** Some facts of one business day. Ids are unique under their prefix. */
export function makeFacts(random: Random, style: FactStyle, day: Day, count: number, prefix: string): Fact[] {
  return Array.from({ length: count }, (_, i) =>
    makeFact(random, style, timeOn(random, style.zone, day), `${prefix}-${i}`),
  )
}

function makeFact(random: Random, style: FactStyle, at: number, id: string): Fact {
  const keys = { channel: null, advertiser: null, due: null, trial: null } as Record<DimensionName, Key>
  for (const name of style.dimensions) keys[name] = random.pick<Key>(style.keys[name])
  return {
    id,
    at,
    day: dayAt(Math.floor(at / 1000), style.zone),
    keys,
    amount: amountOf(random),
    units: unitsOf(random, style.huge),
    viewer: random.pick(style.viewers),
  }
}

/** A microsecond of a business day: mostly near an edge of something. */
function timeOn(random: Random, zone: string, day: Day): number {
  const [from, to] = [startOf(day, zone) * 1000, startOf(plus(day, 1), zone) * 1000]
  const near = random.weighted<() => number>([
    [4, () => random.pick([from, to]) + random.pick(AROUND)],
    [1, () => startOf(random.pick([day, plus(day, 1)]), random.pick(ZONES)) * 1000 + random.pick(AROUND)],
    [1, () => (startOf(day, zone) + random.int(0, 24) * HOUR) * 1000 + random.pick(AROUND)],
    // Where clocks fall back or spring forward, they do so in the first four hours.
    [1, () => from + random.int(0, 5 * 3600) * 1_000_000 + random.int(0, 999_999)],
    [2, () => from + Math.floor(random.next() * (to - from))],
  ])()
  return Math.min(Math.max(near, from), to - 1)
}

function amountOf(random: Random): bigint | null {
  return random.weighted<() => bigint | null>([
    [3, () => null],
    [10, () => BigInt(random.int(-2000, 20_000))],
    [1, () => 0n],
    [1, () => random.pick([1n, -1n]) * (999_999_999_999_999_999n - BigInt(random.int(0, 1000)))],
  ])()
}

function unitsOf(random: Random, huge: boolean): bigint | null {
  const sign = random.pick([1n, 1n, 1n, -1n])
  return random.weighted<() => bigint | null>([
    [2, () => null],
    [8, () => BigInt(random.int(-5, 300))],
    [2, () => sign * (9_007_199_254_740_993n + BigInt(random.int(0, 1000)))],
    [huge ? 4 : 0, () => sign * (4_611_686_018_427_387_905n + BigInt(random.int(0, 1_000_000)))],
  ])()
}
