import { HOUR, MINUTE, plus, startOf } from '../../../crown/oracle/calendar.ts'
import type { Random } from '../../../support/random.ts'
import { DAYS, ENDS, FORMS, PROCESSES } from '../mill.ts'
import type { Step, StepMaker } from './step.ts'

/** Time goes on a little, by hours, or to an edge: of a day, or of what a stream keeps. */
export const timePasses: StepMaker = ({ history, clock }, random): Step | undefined => {
  const { now } = history.current
  const next = random.weighted([
    [6, now + random.int(1, 40) * MINUTE],
    [2, now + random.int(1, 8) * HOUR],
    [2, nextEdge(now, random)],
  ])
  if (next <= now || next > ENDS) return undefined
  return {
    name: `time: ${new Date(next).toISOString()}`,
    async run() {
      clock.moveTo(next)
      return { ...history.current, now: next }
    },
  }
}

/** The next moment that changes where a day is read from, or the millisecond before or behind it. */
function nextEdge(now: number, random: Random): number {
  const edges = PROCESSES.flatMap((process) => {
    const { zone, retention } = FORMS[process]
    const starts = [...DAYS, plus(DAYS.at(-1) ?? '', 1)].map((day) => startOf(day, zone))
    return [...starts, ...starts.map((start) => start + retention)]
  })
  const next = Math.min(...edges.filter((edge) => edge > now + 1))
  return next + random.int(-1, 1)
}
