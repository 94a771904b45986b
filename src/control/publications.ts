import { Fault, faultDetail } from '../base/faults.ts'
import { type Instant, parseDay } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import type { Snapshot } from '../route/snapshot.ts'
import type { Store } from '../stores/port.ts'
import { type AuditResult, audit } from './audit.ts'
import { type Chosen, choose, lostTo, nothingStaged } from './choose.ts'
import type { Compare, Comparison, Publisher, Restated, StagedDay, WantedDay } from './port.ts'
import { type PublicationFilter, type PublicationRecord, PublicationTable } from './publicationTable.ts'
import { requireWithinTolerance } from './tolerance.ts'
import { everywhere, invalidDay, type PublishRequest, requirePublished, sourceNamed, wantedDays } from './wanted.ts'

export interface PublishOptions {
  /** Publishes although a value is further from real time than its tolerance. */
  readonly acceptDifference?: boolean | undefined
}

export interface PublishedDay {
  readonly source: string
  readonly day: string
  readonly version: number
  /** Only where the run had published the day before and it shows something else by now; null = nothing. */
  readonly live?: number | null
}

export interface PublicationContext {
  readonly control: Store
  /** The stores that versions are audited in. */
  readonly stores: ReadonlyMap<string, Store>
  /** The catalog in force. */
  readonly catalog: () => Catalog
  readonly now: () => Instant
  /** The newest snapshot, read again from the control database. */
  readonly snapshot: () => Promise<Snapshot>
  readonly compare: Compare
  /** Called when a change has been committed, before the caller hears of it. */
  readonly changed: () => Promise<void>
}

/** How often a publication is computed anew because others published what it is compared with. */
const MOST_TRIES = 5

/**
 * The publication of business days: staged -> audited -> published -> superseded, with one published version a day.
 *
 *   stage ──► staged ──publish──► published ──publish of another version──► superseded ──drop──► (rows gone)
 *                ▲                    │                                          │
 *                └─────withdraw───────┘◄────────────publish by version───────────┘
 *
 * What readers see changes in one transaction (`land_days`), which holds the day against what the publisher saw there
 * when it was asked: of two publishers at once one gets a conflict. All that is slow is done before it.
 */
export class Publications implements Publisher {
  readonly #context: PublicationContext
  readonly #table: PublicationTable
  #turn: Promise<unknown> = Promise.resolve()

  constructor(context: PublicationContext) {
    this.#context = context
    this.#table = new PublicationTable(context.control)
  }

