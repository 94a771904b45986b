import type { Clock } from '../base/clock.ts'
import type { Publisher } from '../control/port.ts'
import type { Store } from '../stores/port.ts'

/** What the sample writes to. Both names may point at one database. */
export interface SampleStores {
  readonly offline: Store
  readonly realtime: Store
  readonly publisher: Publisher
  readonly now: Clock
  /** Whole days that are there after the first start; default 90. Real time holds 7 of them at most. */
  readonly firstDays?: number
}

/** Hears how far the work is (0 to 1) and what is being done. */
export type Progress = (done: number, text: string) => void

/** Passes on progress of one part of the work, which takes the share from `from` to `to` of the whole. */
export function partOf(progress: Progress, from: number, to: number): Progress {
  return (done, text) => progress(from + (to - from) * done, text)
}
