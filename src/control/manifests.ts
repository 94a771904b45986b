import { LRUCache } from 'lru-cache'
import { type Day, parseDay } from '../base/time.ts'
import { type Completeness, completenessOf, type Snapshot } from '../route/snapshot.ts'
import type { Store } from '../stores/port.ts'
import { numberOf } from './cells.ts'
import { SCHEMA } from './migrate.ts'

const MOST_KEPT = 16

/** Manifests of earlier epochs, from the log of what was published. */
export class Manifests {
  readonly #control: Store
  /** What was out at an epoch never changes. */
  readonly #known = new LRUCache<number, Snapshot>({ max: MOST_KEPT })

  constructor(control: Store) {
    this.#control = control
  }

  /**
   * What was out at an epoch, with the days whose version is dropped or being dropped as `gone`; undefined for an epoch
   * that nothing was written down of: before the log began, or not yet reached.
   */
  async at(epoch: number): Promise<Snapshot | undefined> {
    const snapshot = this.#known.get(epoch) ?? (await this.#read(epoch))
    if (snapshot === undefined) return undefined
    this.#known.set(epoch, snapshot)
    const gone = await this.#gone()
    const sources = [...snapshot.sources].map(([name, of]): [string, Completeness] => {
      const days = (gone.get(name) ?? []).filter(({ day, version }) => of.versions.get(day) === version)
      return [name, days.length === 0 ? of : { ...of, gone: new Set(days.map(({ day }) => day)) }]
    })
    return { epoch, sources: new Map(sources) }
  }

  async #read(epoch: number): Promise<Snapshot | undefined> {
    const [reached, from] = (await this.#ask(`select epoch, logged_from from ${SCHEMA}.epoch`, []))[0] ?? []
    if (epoch > Number(reached ?? 0) || epoch < Number(from ?? 0)) return undefined
    const rows = await this.#ask(
      `select source, biz_date, version from (
         select distinct on (source, biz_date) source, biz_date, version from ${SCHEMA}.publication_change
         where epoch <= $1::bigint order by source, biz_date, epoch desc) as last`,
      [epoch],
    )
    const bySource = Map.groupBy(rows, ([source]) => String(source))
    const sources = [...bySource].map(([name, of]) => {
      const days = of.flatMap(([, date, version]): [Day, number | null][] => {
        const day = parseDay(String(date))
        return day === undefined ? [] : [[day, numberOf(version)]]
      })
      const out = days.flatMap(([day, version]): [Day, number][] => (version === null ? [] : [[day, version]]))
      return [name, completenessOf(new Map(out), undefined, Math.min(...days.map(([day]) => day)))] as const
    })
    return { epoch, sources: new Map(sources) }
  }

  async #gone(): Promise<ReadonlyMap<string, readonly { readonly day: Day; readonly version: number }[]>> {
    const rows = await this.#ask(
      `select source, biz_date, version from ${SCHEMA}.publication where dropping_at is not null`,
      [],
    )
    const gone = rows.map(([source, date, version]) => ({
      ...{ source: String(source), day: parseDay(String(date)) ?? Number.NaN, version: Number(version) },
    }))
    return Map.groupBy(gone, ({ source }) => source)
  }

  async #ask(text: string, params: readonly number[]) {
    return (await this.#control.query({ dialect: 'postgres', text, params })).rows
  }
}
