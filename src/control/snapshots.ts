import { Fault } from '../base/faults.ts'
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
  /** Milliseconds that a snapshot is used without being read anew; as long, versions are not dropped. */
  readonly trustMs: number
  /** Told when another snapshot is in force. */
  readonly onChange?: (() => void) | undefined
}

const NOTHING: Snapshot = { epoch: -1, sources: new Map() }
const WATERMARK_EVERY_MS = 5000
const ASK_MS = 5000

/**
 * The newest snapshot of what is complete. A question takes it once and keeps it. Refreshed when somebody says so
 * (NOTIFY, a publication of our own) and by a poll behind that; refreshes run one after another.
 */
export class Snapshots {
  readonly #context: SnapshotContext
  #current: Snapshot = NOTHING
  #readAt = Number.NEGATIVE_INFINITY
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
    // Another catalog may read another kind of completeness under the name of a source.
    const base = anew ? NOTHING : this.#current
    if (anew) this.#told.clear()
    if (anew) this.#watermarksAt = Number.NEGATIVE_INFINITY
    const watermarks = await this.#watermarks(catalog)
    const { epoch, changes } = await this.#changesSince(base.epoch)
    // A control database that was put back to an earlier state is read as a whole.
    if (epoch < base.epoch) return this.#load(catalog, true)
    this.#readAt = performance.now()
    if (epoch === base.epoch && watermarks.size === 0) return
    const sources = new Map(withChanges(base, changes).sources)
    for (const [name, { told, last, days }] of watermarks) {
      const versions = days ?? sources.get(name)?.versions ?? new Map<Day, number>()
      sources.set(name, completenessOf(versions, last))
      this.#told.set(name, told)
    }
    this.#current = Object.freeze({ epoch, sources })
    this.#context.onChange?.()
  }

  /** The newest snapshot, if it is not older than any version may be dropped by then. Faults: STORE_DOWN. */
  trusted(): Snapshot {
    if (performance.now() - this.#readAt < this.#context.trustMs) return this.#current
    const message = 'What is published could not be read for too long: the control database can not be reached.'
    throw new Fault('STORE_DOWN', message)
  }

  /** One statement reads the epoch and what has changed up to it: both are of one moment. */
  async #changesSince(known: number): Promise<{ readonly epoch: number; readonly changes: DayChange[] }> {
    const text = `select e.epoch, p.source, p.biz_date, p.version, p.state
       from ${SCHEMA}.epoch e left join ${SCHEMA}.publication p on p.changed > $1::bigint`
    // Of rows that no reader ever saw this is 0.
    const rows = await this.#ask(text, [Math.max(known, 0)])
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
  async #watermarks(catalog: Catalog): Promise<Map<string, Watermark & { readonly told: string }>> {
    const moved = new Map<string, Watermark & { readonly told: string }>()
    const sources = [...catalog.sources.values()].filter((source) => source.watermark !== undefined)
    if (sources.length === 0 || performance.now() - this.#watermarksAt < WATERMARK_EVERY_MS) return moved
    this.#watermarksAt = performance.now()
    await Promise.all(
      sources.map(async (source) => {
        const read = await this.#context.readWatermark(source).catch(this.#context.onError)
        if (read === undefined) return
        const told = JSON.stringify([read.last, [...(read.days ?? [])].toSorted(([a], [b]) => a - b)])
        if (this.#told.get(source.name) !== told) moved.set(source.name, { ...read, told })
      }),
    )
    return moved
  }
}
