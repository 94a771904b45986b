import { Fault } from '../base/faults.ts'
import type { CallOptions } from './port.ts'

/** Why a call was ended before its statement answered. */
export type EndReason = 'DEADLINE' | 'CLIENT_CLOSED'

/**
 * One call's deadline and abort signal as one event. A driver asks it before starting, tells it what to do to the
 * statement when the event comes, and releases it when the call is over (else timers and listeners would pile up).
 */
export class Bounds {
  readonly #store: string
  readonly #signal: AbortSignal | undefined
  readonly #timeout: number | undefined
  readonly #until: number | undefined
  readonly #timer: NodeJS.Timeout | undefined
  readonly #actions: ((reason: EndReason) => void)[] = []
  readonly #onAbort = (): void => this.#end('CLIENT_CLOSED')
  #reason: EndReason | undefined

  /** Starts counting at once; `store` is the name the faults speak of. */
  constructor(store: string, options: CallOptions = {}) {
    this.#store = store
    this.#signal = options.signal
    this.#timeout = options.timeout
    if (this.#signal?.aborted) this.#reason = 'CLIENT_CLOSED'
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true })
    if (this.#timeout === undefined) return
    this.#until = performance.now() + this.#timeout
    if (this.#timeout <= 0) this.#reason ??= 'DEADLINE'
    else this.#timer = setTimeout(() => this.#end('DEADLINE'), this.#timeout)
  }

  /** Set once the deadline has passed or the signal has fired. */
  get ended(): EndReason | undefined {
    return this.#reason
  }

  /** Whole milliseconds left, at least 1; undefined when there is no deadline. */
  remaining(): number | undefined {
    return this.#until === undefined ? undefined : Math.max(1, Math.ceil(this.#until - performance.now()))
  }

  /** Runs `action` when the call is ended; at once if it already was. */
  onEnd(action: (reason: EndReason) => void): void {
    if (this.#reason === undefined) this.#actions.push(action)
    else action(this.#reason)
  }

  /** Faults when the call was already ended. */
  check(): void {
    if (this.#reason !== undefined) throw this.fault(this.#reason)
  }

  /** What the caller is told when the call was ended. */
  fault(reason: EndReason, cause?: unknown): Fault {
    const message =
      reason === 'CLIENT_CLOSED'
        ? 'The question was given up by its caller'
        : `The store "${this.#store}" did not answer ${this.#timeout === undefined ? 'in time' : `within ${this.#timeout} ms`}`
    return new Fault(reason, message, { cause })
  }

  /** `work`, or the fault as soon as the call is ended; a `work` left behind is not waited for. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      work.then(resolve, reject)
      this.onEnd((reason) => reject(this.fault(reason)))
    })
  }

  /** Lets go of the timer and the signal. */
  release(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#actions.length = 0
  }

  #end(reason: EndReason): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    for (const action of this.#actions.splice(0)) action(reason)
  }
}

/** Runs one call under its bounds. */
export async function within<T>(
  store: string,
  options: CallOptions | undefined,
  call: (bounds: Bounds) => Promise<T>,
): Promise<T> {
  const bounds = new Bounds(store, options)
  try {
    bounds.check()
    return await call(bounds)
  } finally {
    bounds.release()
  }
}
