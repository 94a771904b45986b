import type { Random } from '../../support/random.ts'
import type { Dataset, Moment, ProcessModel, SourceModel } from '../model.ts'
import { type Day, dayAt, HOUR, plus, startOf } from '../oracle/calendar.ts'

/** Chooses a now, what is published by then, what is declared of each source, and whether real time can be reached. */
export function makeMoment(random: Random, dataset: Dataset): Moment {
  const now = chooseNow(random, dataset)
  const published = new Map<string, ReadonlyMap<Day, number>>()
  const since = new Map<string, Day>()
  const retention = new Map<string, { text: string; milliseconds: number }>()
  for (const process of dataset.processes) {
    const declared = random.chance(0.45) ? chooseSince(random, dataset) : undefined
    const days = publishedDays(random, process, now)
    for (const source of process.sources) {
      if (source.role === 'stream') {
        const kept = chooseRetention(random)
        if (kept !== undefined) retention.set(source.name, kept)
        continue
      }
      // Days of the table of days alone would be read from the stream where a question is too fine for it.
      const other =
        source.role === 'day' && random.chance(0.3) ? later(declared, chooseSince(random, dataset)) : declared
      if (other !== undefined) since.set(source.name, other)
      const own = random.chance(0.65) ? days : publishedDays(random, process, now)
      published.set(
        source.name,
        new Map(ownDays(own, source, process, now).map((day) => [day, source.versions.get(day) ?? 1])),
      )
    }
  }
  return { now, published, since, retention, realtimeDown: random.chance(0.04) }
}

/** Any moment of the later days, often right at a turn of the day somewhere. */
function chooseNow(random: Random, { days, firstToday, processes }: Dataset): number {
  const day = random.pick(days.filter((each) => each >= firstToday))
  const { zone } = random.pick(processes)
  const start = startOf(day, zone)
  if (random.chance(0.3)) return start + random.pick([0, -1, 1, HOUR, -HOUR])
  return start + random.int(0, 24 * HOUR - 1)
}

/** Complete up to a boundary, with holes or without; or any days, in no order; or nothing yet. */
function publishedDays(random: Random, process: ProcessModel, now: number): Day[] {
  const over = [...process.kinds.keys()].filter((day) => day < dayAt(now, process.zone))
  const boundary = random.int(Math.max(0, over.length - 6), over.length)
  return random.weighted<() => Day[]>([
    [4, () => over.slice(0, boundary)],
    [5, () => over.slice(0, boundary).filter(() => random.chance(0.8))],
    [2, () => random.some(over, 0.5)],
    [1, () => []],
  ])()
}

/** Days that real time can't answer are published in the event table always; staged ones in none. */
function ownDays(days: readonly Day[], source: SourceModel, process: ProcessModel, now: number): Day[] {
  const wanted = new Set(days)
  const today = dayAt(now, process.zone)
  return [...process.kinds].flatMap(([day, kind]) => {
    const out = kind === 'same' ? wanted.has(day) : kind === 'late' && (source.role === 'event' || wanted.has(day))
    return out && day < today ? [day] : []
  })
}

function chooseSince(random: Random, { days }: Dataset): Day {
  const first = days[0] ?? ''
  return plus(
    first,
    random.weighted([
      [3, -30],
      [2, 0],
      [3, random.int(1, 5)],
    ]),
  )
}

function later(a: Day | undefined, b: Day): Day | undefined {
  return a === undefined || a > b ? a : b
}

function chooseRetention(random: Random): { text: string; milliseconds: number } | undefined {
  return random.weighted<() => { text: string; milliseconds: number } | undefined>([
    [6, () => undefined],
    [4, () => days(random.int(5, 12))],
    [1, () => days(random.int(1, 4))],
    [1, () => ({ text: '36 hours', milliseconds: 36 * HOUR })],
    [1, () => ({ text: '1 week', milliseconds: 7 * 24 * HOUR })],
  ])()
}

function days(count: number) {
  return { text: `${count} day${count === 1 ? '' : 's'}`, milliseconds: count * 24 * HOUR }
}
