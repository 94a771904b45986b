import { type Computed, FAILURE_MS } from '../../../src/gateway/cache/answerCache.ts'
import type { Prepared } from '../../../src/gateway/prepare.ts'
import type { Random } from '../../support/random.ts'
import { durationOf, type Ending, type Execution, endingOf, outcomeOf, Tables, topicOf } from './executions.ts'
import { type Ask, beginLaunch } from './replica.ts'
import type { Timeline } from './timeline.ts'
import type { Tell } from './worlds.ts'

/** What stands for the stores: it reads the truth of a moment, takes its time, and fails now and then. */
export class Stores {
  readonly tables: Tables
  readonly executions: Execution[] = []
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #tell: Tell
  readonly #begun: (execution: Execution) => void

  constructor(timeline: Timeline, random: Random, tell: Tell, begun: (execution: Execution) => void) {
    this.#timeline = timeline
    this.#random = random
    this.#tell = tell
    this.#begun = begun
    this.tables = new Tables(timeline)
  }

  /** Reads what is missing, once, and ends some time; told to end, it ends soon. */
  compute(ask: Ask, missing: readonly Prepared[], signal: AbortSignal): Promise<readonly Computed[]> {
    const timeline = this.#timeline
    const execution = this.#begin(ask, missing, signal)
    const { promise, resolve, reject } = Promise.withResolvers<readonly Computed[]>()
    const reads = missing.map((prepared) => this.tables.read(topicOf(prepared).table ?? ''))
    const late = this.#random.chance(0.3)
    const end = (): void => {
      if (execution.endOrder < Number.POSITIVE_INFINITY) return
      execution.endedAt = timeline.now
      execution.endOrder = timeline.next()
      execution.launch.over = true
      const endings = [...execution.endings.values()]
      this.#tell(
        `${timeline.now} execution ${execution.id} ends: ${endings.join()}${signal.aborted ? ', aborted' : ''}`,
      )
      if (endings.includes('throws')) reject(new TypeError(`execution ${execution.id}`))
      else if (endings.includes('around')) ask.replica.downUntil = timeline.now + 2000
      const read = (prepared: Prepared, i: number): number =>
        late ? this.tables.read(topicOf(prepared).table ?? '') : (reads[i] ?? 0)
      resolve(missing.map((prepared, i) => outcomeOf(execution, prepared, read(prepared, i))))
    }
    const abort = (): void => {
      // Aborted before it began: everyone had left while the shelf was looked at.
      execution.abortOrder = execution.beganAt === timeline.now ? execution.launch.order : timeline.next()
      execution.launch.over = true
      timeline.after(this.#random.pick([0, 5, 500]), end)
    }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
    timeline.after(durationOf(this.#random), end)
    return promise
  }

  #begin(ask: Ask, missing: readonly Prepared[], signal: AbortSignal): Execution {
    const { replica } = ask
    const keys = missing.map(({ key }) => key)
    const launch = replica.linking ?? beginLaunch(replica, keys, this.#timeline)
    replica.linking = undefined
    const throws = this.#random.chance(0.04)
    const others = this.executions.filter((each) => each.replica === replica && each.launch.order < launch.order)
    // Only what was begun last can be joined.
    const rivals = (key: string): Execution[] => {
      const last = replica.launches.findLast((each) => each.order < launch.order && each.keys.includes(key))
      return others.filter(
        (each) =>
          each.launch === last && each.endings.has(key) && Math.min(each.endOrder, each.abortOrder) > launch.order,
      )
    }
    const failures = keys.flatMap((key): [string, Execution][] => {
      const failed = others.find(
        ({ endings, endedAt, endOrder }) =>
          ['STORE_FAILED', 'DEADLINE'].includes(endings.get(key) ?? '') &&
          endOrder < launch.order &&
          endedAt + FAILURE_MS > launch.at,
      )
      return failed === undefined ? [] : [[key, failed]]
    })
    const endings = missing.map((prepared): [string, Ending] => [
      prepared.key,
      throws ? 'throws' : endingOf(this.#random, topicOf(prepared)),
    ])
    const execution: Execution = {
      id: this.executions.length,
      replica,
      ask,
      launch,
      beganAt: this.#timeline.now,
      signal,
      endings: new Map(endings),
      rivals: new Map(keys.map((key) => [key, rivals(key)])),
      failures: new Map(failures),
      endedAt: Number.POSITIVE_INFINITY,
      endOrder: Number.POSITIVE_INFINITY,
      abortOrder: Number.POSITIVE_INFINITY,
    }
    this.executions.push(execution)
    this.#begun(execution)
    this.#tell(`${this.#timeline.now} execution ${execution.id} begins for ask ${ask.id}`)
    return execution
  }
}
