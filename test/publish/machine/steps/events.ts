import { type Day, dayAt, plus, startOf } from '../../../crown/oracle/calendar.ts'
import type { Random } from '../../../support/random.ts'
import { drain } from '../life.ts'
import { DAYS, FORMS, PROCESSES, type ProcessName, streamOf } from '../mill.ts'
import { added, isKept, NO_ROWS, withDays } from '../state.ts'
import type { StepMaker } from './step.ts'

/** Rows come into a stream: of today, late ones of the days before, and some that nobody waits for any more. */
export const eventsArrive: StepMaker = ({ history, postgres }, random) => {
  const process = random.pick(PROCESSES)
  const { now } = history.current
  const today = dayAt(now, FORMS[process].zone)
  const days = DAYS.filter((day) => day <= today)
  const day = random.chance(0.3) ? today : random.pick(days)
  const kilos = Array.from({ length: random.int(1, 3) }, () => random.int(1, 1_000_000))
  const rows = kilos.map((each) => [new Date(moment(process, day, now, random)).toISOString(), String(each)])
  return {
    name: `events: ${streamOf(process)} ${day} ${kilos.join(' ')}`,
    async run() {
      await postgres.load(streamOf(process), ['at', 'kilos'], rows)
      const state = history.current
      const more = { sacks: kilos.length, kilos: kilos.reduce((a, b) => a + b, 0) }
      const before = state.streams[process].get(day) ?? NO_ROWS
      return { ...state, streams: withDays(state.streams, process, [[day, added(before, more)]]) }
    },
  }
}

/** Within a day and not ahead of now; often at its very ends. */
function moment(process: ProcessName, day: Day, now: number, random: Random): number {
  const { zone } = FORMS[process]
  const start = startOf(day, zone)
  const last = Math.min(now, startOf(plus(day, 1), zone) - 1)
  return random.weighted([
    [1, start],
    [1, last],
    [2, random.int(start, last)],
  ])
}

/** What a stream no longer promises goes away. Whoever asked before it was so late has his answer first. */
export const streamForgets: StepMaker = (life, random) => {
  const { history, postgres } = life
  const process = random.pick(PROCESSES)
  const { streams, now } = history.current
  const gone = [...streams[process].keys()].filter((day) => !isKept(process, day, now)).toSorted()
  const last = gone.at(-1)
  if (last === undefined) return undefined
  return {
    name: `forgotten: ${streamOf(process)} to ${last}`,
    async run() {
      await drain(life)
      const end = new Date(startOf(plus(last, 1), FORMS[process].zone)).toISOString()
      await postgres.execute(`delete from ${streamOf(process)} where at < '${end}'`)
      const state = history.current
      return {
        ...state,
        streams: withDays(
          state.streams,
          process,
          gone.map((day) => [day, undefined]),
        ),
      }
    },
  }
}
