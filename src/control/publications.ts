import { didYouMean, nearest } from '../base/didYouMean.ts'
import { Fault, faultDetail } from '../base/faults.ts'
import { type Day, dayOf, formatDay, type Instant, parseDay } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import type { Cell, Parameter, Store } from '../stores/port.ts'
import { SCHEMA } from './migrate.ts'
import type { Publisher, StagedDay } from './port.ts'

/** One row of the publication table as callers see it. */
export interface PublicationRecord {
  readonly source: string
  readonly day: string
  readonly version: number
  readonly state: 'staged' | 'published' | 'superseded'
  readonly rowCount: number | null
  readonly publishedAt: string | null
}

export interface PublicationFilter {
  readonly source?: string | undefined
  /** Of these sources only. */
  readonly sources?: readonly string[] | undefined
  /** YYYY-MM-DD, inclusive. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit: number
}

export interface PublishRequest {
  /** undefined = every source that has a staged version of these days. */
  readonly source?: string | undefined
  /** YYYY-MM-DD, or `yesterday`: the last day that is over in the zone of the source's process. */
  readonly days: readonly string[]
  readonly version?: number | undefined
  readonly runId?: string | undefined
}

export interface PublishedDay {
  readonly source: string
  readonly day: string
  readonly version: number
}

/** What the publisher asks of the stores: how many rows of a version a source holds. */
export type CountRows = (source: Source, day: number, version: number) => Promise<number>

export interface PublicationContext {
  readonly control: Store
  /** The catalog in force. */
  readonly catalog: () => Catalog
  readonly now: () => Instant
  readonly countRows: CountRows
  /** Called when a change has been committed, before the caller hears of it. */
  readonly changed: () => Promise<void>
}

/**
 * The publication table: staged -> published -> superseded, with one published version a day.
 *
 *   stage ──► staged ──publish──► published ──publish of another version──► superseded
 *                ▲                    │                                          │
 *                └─────withdraw───────┘◄────────────publish by version───────────┘
 */
export class Publications implements Publisher {
  readonly #context: PublicationContext

  constructor(context: PublicationContext) {
    this.#context = context
  }

