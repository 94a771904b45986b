import { Fault } from '../../base/faults.ts'
import { type AskOptions, answerAll } from '../../gateway/answer.ts'
import type { Answer } from '../../gateway/answerTypes.ts'
import type { Caller } from '../../gateway/caller.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Question } from '../../query/question.ts'

interface Waiting {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** A question that may stand in a document more than once, and its answer. */
export interface Answered {
  readonly question: Question
  readonly answer: Answer
}

export interface BatchContext {
  readonly caller: Caller
  readonly gateway: Gateway
  readonly options: AskOptions
  /** Takes what so many questions cost besides the request itself; rejects when the caller may not ask them now. */
  readonly charge: (cost: number) => Promise<void>
}

/**
 * The questions of one document. Root fields are resolved in one tick, so all of them wait here when the microtask runs;
 * they are then answered together: at one moment, from one snapshot, what they share read once.
 */
export class Batch {
  readonly #context: BatchContext
  readonly #answers: Answered[] = []
  #waiting: Waiting[] = []
  #refusal: unknown

  constructor(context: BatchContext) {
    this.#context = context
  }

  /** What the questions of the document were answered with, in their order. */
  get answers(): readonly Answered[] {
    return this.#answers
  }

  /** Why the caller may not ask the document now: then all of it is refused. */
  get refusal(): unknown {
    return this.#refusal
  }

  /** The answer to one question of the document. Rejects with its own Fault. */
  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject })
      if (this.#waiting.length === 1) queueMicrotask(() => void this.#flush())
    })
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    try {
      await this.#charge(waiting.length)
      await this.#answer(waiting)
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }

  async #charge(questions: number): Promise<void> {
    if (questions < 2) return
    try {
      await this.#context.charge(questions - 1)
    } catch (error) {
      this.#refusal = error
      throw error
    }
  }

  async #answer(waiting: readonly Waiting[]): Promise<void> {
    const { caller, gateway, options } = this.#context
    const questions = waiting.map(({ question }) => question)
    const outcomes = await answerAll(questions, caller, gateway, options)
    for (const [i, { question, resolve, reject }] of waiting.entries()) {
      const outcome = outcomes[i]
      if (outcome === undefined || outcome instanceof Fault) reject(outcome ?? new TypeError('no outcome'))
      else {
        this.#answers.push({ question, answer: outcome })
        resolve(outcome)
      }
    }
  }
}
