import type { Random } from '../../../support/random.ts'
import { type Day, dayAt, MINUTE, plus, startOf } from '../../oracle/calendar.ts'
import type { Dataset, DayKind, Fact, Moment, ProcessModel } from '../model.ts'

const ZONES = ['Asia/Shanghai', 'America/New_York', 'Asia/Kolkata', 'UTC', 'Europe/London'] as const
const CHANNELS = ['feed', 'Feed', "o'b", '日本', null] as const
const REGIONS = ['n', 's', null] as const
const TIERS = ['gold', 'Gold', '', null] as const
const USERS = 6

/** Rows from the middle of a winter to some day of a spring: leap-less February, clock changes, a quarter's turn. */
export function makeDataset(random: Random, id: string): Dataset {
  const first = plus('2025-12-20', random.int(0, 20))
  const zone = random.pick(ZONES)
  const other = random.chance(0.5) ? zone : random.pick(ZONES)
  const today = `2026-04-${String(random.int(1, 27)).padStart(2, '0')}`
  const now = startOf(today, zone) + random.int(60, 23 * 60) * MINUTE
  const days: Day[] = []
  for (let day = first; day <= plus(today, 1); day = plus(day, 1)) days.push(day)
  return {
    id,
    days,
    now,
    processes: [
      makeProcess(random.fork(), 'visit', zone, days, now),
      makeProcess(random.fork(), 'buy', other, days, now),
    ],
    users: Array.from({ length: USERS - 1 }, (_, i) => ({ key: i + 1, tier: random.pick(TIERS) })),
  }
}

function makeProcess(
  random: Random,
  name: 'visit' | 'buy',
  zone: string,
  days: readonly Day[],
  now: number,
): ProcessModel {
  const today = dayAt(now, zone)
  const over = days.filter((day) => day < today)
  const kinds = new Map<Day, DayKind>(
    over.map((day, i) => [
      day,
      random.weighted([
        [7, 'same'],
        [1, 'late'],
        [over.length - i < 12 ? 1 : 0, 'staged'],
      ]),
    ]),
  )
  const seen = new Set<number>()
  // Sparse, so that days and groups are empty now and then; denser near now, where most is asked.
  const facts = days.flatMap((day, i) => {
    const dense = days.length - i < 30
    const count = random.weighted(
      dense
        ? [
            [3, 0],
            [4, 1],
            [3, 2],
            [2, 4],
          ]
        : [
            [5, 0],
            [3, 1],
            [1, 3],
          ],
    )
    return Array.from({ length: count }, (_, n) => makeFact(random, `${name}-${day}-${n}`, day, zone, now, seen))
  })
  const last: Fact = { ...makeFact(random, `${name}-now`, today, zone, now, seen), at: now * 1000, day: today }
  return {
    name,
    zone,
    dimensions: name === 'visit' ? ['channel', 'region', 'user', 'flag', 'size'] : ['channel', 'region', 'user'],
    // The stream ends now: what has elapsed of today does, too.
    facts: [...facts.filter(({ at }) => at < now * 1000), last],
    kinds,
    versions: new Map(over.map((day) => [day, random.int(1, 2)])),
    unique: random.chance(0.5),
    dayColumn: random.chance(0.4),
  }
}

/** At some time of a day, often at its edges: at, 1 ms or 0.4 ms around. */
export function makeFact(
  random: Random,
  id: string,
  day: Day,
  zone: string,
  now: number,
  seen: Set<number> = new Set(),
): Fact {
  const [start, end] = [startOf(day, zone) * 1000, startOf(plus(day, 1), zone) * 1000]
  let at = random.chance(0.3)
    ? random.pick([start, start + 1000, start + 400, end - 1000, end - 400, end - 1])
    : start + random.int(0, 86_399) * 1_000_000 + random.int(0, 999_999)
  if (at >= end) at = end - random.int(2, 900_000)
  while (seen.has(at)) at += at + 1 < end ? 1 : -random.int(2, 900_000)
  seen.add(at)
  const paid = random.chance(0.2)
    ? null
    : at + random.pick([0, random.int(0, 86_400_000) * 1000, random.int(0, 900_000) * 1_000_000])
  return {
    id,
    at,
    paid: paid !== null && paid > now * 1000 ? null : paid,
    day,
    channel: random.pick(CHANNELS),
    region: random.pick(REGIONS),
    user: random.chance(0.1) ? null : random.int(1, USERS),
    flag: random.pick([true, false, true, null]),
    size: random.chance(0.15) ? null : random.int(-2, 5),
    amount: random.chance(0.15) ? null : BigInt(random.pick([random.int(-500, 5000), random.int(1, 9) * 100, 0])),
  }
}

/** What is published now, with holes or without, and how far back real time reaches. */
export function makeMoment(random: Random, dataset: Dataset): Moment {
  const published = new Map<string, ReadonlySet<Day>>()
  const since = new Map<string, Day>()
  const retentionDays = new Map<string, number | undefined>()
  const holes = random.weighted([
    [3, 0],
    [2, 0.08],
    [2, 0.3],
  ])
  const shortRetention = random.chance(0.35)
  for (const { name, kinds } of dataset.processes) {
    const over = [...kinds.keys()]
    const boundary = random.int(Math.max(0, over.length - 15), over.length)
    const days = over.filter((day, i) => {
      const kind = kinds.get(day)
      return kind === 'late' || (kind === 'same' && i < boundary && !random.chance(holes))
    })
    published.set(name, new Set(days))
    since.set(
      name,
      plus(
        dataset.days[0] ?? '',
        random.weighted([
          [3, -10],
          [3, 0],
          [1, random.int(1, 20)],
        ]),
      ),
    )
    retentionDays.set(name, shortRetention ? random.int(2, 25) : undefined)
  }
  return { published, since, retentionDays }
}