  /** Audits versions and records them. Faults: UNKNOWN_SOURCE, INVALID_VALUE, AUDIT_FAILED, CONFLICT for shown ones. */
  async stage(days: readonly StagedDay[]): Promise<readonly AuditResult[]> {
    const moment = this.#moment()
    const audited = days.map(({ source: name, day, version, rowCount, checksum, empty }) => {
      const source = sourceNamed(name, '/source', moment.catalog)
      requirePublished(source, '/source')
      if (parseDay(day) === undefined) throw invalidDay(day, '/days')
      return {
        source,
        day,
        version,
        mayBeEmpty: empty === true,
        pointer: '/days',
        expected: given({ rowCount, checksum }),
      }
    })
    const once = [
      ...new Map(audited.map((each) => [`${dayKey(each.source, each.day)} ${each.version}`, each])).values(),
    ]
    const results = await audit(once, this.#context.stores, moment.catalog)
    const runs = new Map(days.map(({ source, day, version, runId }) => [`${source} ${day} ${version}`, runId]))
    const kept = await this.#record(results, (source, day, version) => runs.get(`${source} ${day} ${version}`))
    if (kept.length > 0) throw alreadyShown(kept)
    return results
  }

  /**
   * Publishes all requests in one transaction; gives every day with the version that this run has made public, also
   * when it had done so before. Faults: UNKNOWN_SOURCE, INVALID_VALUE, DAY_NOT_OVER, NOTHING_STAGED, AUDIT_FAILED,
   * CONFLICT when another publisher was faster.
   */
  async publish(requests: readonly PublishRequest[], options: PublishOptions = {}): Promise<readonly PublishedDay[]> {
    const run = requests[0]?.runId ?? null
    const wanted = await this.#wanted(requests)
    // What is out now is what the days are published in place of, however long they wait for their turn.
    const looked = await this.#table.lookAt(wanted, run)
    return this.#inTurn(async () => {
      const chosen = choose(wanted, looked, run)
      const audited = await this.#audit(chosen)
      requireRows(audited)
      const changes = chosen.filter((each) => isChange(each, audited.get(each)))
      const fresh = changes.flatMap((each) => (each.isStaged ? [] : (audited.get(each) ?? [])))
      await this.#record(fresh, () => run ?? undefined)
      const landing = changes.map((each) => ({ ...each, checksum: audited.get(each)?.checksum ?? null }))
      await this.#land(landing, run, options)
      return chosen.map((each) => {
        const { wanted: of, version, live } = each
        const stays = !each.isDone && live !== null && !changes.includes(each)
        const shown = each.isDone && live !== version ? { live } : {}
        return { source: of.source.name, day: of.day, version: stays ? live : version, ...shown }
      })
    })
  }

  /** Takes a day back to real time. False when it was not published. Faults: UNKNOWN_SOURCE, INVALID_VALUE, CONFLICT. */
  async withdraw(sourceName: string, day: string): Promise<boolean> {
    const source = sourceNamed(sourceName, '/source', this.#context.catalog())
    if (parseDay(day) === undefined) throw invalidDay(day, '/day')
    const wanted: WantedDay = { source, day, version: undefined, empty: false, pointer: '/day' }
    const live = (await this.#table.lookAt([wanted], null))[0]?.live ?? null
    if (live === null) return false
    await this.#inTurn(() => this.#land([{ wanted, version: null, live, checksum: null }], null, {}))
    return true
  }

  /** What is published now, read again. Faults: STORE_DOWN. */
  newest(): Promise<Snapshot> {
    return this.#context.snapshot()
  }

  /** Records, newest day first; at most `limit`. */
  list(filter: PublicationFilter): Promise<PublicationRecord[]> {
    return this.#table.list(filter)
  }

  #moment() {
    return { catalog: this.#context.catalog(), now: this.#context.now() }
  }

  /** One publication of this process at a time; those of others are told apart in the transaction. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(run, run)
    this.#turn = next.catch(() => undefined)
    return next
  }

  async #wanted(requests: readonly PublishRequest[]): Promise<WantedDay[]> {
    const moment = this.#moment()
    const wanted = await Promise.all(
      requests.map(async (request, i) => {
        const at = requests.length === 1 ? '' : `/publications/${i}`
        const { source } = request
        if (source !== undefined) return wantedDays({ ...request, source }, at, moment)
        for (const key of ['version', 'empty'] as const) {
          if (request[key] === undefined) continue
          const message = `"${key}" is of one source; name the "source" too.`
          throw Fault.at([faultDetail('INVALID_REQUEST', `${at}/${key}`, message)])
        }
        const days = everywhere(request, moment)
        const staged = await this.#table.staged(days, request.runId ?? requests[0]?.runId ?? null)
        if (staged.length === 0) throw nothingStaged(days)
        return staged.flatMap(([name, day]) => wantedDays({ ...request, source: name, days: [day] }, at, moment))
      }),
    )
    return distinct(wanted.flat())
  }

  /** Looks at the rows of what was chosen. */
  async #audit(chosen: readonly Chosen[]): Promise<ReadonlyMap<Chosen, AuditResult>> {
    const open = chosen.filter(({ isDone }) => !isDone)
    const versions = open.map(({ wanted: { source, day, pointer }, version, expected, isStaged }) => ({
      ...{ source, day, version, expected, pointer },
      // Only what was staged as empty may be: its rows were counted then. What nobody staged and has no rows is not there.
      mayBeEmpty: expected.rowCount === 0 || (!isStaged && source.version !== undefined),
    }))
    const results = await audit(versions, this.#context.stores, this.#context.catalog())
    const byDay = new Map(results.map((result) => [dayKey(result.audited.source, result.audited.day), result]))
    return new Map(
      open.flatMap((each): [Chosen, AuditResult][] => {
        const result = byDay.get(dayKey(each.wanted.source, each.wanted.day))
        return result === undefined ? [] : [[each, result]]
      }),
    )
  }

  async #record(
    results: readonly AuditResult[],
    runOf: (source: string, day: string, version: number) => string | undefined,
  ): ReturnType<PublicationTable['stage']> {
    return this.#table.stage(
      results.map(({ audited: { source, day, version }, rowCount, checksum, columns, sourceHash }) => ({
        source: source.name,
        ...{ day, version, rowCount, checksum, columns, sourceHash },
        runId: runOf(source.name, day, version),
      })),
    )
  }

  /** Computes what the changes do and makes them, anew while others change what was computed with. */
  async #land(changes: readonly Change[], run: string | null, options: PublishOptions): Promise<void> {
    if (changes.length === 0) return
    const landings = changes.map(({ wanted: { source, day }, version, live, checksum }) => ({
      ...{ source: source.name, day, version, live, checksum },
    }))
    for (let tries = 1; ; tries++) {
      const before = await this.#context.snapshot()
      const comparison = await this.#compare(changes, before)
      const isWithdrawal = changes.every(({ version }) => version === null)
      if (!isWithdrawal && options.acceptDifference !== true) requireWithinTolerance(comparison, changes)
      const catalogVersion = this.#context.catalog().version
      const { lost, moved } = await this.#table.land(landings, comparison, { run, catalogVersion, seen: before.epoch })
      if (lost !== undefined) throw lostTo(lost)
      if (moved !== true) break
      if (tries === MOST_TRIES) throw new Fault('CONFLICT', 'Other days are being published all the time; try again.')
    }
    await this.#context.changed()
  }

  async #compare(changes: readonly Change[], before: Snapshot): Promise<Comparison> {
    const comparison = await this.#context.compare(
      changes.map(({ wanted, version }) => ({
        source: wanted.source.name,
        day: parseDay(wanted.day) ?? 0,
        version: version ?? undefined,
      })),
      before,
    )
    // A table without versions was overwritten: what it showed before is known only from what was told of it.
    const overwritten = changes.filter(({ wanted, live }) => wanted.source.version === undefined && live !== null)
    if (overwritten.length === 0) return comparison
    const days = new Set(overwritten.map(({ wanted }) => wanted.day))
    const told = await this.#table.lastTold([...days])
    const { metrics } = this.#context.catalog()
    const isOverwritten = ({ metric, day }: Restated): boolean =>
      overwritten.some(
        ({ wanted }) => wanted.day === day && metrics.get(metric)?.processes.includes(wanted.source.process) === true,
      )
    const restated = comparison.restated.map((each) => {
      const last = isOverwritten(each) ? told.get(`${each.metric} ${each.day}`) : undefined
      return last === undefined ? each : { ...each, old: last.value, oldFinality: last.finality }
    })
    return { ...comparison, restated }
  }
}

