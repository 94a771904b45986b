import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from 'chdb'
import type { Bounds } from '../bounds.ts'
import type { Parameter } from '../port.ts'
import { checkPlaceholders, prelude } from './chdbPrelude.ts'
import { QUERY_SETTINGS } from './settings.ts'

/**
 * Statements that run at the same time. A running one holds a thread of Node's own pool, which has four by default:
 * one is left for files, names and the statements that end others.
 */
const LANES = 3

const KILL_TRIES = 6
const FIRST_PAUSE_MS = 25

type OpenSession = (folder: string) => Session

interface Waiter {
  readonly resolve: (lane: Session) => void
  readonly reject: (error: unknown) => void
}

/**
 * One chDB in this process: a few connections over one folder, and one more that ends what runs on the others (and
 * keeps the engine up while one of them is replaced).
 */
export class ChdbEngine {
  readonly #open: () => Session
  readonly #onClosed: () => void
  readonly #control: Session
  readonly #idle: Session[] = []
  readonly #waiting: Waiter[] = []
  readonly #running = new Set<Promise<unknown>>()
  #statements = 0
  #closed = false

  /** `onClosed` is called when the folder is no longer used. */
  constructor(openSession: OpenSession, folder: string, onClosed: () => void) {
    this.#open = () => {
      const session = openSession(folder)
      // The text that sets the values is itself read under this limit.
      session.query(`SET max_query_size = ${QUERY_SETTINGS.max_query_size}`)
      return session
    }
    this.#onClosed = onClosed
    this.#control = this.#open()
    for (let lane = 0; lane < LANES; lane++) this.#idle.push(this.#open())
  }

  /** Runs one statement and gives its answer in JSONCompact; empty when the statement answers nothing. */
  async run(text: string, params: readonly Parameter[], bounds: Bounds): Promise<string> {
    if (this.#closed) throw wasClosed()
    checkPlaceholders(text, params)
    const lane = await this.#take(bounds)
    const tag = `oneservice-${++this.#statements}`
    const work = this.#track(this.#runOn(lane, prelude(tag, params, bounds.remaining()) + text))
    bounds.onEnd(() => void this.#kill(tag, work))
    return bounds.race(work)
  }

  /** Waits for what runs: closing a connection under a statement would abort the engine for the whole process. */
  async close(): Promise<void> {
    this.#closed = true
    for (const waiter of this.#waiting.splice(0)) waiter.reject(wasClosed())
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
    for (const session of [...this.#idle.splice(0), this.#control]) session.close()
    this.#onClosed()
  }

  #take(bounds: Bounds): Promise<Session> {
    const lane = this.#idle.pop()
    if (lane !== undefined) return Promise.resolve(lane)
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject }
      this.#waiting.push(waiter)
      bounds.onEnd((reason) => {
        const index = this.#waiting.indexOf(waiter)
        if (index >= 0) this.#waiting.splice(index, 1)
        reject(bounds.fault(reason))
      })
    })
  }

  #give(lane: Session): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#idle.push(lane)
    else next.resolve(lane)
  }

  /**
   * A connection whose statement failed is never used again: what the statement had written until then comes out in
   * front of the next one's answer.
   */
  async #runOn(lane: Session, text: string): Promise<string> {
    let clean = false
    try {
      const result = await lane.queryAsync(text, { format: 'JSONCompact' })
      clean = true
      return result.text()
    } finally {
      if (!clean) lane.close()
      this.#give(clean ? lane : this.#open())
    }
  }

  /** Asked again until it is over, because a statement that is only about to start is not found. */
  async #kill(tag: string, work: Promise<unknown>): Promise<void> {
    const text = `KILL QUERY WHERE Settings['log_comment'] = '${tag}' ASYNC`
    for (let turn = 0; turn < KILL_TRIES && this.#running.has(work); turn++) {
      await this.#track(this.#control.queryAsync(text)).catch(() => undefined)
      await sleep(FIRST_PAUSE_MS * 2 ** turn, undefined, { ref: false })
    }
  }

  #track<T>(work: Promise<T>): Promise<T> {
    const tracked = work.finally(() => this.#running.delete(tracked))
    this.#running.add(tracked)
    return tracked
  }
}

/** Reads as a broken pipe: the store is down for whoever still asks it. */
function wasClosed(): Error {
  return Object.assign(new Error('The store was closed'), { code: 'EPIPE' })
}
