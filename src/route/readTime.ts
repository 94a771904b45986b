import type { Day, Interval } from '../base/time.ts'
import type { Aggregate } from '../plan/logical.ts'

/** The time that an aggregate reads, and how its rows are told apart in it. */
export interface ReadTime {
  readonly businessZone: string
  readonly zone: string
  readonly base: Aggregate['base']
  /** Of the process's own time. */
  readonly reads: readonly Interval[]
  /** Business days of the reads, both ends inclusive, in order; begun at the first data where there is no lower end. */
  readonly days: readonly DayRange[]
  readonly today: Day
  /** A further time that rows are cut and bucketed by, and the stretches of it. */
  readonly other: { readonly name: string; readonly reads: readonly Interval[] } | undefined
}

export interface DayRange {
  readonly firstDay: Day
  readonly lastDay: Day
}
