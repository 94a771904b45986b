import type { Fault } from '../../../src/base/faults.ts'
import type { AnswerCache } from '../../../src/gateway/cache/answerCache.ts'
import type { Prepared } from '../../../src/gateway/prepare.ts'
import type { Timeline } from './timeline.ts'
import type { Topic } from './topics.ts'

/** A gateway of a world: its cache, and what it knows of the world. */
export interface Replica {
  readonly name: string
  readonly cache: AnswerCache
  readonly bytes: number
  /** True when it shares answers with others. */
  readonly shares: boolean
  readonly clock: () => number
  /** What it knows to be published. */
  version: number
  /** Until then it asks around the stream's store. */
  downUntil: number
  readonly launches: Launch[]
  /** A launch whose look at the shelf is over; what is computed next is what it did not find. */
  linking: Launch | undefined
}

/** What began together: a look at the shelf where there is one, then a pass over the stores for what is left. */
export interface Launch {
  readonly keys: readonly string[]
  readonly at: number
  readonly order: number
  over: boolean
}

/** One call of `answer`. */
export interface Ask {
  readonly id: number
  readonly replica: Replica
  readonly at: number
  readonly order: number
  readonly items: readonly Item[]
  readonly controller: AbortController | undefined
  /** Keys that were being read, recently begun, right after the call. */
  flying: ReadonlySet<string>
  isOver: boolean
  /** It hung up while it waited. */
  hungUp: boolean
}

/** One question of a call. */
export interface Item {
  readonly topic: Topic
  /** What the caller allows, in milliseconds. */
  readonly staleness: number
  readonly prepared: Prepared | Fault
}

/** Something begins; it stands in the books of its replica. */
export function beginLaunch({ launches }: Replica, keys: readonly string[], timeline: Timeline): Launch {
  const launch: Launch = { keys, at: timeline.now, order: timeline.next(), over: false }
  launches.push(launch)
  return launch
}

/** The look at the shelf is over; when nothing is computed right now, so is the launch. */
export function linkLaunch(replica: Replica, launch: Launch): void {
  replica.linking = launch
  setImmediate(() => {
    if (replica.linking !== launch) return
    replica.linking = undefined
    launch.over = true
  })
}
