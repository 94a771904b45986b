import { Fault, type FaultCode } from '../../../src/base/faults.ts'
import type { Answer, Figures } from '../../../src/gateway/answerTypes.ts'
import type { Computed } from '../../../src/gateway/cache/answerCache.ts'
import type { Prepared } from '../../../src/gateway/prepare.ts'
import type { Random } from '../../support/random.ts'
import type { Ask, Launch, Replica } from './replica.ts'
import type { Timeline } from './timeline.ts'
import { preparedOf, TOPICS, type Topic } from './topics.ts'

/** What figures say of themselves. */
export interface Facts {
  readonly topic: string
  readonly version: number
  /** When the live table that was read had last been written; -1 = none was read. */
  readonly wrote: number
  readonly execution: number
}

/** `around` is an answer without the stream's store; `throws` is a fault of our own. */
export type Ending = 'ok' | 'around' | 'throws' | FaultCode

/** One pass over the stores, for questions that one caller began. */
export interface Execution {
  readonly id: number
  readonly replica: Replica
  readonly ask: Ask
  readonly launch: Launch
  readonly beganAt: number
  readonly signal: AbortSignal
  /** By key: what becomes of each question. */
  readonly endings: ReadonlyMap<string, Ending>
  /** By key: what was known when it began that could have spared it. */
  readonly rivals: ReadonlyMap<string, readonly Execution[]>
  readonly failures: ReadonlyMap<string, Execution>
  endedAt: number
  endOrder: number
  abortOrder: number
}

/** Live tables: a value is the moment of the last write. */
export class Tables {
  readonly #timeline: Timeline
  readonly #writes = new Map<string, number[]>()

  constructor(timeline: Timeline) {
    this.#timeline = timeline
  }

  write(table: string): void {
    this.#writes.set(table, [...(this.#writes.get(table) ?? [0]), this.#timeline.now])
  }

  read(table: string): number {
    return this.#writes.get(table)?.at(-1) ?? 0
  }

  /** When a value was written over. */
  overwritten(table: string, wrote: number): number {
    return this.#writes.get(table)?.find((at) => at > wrote) ?? Number.POSITIVE_INFINITY
  }
}

/** Facts as an answer carries them. */
export function figuresOf(facts: Facts): Figures {
  const columns = Object.keys(facts).map(
    (name) => ({ name, role: 'metric', type: name === 'topic' ? 'string' : 'int64' }) as const,
  )
  const values = Object.values(facts).map((value) => [value])
  const freshness = { asOf: '2026-11-20T10:31:07+08:00', finalThrough: null, sources: [] }
  return { columns, values, rowCount: 1, freshness, notices: [], totals: undefined, truncated: false }
}

/** Reads them back. */
export function factsOf({ values }: Pick<Answer, 'values'>): Facts {
  const [topic, version, wrote, execution] = values.map(([value]) => value)
  return { topic: String(topic), version: Number(version), wrote: Number(wrote), execution: Number(execution) }
}

/** How a pass over the stores may end for one question. */
export const endingOf = (random: Random, topic: Topic): Ending =>
  random.weighted<Ending>([
    [14, 'ok'],
    [2, 'STORE_FAILED'],
    [1, 'DEADLINE'],
    [1, 'NOT_FINAL'],
    [1, 'INTERNAL'],
    [topic.name === 'mixed' ? 5 : 0, 'around'],
  ])

/** How long a pass over the stores may take, in milliseconds. */
export const durationOf = (random: Random): number =>
  random.weighted([
    [4, 0],
    [4, random.int(1, 50)],
    [3, random.int(50, 900)],
    [2, random.int(900, 4000)],
  ])

/** What a question was given when its pass ended. */
export function outcomeOf(execution: Execution, prepared: Prepared, wrote: number): Computed {
  const ending = execution.endings.get(prepared.key) ?? 'throws'
  const topic = topicOf(prepared)
  const version = prepared.snapshot.epoch
  if (ending !== 'ok' && ending !== 'around') {
    const code = ending === 'throws' ? 'INTERNAL' : ending
    return { prepared, outcome: new Fault(code, `execution ${execution.id}`) }
  }
  const read = ending === 'ok' ? prepared : preparedOf(topic, prepared.question.maxStaleness / 1000, version, true)
  const facts = { topic: topic.name, version, wrote: read.pinned ? -1 : wrote, execution: execution.id }
  return { prepared: read, outcome: figuresOf(facts) }
}

/** Which of the topics was asked. */
export function topicOf({ asked }: Prepared): Topic {
  const text = JSON.stringify([asked.metrics, asked.time.range])
  const topic = TOPICS.find(({ question }) => JSON.stringify([question.metrics, question.time?.range]) === text)
  if (topic === undefined) throw new Error('nobody asked this')
  return topic
}
