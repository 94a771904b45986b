import { parseDay } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import { dropVersion } from '../stores/dropVersion.ts'
import type { Store } from '../stores/port.ts'
import { SCHEMA } from './migrate.ts'

export interface DropContext {
  readonly control: Store
  readonly stores: ReadonlyMap<string, Store>
  readonly catalog: () => Catalog
  /**
   * Milliseconds that a superseded version is kept whatever the catalog says: as long as a question may run that has
   * pinned it, and as long as another replica may not have heard of its successor.
   */
  readonly least: number
  /** Told of a version whose rows could not be removed; it is tried again the next time. */
  readonly onError: (error: unknown) => void
}

export interface DroppedVersion {
  readonly source: string
  readonly day: string
  readonly version: number
  /** False when its rows could not be removed yet; they are never read again all the same. */
  readonly removed: boolean
}

/**
 * Takes away superseded versions. First the control database says that a version is going: from then on it is neither
 * published nor replayed. Then its rows go. Then they are recorded as gone; whoever is killed in between does so again.
 */
export class Drops {
  readonly #context: DropContext
  #timer: NodeJS.Timeout | undefined

  constructor(context: DropContext) {
    this.#context = context
  }

  /** Drops what each source's `keep` lets go, until stop(). */
  start(everyMs: number): void {
    this.#timer = setInterval(
      () => void this.drop(this.#context.catalog().sources.values()).catch(this.#context.onError),
      everyMs,
    )
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Drops versions of sources that were superseded so many milliseconds ago; without an age as their `keep` says. */
  drop(sources: Iterable<Source>, age?: number): Promise<readonly DroppedVersion[]> {
    const wanted = [...sources].flatMap((source): [Source, number][] => {
      const of = age ?? source.keep
      return of === undefined ? [] : [[source, of]]
    })
    return this.#drop(wanted)
  }

  /** Why no version of a source is ever dropped; undefined where they may be. */
  refusal({ name, complete, version, store, table }: Source): string | undefined {
    if (complete !== 'published' || version === undefined) return `"${name}" has no versions that could be dropped.`
    const sharing = [...this.#context.catalog().sources.values()].filter(
      (other) => other.name !== name && other.store === store && other.table === table,
    )
    if (sharing.length === 0) return undefined
    return `"${name}" shares its table with ${sharing.map((other) => other.name).join(', ')}: rows that one lets go another may show.`
  }

  async #drop(wanted: readonly (readonly [Source, number])[]): Promise<readonly DroppedVersion[]> {
    const versioned = wanted.filter(([source]) => this.refusal(source) === undefined)
    if (versioned.length === 0) return []
    const { control, catalog, least, onError } = this.#context
    const ages = versioned.map(([{ name }, age]) => ({ source: name, age: Math.max(age, least) }))
    const { rows } = await control.query({
      dialect: 'postgres',
      text: `select ${SCHEMA}.begin_drops($1::jsonb)::text`,
      params: [JSON.stringify(ages)],
    })
    const going = JSON.parse(String(rows[0]?.[0])) as { source: string; day: string; version: number }[]
    const dropped: DroppedVersion[] = []
    for (const each of going) {
      const source = catalog().sources.get(each.source)
      const store = source && this.#context.stores.get(source.store)
      if (source === undefined || store === undefined) continue
      try {
        await dropVersion(source, { day: parseDay(each.day) ?? 0, version: each.version }, store, catalog())
        await this.#record(each)
        dropped.push({ ...each, removed: true })
      } catch (error) {
        onError(error)
        dropped.push({ ...each, removed: false })
      }
    }
    return dropped
  }

  async #record({ source, day, version }: Omit<DroppedVersion, 'removed'>): Promise<void> {
    await this.#context.control.query({
      dialect: 'postgres',
      text: `update ${SCHEMA}.publication set dropped_at = clock_timestamp() where source = $1 and biz_date = $2::date and version = $3::bigint`,
      params: [source, day, version],
    })
  }
}
