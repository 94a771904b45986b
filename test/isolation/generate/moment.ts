import type { Random } from '../../support/random.ts'
import { momentOfToday, PAST } from '../calendar.ts'
import type { Moment, Town } from '../model.ts'

/** Some days of each table are out; now and then the real-time store can't be reached. */
export function makeMoment(random: Random, { processes }: Town): Moment {
  const batch = processes.flatMap(({ sources }) => sources.filter(({ role }) => role !== 'live'))
  return {
    now: momentOfToday(random),
    published: new Map(batch.map(({ name }) => [name, random.some(PAST, 0.75)])),
    realtimeDown: random.chance(0.06),
  }
}
