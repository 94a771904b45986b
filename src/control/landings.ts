import type { Cell, Parameter, Store } from '../stores/port.ts'
import { numberOf, textOf } from './cells.ts'
import { type Drift, readDrift } from './drifts.ts'
import { entryId, type FeedPosition } from './feedPosition.ts'
import { SCHEMA } from './migrate.ts'
import type { Restated } from './port.ts'

/** One entry of the feed: what a publication or withdrawal did to the value of a metric on a day. */
export interface Restatement extends Restated {
  /** `<epoch>.<ordinal>`; ids grow, and `since=<id>` goes on behind it. */
  readonly id: string
  readonly epoch: number
  readonly at: string
}

/** A day of a source that came to show another version, or none. */
export interface PublicationChange {
  readonly epoch: number
  readonly at: string
  readonly source: string
  readonly day: string
  readonly version: number | null
  readonly previous: number | null
  readonly runId: string | null
}

export interface FeedFilter {
  readonly since: FeedPosition
  /** undefined = all. */
  readonly metrics?: readonly string[] | undefined
  readonly limit: number
}

/** Entries that a follower reads at a time. */
const AT_A_TIME = 1000

const STAMP = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`

/**
 * What landed: read from what each publication wrote down in its own transaction, so that whoever hears of a
 * publication finds it there. Followers are woken when the epoch moves, whichever process moved it.
 */
export class Landings {
  readonly #control: Store
  readonly #waiting = new Set<() => void>()

  constructor(control: Store) {
    this.#control = control
  }

  /** Entries behind a place, in order; at most `limit`. */
  async restatements({ since, metrics, limit }: FeedFilter): Promise<Restatement[]> {
    const rows = await this.#ask(
      `select epoch, ordinal, to_char(changed_at at time zone 'UTC', ${STAMP}), metric, biz_date, old_value, new_value, old_finality, new_finality, fault
       from ${SCHEMA}.restatement
       where (epoch, ordinal) > ($1::bigint, $2::int) and ($3::timestamptz is null or changed_at > $3)
         and ($4::jsonb is null or metric in (select jsonb_array_elements_text($4)))
       order by epoch, ordinal limit $5::bigint`,
      [...placeOf(since), metrics === undefined ? null : JSON.stringify(metrics), limit],
    )
    return rows.map(([epoch, ordinal, at, metric, day, old, value, oldFinality, newFinality, fault]) => ({
      id: entryId({ epoch: Number(epoch), ordinal: Number(ordinal) }),
      ...{ epoch: Number(epoch), at: String(at), metric: String(metric), day: String(day) },
      ...{ old: textOf(old), new: textOf(value), oldFinality: String(oldFinality), newFinality: String(newFinality) },
      fault: textOf(fault),
    }))
  }

  /** The days that changed in epochs. */
  async changes(epochs: readonly number[]): Promise<PublicationChange[]> {
    const rows = await this.#ask(
      `select epoch, to_char(changed_at at time zone 'UTC', ${STAMP}), source, biz_date, version, previous, run_id
       from ${SCHEMA}.publication_change where epoch in (select jsonb_array_elements_text($1::jsonb)::bigint) order by epoch, source, biz_date`,
      [JSON.stringify(epochs)],
    )
    return rows.map(([epoch, at, source, day, version, previous, run]) => ({
      ...{ epoch: Number(epoch), at: String(at), source: String(source), day: String(day) },
      ...{ version: numberOf(version), previous: numberOf(previous), runId: textOf(run) },
    }))
  }

  /** Entries behind a place and then those that come, until the signal fires or nobody wants more. */
  follow(filter: Omit<FeedFilter, 'limit'>, signal: AbortSignal): AsyncIterableIterator<Restatement> {
    const ending = new AbortController()
    signal.addEventListener('abort', () => ending.abort(), { once: true })
    const entries = this.#entries(filter, ending.signal)
    return {
      next: () => entries.next(),
      // What waits for the next change is woken first, or it would hold this up.
      return: () => {
        ending.abort()
        return entries.return(undefined)
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  async *#entries(filter: Omit<FeedFilter, 'limit'>, signal: AbortSignal): AsyncGenerator<Restatement, undefined> {
    let { since } = filter
    while (!signal.aborted) {
      // Waits from before it looks: what lands meanwhile wakes it.
      const { woken, forget } = this.#nextChange(signal)
      const entries = await this.restatements({ ...filter, since, limit: AT_A_TIME })
      for (const entry of entries) {
        yield entry
        const [epoch = 0, ordinal = 0] = entry.id.split('.').map(Number)
        since = { kind: 'entry', epoch, ordinal }
      }
      if (entries.length < AT_A_TIME) await woken
      forget()
    }
    return undefined
  }

  /** How far real time usually is off for a metric; undefined before the first day landed. */
  drift(metric: string): Promise<Drift | undefined> {
    return readDrift(metric, this.#control)
  }

  /** Wakes all followers. */
  wake(): void {
    for (const wake of [...this.#waiting]) wake()
  }

  #nextChange(signal: AbortSignal): { readonly woken: Promise<void>; readonly forget: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>()
    const forget = (): void => {
      signal.removeEventListener('abort', wake)
      this.#waiting.delete(wake)
    }
    const wake = (): void => {
      forget()
      resolve()
    }
    signal.addEventListener('abort', wake)
    this.#waiting.add(wake)
    return { woken: promise, forget }
  }

  async #ask(text: string, params: readonly Parameter[]): Promise<readonly (readonly Cell[])[]> {
    return (await this.#control.query({ dialect: 'postgres', text, params })).rows
  }
}

function placeOf(since: FeedPosition): [number, number, string | null] {
  return since.kind === 'entry' ? [since.epoch, since.ordinal, null] : [0, 0, since.at]
}
