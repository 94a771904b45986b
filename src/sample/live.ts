import { setTimeout as sleep } from 'node:timers/promises'
import type { SampleStores } from './context.ts'
import { type Advance, openSample } from './seed.ts'

/** The sample's stores, and somebody who hears of failures. */
export interface LiveContext extends SampleStores {
  readonly onError: (error: unknown) => void
}

/** A sample that goes on living until it is stopped. */
export interface LiveSample {
  /** Resolves when the running tick is over; none begins after the call. */
  stop(): Promise<void>
}

/**
 * Lets the sample go on: every tick the events that have arrived are appended, and when the business day turns, the
 * batch of the day that is over is written and staged and the day before it published. A failed tick is reported and
 * made up for by the next one. Not for a clock that stands still.
 */
export function keepGoing(context: LiveContext, everyMs = 1000): LiveSample {
  const stopping = new AbortController()
  let advance: Advance | undefined
  const tick = async (): Promise<void> => {
    try {
      advance ??= await openSample(context)
      await advance(() => {})
    } catch (error) {
      context.onError(error)
    }
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await tick()
      // The rejection of an aborted wait is the way out of it.
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}
