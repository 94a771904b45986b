import { type Day, parseDay } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import { type Completeness, completenessOf, type Snapshot } from '../route/snapshot.ts'
import type { Cell, Store } from '../stores/port.ts'
import { SCHEMA } from './migrate.ts'

/** Reads the one value of a source's watermark query; undefined when there is none. */
export type ReadWatermark = (source: Source) => Promise<Day | undefined>

export interface SnapshotContext {
  readonly control: Store
  /** The catalog in force. */
  readonly catalog: () => Catalog
  readonly readWatermark: ReadWatermark
  /** Told of a refresh that failed; the last snapshot stays in force. */
  readonly onError: (error: unknown) => void
}

const WATERMARK_EVERY_MS = 5000
const ASK_MS = 5000

/**
 * The newest snapshot of what is complete. A question takes it once and keeps it. Refreshed when somebody says so
 * (NOTIFY, a publication of our own) and by a poll behind that; refreshes run one after another.
 */
export class Snapshots {
  readonly #context: SnapshotContext
  #current: Snapshot = { epoch: -1, sources: new Map() }
  #running: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #watermarksAt = 0

  constructor(context: SnapshotContext) {
    this.#context = context
  }

  get current(): Snapshot {
    return this.#current
  }

  /** Reads the epoch, and what was published if it moved. Rejects when the control database can't be read. */
  refresh(): Promise<void> {
    return this.#run(() => this.#load(this.#context.catalog(), false))
  }

  /** As `refresh`, for a catalog that is about to come into force: then all it needs is there. */
  refreshFor(next: Catalog): Promise<void> {
    return this.#run(() => this.#load(next, true))
  }

  #run(load: () => Promise<void>): Promise<void> {
    const next = this.#running.then(load)
    this.#running = next.catch(() => undefined)
    return next
  }

  /** Polls until stop(). */
  start(everyMs: number): void {
    this.#timer = setInterval(() => void this.refresh().catch(this.#context.onError), everyMs)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  async #load(catalog: Catalog, anew: boolean): Promise<void> {
    if (anew) this.#watermarksAt = 0
    const watermarks = await this.#watermarks(catalog)
    const epoch = await this.#readEpoch()
    if (epoch === this.#current.epoch && watermarks === undefined) return
    // The epoch is read first: a publication that lands between the two reads is seen again by the next refresh.
    const versions = await this.#readVersions()
    const sources = new Map<string, Completeness>()
    // Of every source that anything was ever published of: the next catalog may name it.
    for (const name of new Set([...versions.keys(), ...catalog.sources.keys()])) {
      const watermark = watermarks?.get(name) ?? this.#current.sources.get(name)?.watermark
      sources.set(name, completenessOf(versions.get(name) ?? new Map(), watermark))
    }
    this.#current = Object.freeze({ epoch, sources })
  }

  async #readEpoch(): Promise<number> {
    const rows = await this.#ask(`select epoch from ${SCHEMA}.epoch`)
    return Number(rows[0]?.[0] ?? 0)
  }

  async #readVersions(): Promise<Map<string, Map<Day, number>>> {
    const rows = await this.#ask(
      `select source, biz_date, version from ${SCHEMA}.publication where state = 'published'`,
    )
    const versions = new Map<string, Map<Day, number>>()
    for (const [source, day, version] of rows) {
      const ofSource = versions.get(String(source)) ?? new Map<Day, number>()
      versions.set(String(source), ofSource)
      const number = parseDay(String(day))
      if (number !== undefined) ofSource.set(number, Number(version))
    }
    return versions
  }

  /** One that never answers would hold up every later refresh. */
  async #ask(text: string): Promise<readonly (readonly Cell[])[]> {
    const statement = { dialect: 'postgres', text, params: [] } as const
    return (await this.#context.control.query(statement, { timeout: ASK_MS })).rows
  }

  /** undefined when nothing has to be asked or nothing changed. */
  async #watermarks(catalog: Catalog): Promise<Map<string, Day> | undefined> {
    const sources = [...catalog.sources.values()].filter((source) => source.complete === 'watermark')
    if (sources.length === 0 || performance.now() - this.#watermarksAt < WATERMARK_EVERY_MS) return undefined
    this.#watermarksAt = performance.now()
    const found = new Map<string, Day>()
    for (const source of sources) {
      const day = await this.#context.readWatermark(source)
      if (day !== undefined) found.set(source.name, day)
    }
    const changed = [...found].some(([name, day]) => this.#current.sources.get(name)?.watermark !== day)
    return changed || this.#current.epoch < 0 ? found : undefined
  }
}
