import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Message, Order } from './messages.ts'

/** How long a worker may take to open its world. */
const OPEN_MS = 180_000
/** How long what a worker had started has for ending by itself. */
const GRACE_MS = 500

export type Ready = Extract<Message, { kind: 'ready' }>

/** The worker ended, or was ended because it said nothing for too long. */
export class WorkerLost extends Error {}

/** A process of its own, with a group and a folder for temporary files of its own: nothing of it is left behind. */
export class WorkerProcess {
  readonly #child: ChildProcess
  readonly #folder: string
  readonly #exited: Promise<unknown>
  #silentMs = OPEN_MS

  constructor(root: string, suite: string) {
    this.#folder = mkdtempSync(join(root, 'tmp/'))
    // Servers that tests start may run as another user, who must get through.
    chmodSync(this.#folder, 0o755)
    this.#child = spawn(process.execPath, ['--max-old-space-size=3072', join(root, 'test/mutation/worker.ts'), suite], {
      cwd: root,
      detached: true,
      env: { ...process.env, TMPDIR: this.#folder },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#exited = once(this.#child, 'exit')
  }

  /** When the world is open and every case has run. Throws with what the worker wrote when it could not. */
  async ready(): Promise<Ready> {
    const written: string[] = []
    this.#child.stderr?.on('data', (chunk) => written.push(String(chunk)))
    const message = await this.#next().catch((error: unknown) => {
      throw new Error(`the suite could not be opened\n${written.join('')}`, { cause: error })
    })
    if (message.kind !== 'ready') throw new Error(`a worker began with ${message.kind}`)
    return message
  }

  /** How long it may say nothing from now on. */
  endAfter(silentMs: number): void {
    this.#silentMs = silentMs
  }

  /** Gives an order and waits for what comes of it. Throws WorkerLost. */
  ask(order: Order): Promise<Message> {
    this.#child.send(order)
    return this.#next()
  }

  /** Ends it and whatever it started. */
  async end(): Promise<void> {
    this.#signal('SIGTERM')
    await Promise.race([this.#exited, after(GRACE_MS)])
    this.#child.kill('SIGKILL')
    await this.#exited
    // Servers go when nobody is connected to them any more.
    await after(GRACE_MS)
    this.#signal('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.#child.pid ?? Number.NaN), signal)
    } catch {
      // The group is gone.
    }
  }

  /** The next message that is more than a sign of life. */
  #next(): Promise<Message> {
    return new Promise((resolve, reject) => {
      const child = this.#child
      const settle = (then: () => void): void => {
        clearTimeout(timer)
        child.off('message', hear)
        child.off('exit', lost)
        then()
      }
      const lost = (): void => settle(() => reject(new WorkerLost('a worker was lost')))
      let timer = setTimeout(lost, this.#silentMs)
      const hear = (message: Message): void => {
        clearTimeout(timer)
        timer = setTimeout(lost, this.#silentMs)
        if (message.kind !== 'beat') settle(() => resolve(message))
      }
      child.on('message', hear)
      child.on('exit', lost)
    })
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