  async stage(days: readonly StagedDay[]): Promise<void> {
    if (days.length === 0) return
    await this.#ask(
      `insert into ${SCHEMA}.publication (source, biz_date, version, state, row_count, run_id)
       select source, day, version, 'staged', row_count, run_id
       from jsonb_to_recordset($1::jsonb) as d(source text, day date, version bigint, row_count bigint, run_id text)
       on conflict (source, biz_date, version) do nothing`,
      [JSON.stringify(days.map((day) => ({ ...day, row_count: day.rowCount, run_id: day.runId })))],
    )
  }

  /** Publishes all requests in one transaction. Faults: UNKNOWN_SOURCE, INVALID_VALUE, DAY_NOT_OVER, NOTHING_STAGED. */
  async publish(requests: readonly PublishRequest[]): Promise<readonly PublishedDay[]> {
    const named = await Promise.all(requests.map((request) => this.#withSources(request)))
    const wanted = named.flatMap((request, i) => request.flatMap((each) => this.#check(each, i)))
    await this.#stageNamed(wanted)
    const days = wanted.map(({ source, day, version }) => ({ source: source.name, day, version }))
    const runId = requests[0]?.runId ?? null
    const result = await this.#ask(`select ${SCHEMA}.publish_days($1::jsonb, $2::text, $3::text)::text`, [
      JSON.stringify(days),
      runId,
      this.#context.catalog().version,
    ])
    const { lacking, published } = JSON.parse(String(result[0]?.[0])) as {
      lacking?: { source: string; day: string; live: number | null }[]
      published?: PublishedDay[]
    }
    if (lacking !== undefined) throw nothingStaged(lacking)
    await this.#context.changed()
    return published ?? []
  }

  /** Takes a day back to real time. False when it was not published. Faults: UNKNOWN_SOURCE, INVALID_VALUE. */
  async withdraw(sourceName: string, day: string): Promise<boolean> {
    const source = this.#source(sourceName, '/source')
    if (parseDay(day) === undefined) throw invalidDay(day, '/day')
    const rows = await this.#ask(`select ${SCHEMA}.withdraw_day($1::text, $2::date)::text`, [source.name, day])
    const { version } = JSON.parse(String(rows[0]?.[0])) as { version: number | null }
    await this.#context.changed()
    return version !== null
  }

  /** Records, newest day first; at most `limit`. */
  async list(filter: PublicationFilter): Promise<PublicationRecord[]> {
    const rows = await this.#ask(
      `select source, biz_date, version, state, row_count, to_char(published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
       from ${SCHEMA}.publication
       where ($1::text is null or source = $1) and ($2::date is null or biz_date >= $2) and ($3::date is null or biz_date <= $3)
         and ($5::jsonb is null or source in (select jsonb_array_elements_text($5)))
       order by biz_date desc, source, version desc limit $4::bigint`,
      [
        filter.source ?? null,
        filter.from ?? null,
        filter.to ?? null,
        filter.limit,
        filter.sources === undefined ? null : JSON.stringify(filter.sources),
      ],
    )
    return rows.map(([source, day, version, state, count, at]) => ({
      source: String(source),
      day: String(day),
      version: Number(version),
      state: String(state) as PublicationRecord['state'],
      rowCount: count === null || count === undefined ? null : Number(count),
      publishedAt: at === null || at === undefined ? null : String(at),
    }))
  }

  /** One request a source; one without a source becomes one for each that has a staged version of its days. */
  async #withSources(request: PublishRequest): Promise<(PublishRequest & { readonly source: string })[]> {
    const { source } = request
    if (source !== undefined) return [{ ...request, source }]
    if (request.version !== undefined) {
      throw Fault.at([
        faultDetail('INVALID_REQUEST', '/version', 'A version belongs to a source; name the "source" too.'),
      ])
    }
    const wanted = [...this.#context.catalog().sources.values()].flatMap((each) => {
      if (each.complete !== 'published') return []
      return request.days.map((text, i) => ({
        source: each.name,
        day: formatDay(this.#endedDay(text, each, `/days/${i}`)),
      }))
    })
    const rows = await this.#ask(
      `select distinct source, biz_date from ${SCHEMA}.publication
       where state = 'staged'
         and (source, biz_date) in (select source, day from jsonb_to_recordset($1::jsonb) as d(source text, day date))`,
      [JSON.stringify(wanted)],
    )
    if (rows.length === 0) throw nothingStaged(wanted.map(({ source, day }) => ({ source, day })))
    const staged = Map.groupBy(rows, ([name]) => String(name))
    return [...staged].map(([name, days]) => ({ ...request, source: name, days: days.map(([, day]) => String(day)) }))
  }

  /** The day a text names for a source, which must be over. Faults: INVALID_VALUE, DAY_NOT_OVER. */
  #endedDay(text: string, source: Source, pointer: string): Day {
    const zone = this.#context.catalog().processes.get(source.process)?.zone ?? 'UTC'
    const today = dayOf(this.#context.now(), zone)
    const day = text === 'yesterday' ? today - 1 : parseDay(text)
    if (day === undefined) throw invalidDay(text, pointer)
    if (day < today) return day
    const message = `${text} is not over in ${zone}: today is ${formatDay(today)} there.`
    throw Fault.at([faultDetail('DAY_NOT_OVER', pointer, message)])
  }

  #check(
    request: PublishRequest & { readonly source: string },
    index: number,
  ): { source: Source; day: string; version: number | undefined }[] {
    const at = index === 0 ? '' : `/${index}`
    const source = this.#source(request.source, `${at}/source`)
    if (source.complete !== 'published') {
      const message = `"${source.name}" is complete: ${source.complete ?? 'never (a stream)'}; only "complete: published" is published by day.`
      throw Fault.at([faultDetail('INVALID_VALUE', `${at}/source`, message)])
    }
    return request.days.map((text, i) => {
      const day = this.#endedDay(text, source, `${at}/days/${i}`)
      // A table without versions has one version of every day.
      return { source, day: formatDay(day), version: request.version ?? (source.version === undefined ? 1 : undefined) }
    })
  }

  /** A named version that nobody staged is staged now, if the source holds rows of it. */
  async #stageNamed(wanted: readonly { source: Source; day: string; version: number | undefined }[]): Promise<void> {
    const named = wanted.flatMap(({ source, day, version }) =>
      version === undefined ? [] : [{ source, day, version }],
    )
    if (named.length === 0) return
    const known = await this.#ask(
      `select source || ' ' || biz_date || ' ' || version from ${SCHEMA}.publication
       where (source, biz_date, version) in (select source, day, version from jsonb_to_recordset($1::jsonb) as d(source text, day date, version bigint))`,
      [JSON.stringify(named.map((each) => ({ ...each, source: each.source.name })))],
    )
    const there = new Set(known.map(([key]) => key))
    for (const { source, day, version } of named) {
      if (there.has(`${source.name} ${day} ${version}`)) continue
      const rowCount = await this.#context.countRows(source, parseDay(day) ?? 0, version)
      if (rowCount > 0) await this.stage([{ source: source.name, day, version, rowCount }])
    }
  }

  #source(name: string, pointer: string): Source {
    const source = this.#context.catalog().sources.get(name)
    if (source !== undefined) return source
    const published = [...this.#context.catalog().sources.values()].filter((each) => each.complete === 'published')
    const near = nearest(
      name,
      published.map((each) => each.name),
    )
    const message = `There is no source "${name.slice(0, 60)}".${didYouMean(near)}`
    throw Fault.at([faultDetail('UNKNOWN_SOURCE', pointer, message, near)])
  }

  async #ask(text: string, params: readonly Parameter[]): Promise<readonly (readonly Cell[])[]> {
    const { rows } = await this.#context.control.query({ dialect: 'postgres', text, params })
    return rows
  }
}

function invalidDay(text: string, pointer: string): Fault {
  return Fault.at([faultDetail('INVALID_VALUE', pointer, `"${text.slice(0, 40)}" is not a day like 2026-11-19.`)])
}

function nothingStaged(days: readonly { source: string; day: string; live?: number | null }[]): Fault {
  return Fault.at(
    days.slice(0, 20).map(({ source, day, live }) => {
      const known = live === undefined || live === null ? '' : `; version ${live} of it is out`
      const message = `${source} has no such staged version of ${day}${known}. Write its rows and stage them first.`
      return faultDetail('NOTHING_STAGED', '/days', message)
    }),
  )
}
