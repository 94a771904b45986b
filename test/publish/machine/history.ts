import { NO_PAST, type Past, pastOf, type WorldState } from './state.ts'

/** Every state of a life, and when it came to be. A step runs between two of them. */
export class History {
  readonly #states: WorldState[]
  readonly #steps: string[] = ['the beginning']
  readonly #doneAt: number[]
  readonly #pasts: Past[]
  #isRunning = false

  constructor(first: WorldState) {
    this.#states = [first]
    this.#doneAt = [performance.now()]
    this.#pasts = [pastOf(NO_PAST, first)]
  }

  get current(): WorldState {
    return this.at(this.done)
  }

  /** The last state that stands for certain. */
  get done(): number {
    return this.#states.length - 1
  }

  /** The last state that may have begun. */
  get begun(): number {
    return this.done + (this.#isRunning ? 1 : 0)
  }

  at(index: number): WorldState {
    const state = this.#states[index]
    if (state === undefined) throw new RangeError(`there is no state ${index}`)
    return state
  }

  /** What was ever out until a state. */
  pastAt(index: number): Past {
    return this.#pasts[index] ?? NO_PAST
  }

  /** The state that stood so many milliseconds before a moment. */
  before(moment: number, milliseconds: number): number {
    const index = this.#doneAt.findLastIndex((at) => at <= moment - milliseconds)
    return Math.max(0, index)
  }

  begin(name: string): void {
    this.#isRunning = true
    this.#steps.push(name)
  }

  end(next: WorldState): void {
    this.#pasts.push(pastOf(this.pastAt(this.done), next))
    this.#states.push(next)
    this.#doneAt.push(performance.now())
    this.#isRunning = false
  }

  /** What was done, from one state to another. */
  told(from: number, to: number): string[] {
    return this.#steps.slice(from, to + 1).map((name, i) => `${from + i} ${name}`)
  }
}
