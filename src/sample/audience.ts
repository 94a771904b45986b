import type { Day } from '../base/time.ts'
import { createRandom, createSampler, type Random } from './random.ts'
import { REGIONS, UNKNOWN_REGION_SHARE } from './regions.ts'

/** A person as an event sees them. */
export interface Visitor {
  readonly id: number
  readonly region: string | null
}

/** The people of the sample business: those who come again and again, and those who come for the first time. */
export interface Audience {
  /** Someone who has been here before; few of them come often. */
  returning(random: Random): Visitor
  /** The `nth` newcomer of a day (below NEWCOMERS_A_DAY), whose id is theirs alone. */
  newcomer(day: Day, nth: number, random: Random): Visitor
}

const REGULARS = 40_000
/** Ids set aside for the newcomers of each day. */
export const NEWCOMERS_A_DAY = 4000

/** True for someone who came for the first time on `day`. */
export function isNewcomerOf(visitorId: number, day: Day): boolean {
  const first = firstNewcomer(day)
  return visitorId >= first && visitorId < first + NEWCOMERS_A_DAY
}

export function createAudience(seed: number): Audience {
  const drawRegion = createSampler(REGIONS.map((region) => region.share))
  const homes = createRandom(seed, 0x686f6d65)
  const regionOf = Uint8Array.from({ length: REGULARS }, () => drawRegion(homes))
  const seenIn = (region: number, random: Random): string | null =>
    random.chance(UNKNOWN_REGION_SHARE) ? null : (REGIONS[region]?.code ?? null)
  return {
    returning(random) {
      const at = Math.floor(REGULARS * random.next() ** 1.7)
      return { id: at + 1, region: seenIn(regionOf[at] ?? 0, random) }
    },
    newcomer: (day, nth, random) => ({ id: firstNewcomer(day) + nth, region: seenIn(drawRegion(random), random) }),
  }
}

function firstNewcomer(day: Day): number {
  return REGULARS + 1 + day * NEWCOMERS_A_DAY
}