type Change = Pick<Chosen, 'wanted' | 'live'> & { readonly version: number | null; readonly checksum: string | null }

/** What is out already stays; a table without versions is out anew when its rows have changed. */
function isChange({ isDone, version, live, liveChecksum }: Chosen, audited: AuditResult | undefined): boolean {
  if (isDone || version === live) return false
  return liveChecksum === undefined || audited?.checksum !== liveChecksum
}

/** Faults: NOTHING_STAGED for versions that nobody staged and that have no rows. */
function requireRows(audited: ReadonlyMap<Chosen, AuditResult>): void {
  const lacking = [...audited].filter(
    ([{ isStaged, expected }, { rowCount }]) => !isStaged && rowCount === 0 && expected.rowCount !== 0,
  )
  if (lacking.length === 0) return
  throw nothingStaged(lacking.map(([{ wanted, live }]) => ({ source: wanted.source.name, day: wanted.day, live })))
}

function dayKey(source: Source, day: string): string {
  return `${source.name} ${day}`
}

/** A day that was asked for twice is looked at once; the last that was said of it holds. */
function distinct(wanted: readonly WantedDay[]): WantedDay[] {
  return [...new Map(wanted.map((each) => [dayKey(each.source, each.day), each])).values()]
}

/** Faults of versions that can't be staged, as readers have seen them. */
function alreadyShown(kept: readonly { source: string; day: string; version: number }[]): Fault {
  return Fault.at(
    kept.slice(0, 20).map(({ source, day, version }) => {
      const message = `Version ${version} of ${source} of ${day} was shown to readers and stays as it was; write changed rows as a new version.`
      return faultDetail('CONFLICT', '/days', message)
    }),
  )
}

function given<T extends object>(facts: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}
