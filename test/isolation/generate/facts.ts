import type { Random } from '../../support/random.ts'
import { DAYS, instantOn } from '../calendar.ts'
import type { Fact } from '../model.ts'

/** What the facts of a process are made of: the keys of each dimension it carries. */
export interface Style {
  readonly zone: string
  readonly keys: ReadonlyMap<string, (random: Random, so: Readonly<Record<string, string | null>>) => string | null>
}

const VIEWERS = ['v1', 'v2', 'v3', 'v4', 'v5']

/** Some facts of every day. */
export function makeFacts(random: Random, style: Style): Fact[] {
  return DAYS.flatMap((day) => Array.from({ length: random.int(6, 14) }, () => makeFact(random, style, day)))
}

/** One fact of a day. */
export function makeFact(random: Random, { zone, keys }: Style, day: string): Fact {
  const made: Record<string, string | null> = {}
  for (const [name, choose] of keys) made[name] = choose(random, made)
  return {
    day,
    at: instantOn(random, day, zone),
    keys: made,
    viewer: random.pick(VIEWERS),
    cost: random.int(1, 99_999),
    units: random.int(1, 999),
  }
}
