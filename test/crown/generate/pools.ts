import type { Random } from '../../support/random.ts'
import type { Advertiser, DimensionName, Key } from '../model.ts'
import type { Day } from '../oracle/calendar.ts'

/** Values that engines are known to treat differently: case, quotes, code points beyond U+FFFF, nothing, null. */
const CHANNELS: readonly (string | null)[] = [
  'feed',
  'Feed',
  'FEED',
  'search',
  "o'brien; --",
  'say "hi"',
  '',
  '日本語',
  'Über',
  'über',
  '🙂 smile',
  'ｆｕｌｌ',
  'back\\slash',
  'tab\there',
  'feed ',
  '%',
  'f_ed',
  null,
]
const ADVERTISERS: readonly bigint[] = [1n, 2n, 3n, 7n, 42n, -5n, 9_007_199_254_740_992n, 9_007_199_254_740_993n]
const TIERS: readonly (string | null)[] = ['gold', 'Gold', 'silver', '', '金', null]
const DUES: readonly (Day | null)[] = ['2024-02-29', '2026-01-01', '2026-10-31', '1999-12-31', null]

export const ZONES = ['Asia/Shanghai', 'America/New_York', 'Asia/Kolkata', 'UTC', 'Europe/London'] as const

/** The keys that the facts of one dataset may bear. */
export interface Pools {
  readonly keys: Readonly<Record<DimensionName, readonly Key[]>>
  readonly advertisers: readonly Advertiser[]
}

/** Few values of each, so that groups meet; some advertisers have no row in their table. */
export function choosePools(random: Random): Pools {
  const advertisers = random.sample(ADVERTISERS, random.int(2, 6))
  const tabled = advertisers.filter((_, i) => i === 0 || random.chance(0.75))
  return {
    keys: {
      channel: random.sample(CHANNELS, random.int(2, 7)),
      advertiser: random.chance(0.7) ? [...advertisers, null] : advertisers,
      due: random.sample(DUES, random.int(2, 5)),
      trial: random.pick([
        [true, false],
        [true, false, null],
        [null, true],
      ]),
    },
    advertisers: tabled.map((key) => ({
      key,
      tier: random.pick(TIERS),
      active: random.pick([true, false, false, null]),
    })),
  }
}

export { CHANNELS, DUES, TIERS }
