import { type Day, parseDay } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import { completenessOf, type DayChange, type Snapshot, withChanges } from '../route/snapshot.ts'
import type { Watermark } from '../stores/completeness.ts'
import type { Cell, Parameter, Store } from '../stores/port.ts'
import { SCHEMA } from './migrate.ts'

/** Asks a source's watermark query. */
export type ReadWatermark = (source: Source) => Promise<Watermark>

export interface SnapshotContext {
  readonly control: Store
  /** The catalog in force. */
  readonly catalog: () => Catalog
  readonly readWatermark: ReadWatermark
  /** Told of a refresh that failed; the last snapshot stays in force. */
  readonly onError: (error: unknown) => undefined
  /** Told when another snapshot is in force. */
  readonly onChange?: (() => void) | undefined
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
  #watermarksAt = Number.NEGATIVE_INFINITY
  /** What each watermark said last. */
  readonly #told = new Map<string, string>()

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
    if (anew) this.#watermarksAt = Number.NEGATIVE_INFINITY
    const watermarks = await this.#watermarks(catalog)
    const { epoch, changes } = await this.#changesSince(this.#current.epoch)
    if (epoch === this.#current.epoch && watermarks.size === 0 && !anew) return
    const sources = new Map(withChanges(this.#current, changes).sources)
    for (const [name, { last, days }] of watermarks) {
      const versions = days ?? sources.get(name)?.versions ?? new Map<Day, number>()
      sources.set(name, completenessOf(versions, last))
    }
    this.#current = Object.freeze({ epoch, sources })
    this.#context.onChange?.()
  }

  /** One statement reads the epoch and what has changed up to it: both are of one moment. */
  async #changesSince(known: number): Promise<{ readonly epoch: number; readonly changes: DayChange[] }> {
    const text = `select e.epoch, p.source, p.biz_date, p.version, p.state
       from ${SCHEMA}.epoch e left join ${SCHEMA}.publication p
         on p.changed > $1::bigint and (p.state = 'published' or $1::bigint >= 0)`
    const rows = await this.#ask(text, [known])
    const shown: DayChange[] = []
    const gone: DayChange[] = []
    for (const [, source, date, version, state] of rows) {
      const day = date === null || date === undefined ? undefined : parseDay(String(date))
      if (day === undefined) continue
      const isShown = state === 'published'
      const change = { source: String(source), day, version: isShown ? Number(version) : undefined }
      if (isShown) shown.push(change)
      else gone.push(change)
    }
    // What a day shows now stands behind what it showed before.
    return { epoch: Number(rows[0]?.[0] ?? 0), changes: [...gone, ...shown] }
  }

  /** One that never answers would hold up every later refresh. */
  async #ask(text: string, params: readonly Parameter[]): Promise<readonly (readonly Cell[])[]> {
    return (await this.#context.control.query({ dialect: 'postgres', text, params }, { timeout: ASK_MS })).rows
  }

  /** Of sources whose watermark has moved. One that can't be asked stays where it was, and holds up no other. */
  async #watermarks(catalog: Catalog): Promise<Map<string, Watermark>> {
    const moved = new Map<string, Watermark>()
    const sources = [...catalog.sources.values()].filter((source) => source.watermark !== undefined)
    if (sources.length === 0 || performance.now() - this.#watermarksAt < WATERMARK_EVERY_MS) return moved
    this.#watermarksAt = performance.now()
    await Promise.all(
      sources.map(async (source) => {
        const read = await this.#context.readWatermark(source).catch(this.#context.onError)
        const told = read && JSON.stringify([read.last, [...(read.days ?? [])].toSorted(([a], [b]) => a - b)])
        if (read === undefined || this.#told.get(source.name) === told) return
        this.#told.set(source.name, told ?? '')
        moved.set(source.name, read)
      }),
    )
    return moved
  }
}
