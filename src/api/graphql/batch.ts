import { Fault } from '../../base/faults.ts'
import { answerAll } from '../../gateway/answer.ts'
import type { Answer } from '../../gateway/assemble.ts'
import type { Caller, Gateway } from '../../gateway/gateway.ts'
import type { Question } from '../../query/question.ts'

interface Waiting {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * The questions of one document. Root fields are resolved in one tick, so all of them wait here when the microtask runs;
 * they are then answered together: at one moment, from one snapshot, what they share read once.
 */
export class Batch {
  readonly #caller: Caller
  readonly #gateway: Gateway
  readonly #signal: AbortSignal
  #waiting: Waiting[] = []

  constructor(caller: Caller, gateway: Gateway, signal: AbortSignal) {
    this.#caller = caller
    this.#gateway = gateway
    this.#signal = signal
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
      await this.#answer(waiting)
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }

  async #answer(waiting: readonly Waiting[]): Promise<void> {
    const questions = waiting.map(({ question }) => question)
    const outcomes = await answerAll(questions, this.#caller, this.#gateway, this.#signal)
    for (const [i, { resolve, reject }] of waiting.entries()) {
      const outcome = outcomes[i]
      if (outcome === undefined || outcome instanceof Fault) reject(outcome ?? new TypeError('no outcome'))
      else resolve(outcome)
    }
  }
}
