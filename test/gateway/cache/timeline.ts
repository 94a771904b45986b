import { settled } from './worlds.ts'

interface Event {
  readonly at: number
  readonly run: () => void
}

/** A clock that the test moves. What was planned happens in its order, and whatever follows from it before the next. */
export class Timeline {
  #now = 0
  #order = 0
  #events: Event[] = []

  get now(): number {
    return this.#now
  }

  /** Tells what came first of things that happen in one moment. */
  next(): number {
    return ++this.#order
  }

  after(delay: number, run: () => void): void {
    this.#events.push({ at: this.#now + delay, run })
  }

  async pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds
    await settled()
    for (;;) {
      const due = this.#events.filter(({ at }) => at <= until)
      const [first] = due.toSorted((a, b) => a.at - b.at)
      if (first === undefined) break
      this.#events = this.#events.filter((event) => event !== first)
      this.#now = first.at
      first.run()
      await settled()
    }
    this.#now = until
  }
}
