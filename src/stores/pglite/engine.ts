import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Fault } from '../../base/faults.ts'
import type { Bounds } from '../bounds.ts'
import type { ResultSet } from '../port.ts'
import type { Reply, Work } from './protocol.ts'

const CLOSE_TIMEOUT_MS = 3000

const SHUT_DOWN = 0

interface Job {
  readonly id: number
  readonly work: Work
  readonly resolve: (result: ResultSet) => void
  readonly reject: (error: unknown) => void
}

/** PGlite's own words for what went wrong, with its SQLSTATE. */
class PgliteError extends Error {
  readonly code: string | undefined

  constructor(message: string, code: string | undefined) {
    super(message)
    this.code = code
  }
}

/** The worker ended or could not open the folder. Its SQLSTATE reads as "connection failure". */
const lost = (message: string): PgliteError => new PgliteError(message, '08006')

/**
 * One PGlite in one worker, one job at a time.
 *
 *   stopped --job--> opening --open--> idle <--reply / job--> busy
 *   busy --deadline, abort--> ending --worker gone--> stopped     opening, idle, busy --worker gone--> stopped
 *
 * PGlite hears no cancel request and no statement_timeout, so a running job is ended by ending its worker: committed
 * rows are on disk, the jobs that wait go to the next worker.
 */
export class PgliteEngine {
  readonly #folder: string
  readonly #onClosed: () => void
  readonly #waiting: Job[] = []
  #worker: Worker | undefined
  #ending: Promise<void> | undefined
  #open = false
  #current: Job | undefined
  #nextId = 1
  #closed = false

  /** `onClosed` is called when the folder is no longer used. */
  constructor(folder: string, onClosed: () => void) {
    this.#folder = folder
    this.#onClosed = onClosed
  }

  /** Runs one piece of work when its turn comes; ended bounds drop it from the queue or end it in the worker. */
  submit(work: Work, bounds: Bounds): Promise<ResultSet> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(lost('The store was closed'))
      const job: Job = { id: this.#nextId++, work, resolve, reject }
      this.#waiting.push(job)
      bounds.onEnd((reason) => {
        reject(bounds.fault(reason))
        this.#drop(job)
      })
      this.#next()
    })
  }

  /** Ends the worker; what runs or waits is told that the store is down. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    const worker = this.#worker
    const idle = this.#open && this.#current === undefined
    this.#failAll(lost('The store was closed'))
    if (worker !== undefined && idle) await shutDown(worker)
    await worker?.terminate()
    await this.#ending
    this.#onClosed()
  }

  #drop(job: Job): void {
    const index = this.#waiting.indexOf(job)
    if (index >= 0) this.#waiting.splice(index, 1)
    if (this.#current === job && this.#worker !== undefined) this.#end(this.#worker)
  }

  /** The next worker starts when this one is gone: two must never hold one folder. */
  #end(worker: Worker): void {
    this.#stop()
    this.#ending = worker.terminate().then(() => {
      this.#ending = undefined
      this.#next()
    })
  }

  #next(): void {
    if (this.#closed || this.#ending !== undefined || this.#current !== undefined || this.#waiting.length === 0) return
    this.#worker ??= this.#start()
    if (!this.#open) return
    this.#current = this.#waiting.shift()
    if (this.#current !== undefined) this.#worker.postMessage({ id: this.#current.id, work: this.#current.work })
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { folder: this.#folder } })
    worker.on('message', (reply: Reply) => this.#hear(worker, reply))
    worker.on('error', (error) => this.#lose(worker, lost(String(error))))
    worker.on('exit', () => this.#lose(worker, lost('The worker ended')))
    return worker
  }

  #hear(worker: Worker, reply: Reply): void {
    if (worker !== this.#worker) return
    if (reply.kind === 'missing') this.#lose(worker, notInstalled(reply.message))
    else if (reply.kind === 'open') this.#open = true
    else if (reply.id === this.#current?.id) this.#settle(this.#current, reply)
    this.#next()
  }

  #settle(job: Job, reply: Extract<Reply, { id: number }>): void {
    this.#current = undefined
    if (reply.kind === 'rows') job.resolve(reply.result)
    else job.reject(new PgliteError(reply.message, reply.code))
  }

  #lose(worker: Worker, error: unknown): void {
    if (worker !== this.#worker) return
    this.#stop()
    this.#failAll(error)
  }

  #stop(): void {
    this.#worker = undefined
    this.#open = false
    this.#current = undefined
  }

  #failAll(error: unknown): void {
    this.#current?.reject(error)
    for (const job of this.#waiting.splice(0)) job.reject(error)
    this.#stop()
  }
}

/** Lets PGlite write its checkpoint, so that the folder opens quickly the next time. */
async function shutDown(worker: Worker): Promise<void> {
  const said = once(worker, 'message', { signal: AbortSignal.timeout(CLOSE_TIMEOUT_MS) })
  worker.postMessage({ id: SHUT_DOWN, work: { kind: 'close' } })
  await said.catch(() => undefined)
}

function notInstalled(cause: string): Fault {
  const message =
    'A store URL names PGlite, which is not installed: run `npm install @electric-sql/pglite`, ' +
    'or name a PostgreSQL server (postgres://...) instead'
  return new Fault('INVALID_CONFIG', message, { cause })
}
