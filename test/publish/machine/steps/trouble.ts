import { setTimeout as sleep } from 'node:timers/promises'
import { SCHEMA } from '../../../../src/control/migrate.ts'
import { drain, type Life } from '../life.ts'
import { Misstep, type StepMaker } from './step.ts'

/** A store that could not be reached is left alone for less than this. Milliseconds. */
const RESTED_MS = 10_000
const SEEN_WITHIN_MS = 5000

/** The real-time store goes away, or comes back and has been left alone for long enough. */
export const realtimeTurns: StepMaker = (life) => {
  const { history, realtime, healthClock } = life
  const goesDown = !history.current.realtimeDown
  return {
    name: goesDown ? 'real time down' : 'real time up',
    async run() {
      if (goesDown) realtime.off()
      else {
        realtime.on()
        // Who still met it down says so when he is told.
        await drain(life)
        healthClock.moveTo(healthClock.read() + RESTED_MS)
      }
      return { ...history.current, realtimeDown: goesDown }
    },
  }
}

/** The offline store goes away or comes back. */
export const offlineTurns: StepMaker = ({ history, offline }) => {
  const goesDown = !history.current.offlineDown
  return {
    name: goesDown ? 'offline down' : 'offline up',
    async run() {
      if (goesDown) offline.off()
      else offline.on()
      return { ...history.current, offlineDown: goesDown }
    },
  }
}

/** The control database is out of reach of the first gateway: what it knows stays in force. Or it is there again. */
export const controlTurns: StepMaker = (life) => {
  const { history, control } = life
  const goesDown = !control.isOff
  return {
    name: goesDown ? 'control down' : 'control up',
    async run() {
      if (goesDown) {
        control.off()
        return history.current
      }
      control.on()
      await untilSeen(life)
      return { ...history.current, known: history.current.truth }
    },
  }
}

/** Waits until the first gateway knows what the control database says, by its own means. */
export async function untilSeen({ first, postgres }: Life): Promise<void> {
  const until = performance.now() + SEEN_WITHIN_MS
  const text = `select epoch from ${SCHEMA}.epoch`
  const { rows } = await postgres.query({ dialect: 'postgres', text, params: [] })
  while (first.gateway.snapshot().epoch < Number(rows[0]?.[0])) {
    if (performance.now() > until) throw new Misstep(`no news of the control database in ${SEEN_WITHIN_MS} ms`)
    await sleep(1)
  }
}
