import { Redis } from 'ioredis'

const COMMAND_MS = 250
const CONNECT_MS = 1000
const LONGEST_PAUSE_MS = 500
/** After a command that got no answer Redis is left alone this long: one question waits for it, not each. */
const REST_MS = 1000

/**
 * Redis, which may be away at any time and then keeps nobody waiting: commands fail at once, nothing is queued or sent
 * again, and everything kept there can be done without.
 */
export class RedisLink {
  readonly #redis: Redis
  #restUntil = 0

  constructor(url: string) {
    this.#redis = new Redis(url, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: CONNECT_MS,
      commandTimeout: COMMAND_MS,
      retryStrategy: (times) => Math.min(LONGEST_PAUSE_MS, 50 * times),
      connectionName: 'oneservice',
    })
    // Told by `isUp`; an unheard error event would end the process.
    this.#redis.on('error', () => undefined)
  }

  get isUp(): boolean {
    return this.#redis.status === 'ready' && performance.now() >= this.#restUntil
  }

  /** What `work` gives; undefined when Redis is away or fails. Never rejects. */
  async run<T>(work: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    if (!this.isUp) return undefined
    try {
      return await work(this.#redis)
    } catch {
      this.#restUntil = performance.now() + REST_MS
      return undefined
    }
  }

  /** Waits until Redis has answered once, or for so many milliseconds. */
  async connected(atMost: number): Promise<boolean> {
    if (this.#redis.status === 'ready') return true
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => resolve(false), atMost)
    this.#redis.once('ready', () => resolve(true))
    return promise.finally(() => clearTimeout(timer))
  }

  close(): void {
    this.#redis.disconnect()
  }
}
