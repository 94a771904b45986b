import type { Composition } from '../compose.ts'
import { keepGoing } from '../sample/live.ts'
import { prepareSample } from '../sample/seed.ts'
import type { ProgressBar } from './progress.ts'

/** The part of a progress bar that filling needs. */
export type Progress = Pick<ProgressBar, 'show' | 'say'>

/** What goes on after the sample business has been filled. */
export interface Going {
  stop(): Promise<void>
}

/** Fills the sample business up to now; gives what keeps it going, or nothing when the catalog is not its own. */
export async function fillSample(composition: Composition, bar: Progress): Promise<(() => Going) | undefined> {
  const { stores, publications, clock } = composition
  const offline = stores.get('offline')
  const realtime = stores.get('realtime')
  if (offline === undefined || realtime === undefined) return undefined
  const context = {
    offline,
    realtime,
    publisher: publications,
    now: clock,
    progress: (done: number, text: string) => bar.show(done, text),
    onError: (error: unknown) => bar.say(`the sample business stumbled and goes on: ${String(error)}`),
  }
  await prepareSample(context)
  await composition.streams.look()
  return () => keepGoing(context)
}
