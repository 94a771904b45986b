import type { Clock } from '../../../src/base/clock.ts'

/** A clock that moves only when somebody moves it. */
export class MovedClock {
  #now: number

  constructor(now: number) {
    this.#now = now
  }

  readonly read: Clock = () => this.#now

  moveTo(instant: number): void {
    this.#now = instant
  }
}
