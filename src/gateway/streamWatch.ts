import type { Clock } from '../base/clock.ts'
import type { Instant } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import type { Silence } from '../route/run.ts'
import type { Store } from '../stores/port.ts'
import { buildNewest } from '../stores/sql/newest.ts'

export interface StreamWatchContext {
  /** The catalog in force. */
  readonly catalog: () => Catalog
  readonly stores: ReadonlyMap<string, Store>
  /** That of the questions: a clock that stands still has streams that stand still. */
  readonly clock: Clock
}

const LOOK_MS = 5000
/** A stream that speaks again is heard of soon. */
const LOOK_AGAIN_MS = 1000
const ASK_MS = 5000

const NONE: ReadonlyMap<string, Silence> = new Map()

/**
 * Which streams have fallen silent: those that declare a `lag` and whose newest event is older, or that hold none. They
 * are asked behind the questions, again and again; a question takes what is known.
 */
export class StreamWatch {
  readonly #context: StreamWatchContext
  readonly #newest = new Map<string, Instant>()
  #silent = NONE
  #looking: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(context: StreamWatchContext) {
    this.#context = context
  }

  /** By the names of sources; the same value until something changes. */
  get silent(): ReadonlyMap<string, Silence> {
    return this.#silent
  }

  /** Asks every stream that declares a lag; one after another in a store, so that questions have it to themselves. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look())
    return this.#looking
  }

  /** Looks until stop(). */
  start(): void {
    const next = (): void => {
      if (this.#stopped) return
      const wait = this.#silent.size > 0 ? LOOK_AGAIN_MS : LOOK_MS
      this.#timer = setTimeout(() => void this.look().then(next), wait)
      this.#timer.unref()
    }
    next()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#looking
  }

  async #look(): Promise<void> {
    const watched = [...this.#context.catalog().sources.values()].filter(({ lag }) => lag !== undefined)
    const found = new Map<string, Silence>()
    const byStore = Map.groupBy(watched, ({ store }) => store)
    await Promise.all(
      [...byStore].map(async ([name, sources]) => {
        const store = this.#context.stores.get(name)
        for (const source of sources) {
          if (store === undefined || this.#stopped) return
          const silence = await this.#silenceOf(source, store)
          if (silence !== undefined) found.set(source.name, silence)
        }
      }),
    )
    if (!isAlike(found, this.#silent)) this.#silent = found
  }

  /** What can't be asked is as it was: whether its store is down, questions find out themselves. */
  async #silenceOf(source: Source, store: Store): Promise<Silence | undefined> {
    try {
      const now = this.#context.clock()
      const newest = await this.#newestOf(source, store, now)
      return newest !== undefined && now - newest <= (source.lag ?? 0) ? undefined : { newest }
    } catch {
      return this.#silent.get(source.name)
    }
  }

  /** Looked for from the last known event on; in the whole stream only where that finds nothing. */
  async #newestOf(source: Source, store: Store, now: Instant): Promise<Instant | undefined> {
    const from = this.#newest.get(source.name) ?? now - (source.lag ?? 0)
    const newest = (await newestIn(source, store, from, now)) ?? (await newestIn(source, store, -Infinity, now))
    if (newest === undefined) this.#newest.delete(source.name)
    else this.#newest.set(source.name, newest)
    return newest
  }
}

/** An event of the future says nothing of how far a stream has come. */
async function newestIn(source: Source, store: Store, from: Instant, now: Instant): Promise<Instant | undefined> {
  const statement = buildNewest(source, from, store.dialect, now)
  const { rows } = await store.query(statement, { timeout: ASK_MS })
  const [events, micros] = rows[0] ?? []
  return Number(events ?? 0) === 0 ? undefined : Math.floor(Number(micros) / 1000)
}

function isAlike(a: ReadonlyMap<string, Silence>, b: ReadonlyMap<string, Silence>): boolean {
  return a.size === b.size && [...a].every(([name, { newest }]) => b.has(name) && b.get(name)?.newest === newest)
}
