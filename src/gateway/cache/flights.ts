import { Fault } from '../../base/faults.ts'

/** Milliseconds of a clock that only goes forward; not the wall's. */
export type Stopwatch = () => number

export const stopwatch: Stopwatch = () => performance.now()

/** One execution under way, of one or more keys that began together. */
interface Group {
  readonly controller: AbortController
  waiting: number
}

interface Flight<T> {
  readonly key: string
  readonly bornAt: number
  readonly group: Group
  readonly landed: Promise<T>
}

/**
 * Single flight: who asks for what is being computed waits for it. When everyone who waits for a group of keys has gone,
 * its work is told to end, and whoever asks then begins anew.
 *
 *   launch ──► flying ──work ends──► landed (for all who wait)
 *                 └──the last of its waiters leaves──► aborted, forgotten at once
 */
export class Flights<T> {
  readonly #clock: Stopwatch
  readonly #flying = new Map<string, Flight<T>>()

  constructor(clock: Stopwatch) {
    this.#clock = clock
  }

  get size(): number {
    return this.#flying.size
  }

  isFlying(key: string, since: number): boolean {
    const flight = this.#flying.get(key)
    return flight !== undefined && flight.bornAt >= since
  }

  /** The outcome of a flight that began at `since` or later; undefined when there is none. Rejects with CLIENT_CLOSED. */
  join(key: string, since: number, signal: AbortSignal | undefined): Promise<T> | undefined {
    const flight = this.#flying.get(key)
    return flight === undefined || flight.bornAt < since ? undefined : this.#wait([flight], signal)[0]
  }

  /**
   * Begins one execution for several keys. `work` gets a signal that fires when nobody waits any more, and gives an
   * outcome for each key. Without `attended` nobody waits, and the work goes on to its end.
   */
  launch(
    keys: readonly string[],
    work: (signal: AbortSignal) => Promise<ReadonlyMap<string, T>>,
    attended: { readonly signal: AbortSignal | undefined } | undefined,
  ): readonly Promise<T>[] {
    const bornAt = this.#clock()
    const group: Group = { controller: new AbortController(), waiting: attended === undefined ? 1 : 0 }
    const working = work(group.controller.signal)
    const flights = keys.map((key): Flight<T> => {
      const landed = working.then((outcomes) => {
        const outcome = outcomes.get(key)
        if (outcome === undefined) throw new TypeError('a flight landed without an outcome')
        return outcome
      })
      return { key, bornAt, group, landed }
    })
    for (const flight of flights) this.#watch(flight)
    return attended === undefined ? [] : this.#wait(flights, attended.signal)
  }

  #watch(flight: Flight<T>): void {
    this.#flying.set(flight.key, flight)
    const land = (): void => this.#forget(flight)
    flight.landed.then(land, land)
  }

  #forget(flight: Flight<T>): void {
    if (this.#flying.get(flight.key) === flight) this.#flying.delete(flight.key)
  }

  /** Waits as one waiter a flight; all of them leave when the signal fires. */
  #wait(flights: readonly Flight<T>[], signal: AbortSignal | undefined): Promise<T>[] {
    for (const { group } of flights) group.waiting++
    return flights.map((flight) => {
      if (signal === undefined) return flight.landed
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      const leave = (): void => {
        reject(new Fault('CLIENT_CLOSED', 'The question was given up by its caller'))
        this.#leave(flight)
      }
      if (signal.aborted) leave()
      else {
        signal.addEventListener('abort', leave, { once: true })
        flight.landed.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
      }
      return promise
    })
  }

  #leave({ group }: Flight<T>): void {
    group.waiting--
    if (group.waiting > 0) return
    // Forgotten before the signal fires: nobody may join what is being ended.
    for (const flight of this.#flying.values()) if (flight.group === group) this.#forget(flight)
    group.controller.abort()
  }
}
