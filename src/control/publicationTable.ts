import type { TableColumns } from '../stores/audit.ts'
import type { Cell, Parameter, Store } from '../stores/port.ts'
import { numberOf, textOf } from './cells.ts'
import { SCHEMA } from './migrate.ts'
import type { Comparison, WantedDay } from './port.ts'

/** One row of the publication table as callers see it. */
export interface PublicationRecord {
  readonly source: string
  readonly day: string
  readonly version: number
  readonly state: 'staged' | 'published' | 'superseded'
  readonly rowCount: number | null
  readonly checksum: string | null
  readonly runId: string | null
  readonly publishedAt: string | null
  /** When its rows were taken away; such a version is never shown again. */
  readonly droppedAt: string | null
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

/** A day as the table has it before it is changed. */
export interface LookedAt {
  readonly source: string
  readonly day: string
  /** The version that would be taken; null when there is none. */
  readonly version: number | null
  readonly state: PublicationRecord['state'] | null
  readonly dropping: boolean
  readonly rowCount: number | null
  readonly checksum: string | null
  readonly columns: TableColumns | null
  readonly sourceHash: string | null
  /** Readers have seen it: its rows are not to change any more. */
  readonly shown: boolean | null
  /** The version that is out. */
  readonly live: number | null
  readonly liveChecksum: string | null
  readonly newest: number | null
  /** What the same run has published before. */
  readonly done: number | null
}

/** A version as it is recorded when staged. */
export interface StagedRow {
  readonly source: string
  readonly day: string
  readonly version: number
  readonly rowCount: number
  readonly checksum: string
  readonly columns: TableColumns
  readonly sourceHash: string
  readonly runId: string | undefined
}

/** A day that is to show a version, or none, in the place of the one that was seen there. */
export interface Landing {
  readonly source: string
  readonly day: string
  readonly version: number | null
  readonly live: number | null
  /** What the audit found of the version; null for none. */
  readonly checksum: string | null
}

/** `lost`: another publisher was faster; `moved`: what the comparison was computed on has changed. */
export interface Landed {
  readonly epoch: number
  readonly lost?: readonly { readonly source: string; readonly day: string; readonly live: number | null }[]
  readonly moved?: boolean
}

const STAMP = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`

/** The publication table: every statement on it. What they do stands in the functions of `migrations/`. */
export class PublicationTable {
  readonly #control: Store

  constructor(control: Store) {
    this.#control = control
  }

  /** Gives back those that stay as they are, because readers have seen them, although their rows are other ones now. */
  async stage(rows: readonly StagedRow[]): Promise<readonly Pick<StagedRow, 'source' | 'day' | 'version'>[]> {
    if (rows.length === 0) return []
    const found = await this.#ask(`select ${SCHEMA}.stage_days($1::jsonb)::text`, [JSON.stringify(rows)])
    return JSON.parse(String(found[0]?.[0])) as StagedRow[]
  }

  async lookAt(
    wanted: readonly Pick<WantedDay, 'day' | 'version' | 'source'>[],
    run: string | null,
  ): Promise<LookedAt[]> {
    const days = wanted.map(({ source, day, version }) => ({ source: source.name, day, version }))
    const rows = await this.#ask(`select ${SCHEMA}.look_at_days($1::jsonb, $2::text)::text`, [
      JSON.stringify(days),
      run,
    ])
    return (JSON.parse(String(rows[0]?.[0])) as { days: LookedAt[] }).days
  }

  async land(
    landings: readonly Landing[],
    { restated, drifted, watched }: Comparison,
    of: { readonly run: string | null; readonly catalogVersion: string; readonly seen: number },
  ): Promise<Landed> {
    const text = `select ${SCHEMA}.land_days($1::jsonb, $2::text, $3::text, $4::bigint, $5::jsonb, $6::jsonb, $7::jsonb)::text`
    const rows = await this.#ask(text, [
      JSON.stringify(landings),
      of.run,
      of.catalogVersion,
      of.seen,
      JSON.stringify(watched),
      JSON.stringify(restated),
      JSON.stringify(drifted),
    ])
    return JSON.parse(String(rows[0]?.[0])) as Landed
  }

  /** Those of the days that have a staged version, or that the same run has published before. */
  async staged(
    wanted: readonly { readonly source: string; readonly day: string }[],
    run: string | null,
  ): Promise<[string, string][]> {
    const rows = await this.#ask(
      `with wanted as (select source, day from jsonb_to_recordset($1::jsonb) as d(source text, day date))
       select source, day from wanted where ${SCHEMA}.next_version(source, day) is not null
       union
       select source, day from ${SCHEMA}.publication_change join wanted using (source) where biz_date = day and run_id = $2::text
       order by source, day`,
      [JSON.stringify(wanted), run],
    )
    return rows.map(([source, day]) => [String(source), String(day)])
  }

  /** Records, newest day first; at most `limit`. */
  async list({ source, sources, from, to, limit }: PublicationFilter): Promise<PublicationRecord[]> {
    const rows = await this.#ask(
      `select source, biz_date, version, state, row_count, checksum, run_id,
              to_char(published_at at time zone 'UTC', ${STAMP}), to_char(dropped_at at time zone 'UTC', ${STAMP})
       from ${SCHEMA}.publication
       where ($1::text is null or source = $1) and ($2::date is null or biz_date >= $2) and ($3::date is null or biz_date <= $3)
         and ($5::jsonb is null or source in (select jsonb_array_elements_text($5)))
       order by biz_date desc, source, version desc limit $4::bigint`,
      [source ?? null, from ?? null, to ?? null, limit, sources === undefined ? null : JSON.stringify(sources)],
    )
    return rows.map(([name, day, version, state, count, checksum, run, at, gone]) => ({
      source: String(name),
      day: String(day),
      version: Number(version),
      state: String(state) as PublicationRecord['state'],
      rowCount: numberOf(count),
      checksum: textOf(checksum),
      runId: textOf(run),
      publishedAt: textOf(at),
      droppedAt: textOf(gone),
    }))
  }

  /** The values that were last told of metrics on days, by `metric day`. */
  async lastTold(
    days: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly value: string | null; readonly finality: string }>> {
    const rows = await this.#ask(
      `select distinct on (metric, biz_date) metric, biz_date, new_value, new_finality from ${SCHEMA}.restatement
       where biz_date in (select jsonb_array_elements_text($1::jsonb)::date) order by metric, biz_date, epoch desc`,
      [JSON.stringify(days)],
    )
    return new Map(
      rows.map(([metric, day, value, finality]) => [
        `${metric} ${day}`,
        { value: textOf(value), finality: String(finality) },
      ]),
    )
  }

  async #ask(text: string, params: readonly Parameter[]): Promise<readonly (readonly Cell[])[]> {
    const { rows } = await this.#control.query({ dialect: 'postgres', text, params })
    return rows
  }
}
