import { Fault } from '../base/faults.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Question } from '../query/question.ts'
import type { Notice } from '../route/freshness.ts'
import type { Completeness, Snapshot } from '../route/snapshot.ts'
import { type AskOptions, answer, contextOf } from './answer.ts'
import type { Answer } from './answerTypes.ts'
import { AnswerCache } from './cache/answerCache.ts'
import { stopwatch } from './cache/flights.ts'
import { readsAttributes } from './cache/key.ts'
import type { Caller } from './caller.ts'
import type { Gateway } from './gateway.ts'
import { PreparedBook } from './preparedBook.ts'
import { scopeHash } from './receipt.ts'

/** What of a receipt a replay needs. */
export interface Replayed {
  readonly question: Question
  readonly epoch: number
  readonly catalogVersion: string
  /** Milliseconds since the epoch. */
  readonly asOf: number
  readonly scope: string | null
}

/** What was out at an epoch; undefined when nothing is known of it. `gone` holds days that can't be read any more. */
export type SnapshotAt = (epoch: number) => Promise<Snapshot | undefined>

/**
 * Answers a question as it was answered: at the moment of its receipt, from the versions that were out at its epoch.
 * Published days are the same for as long as their versions are kept; what was real-time data is read anew, and said so.
 * Faults: GONE with what is not kept, FORBIDDEN for the receipt of another scope, those of questions.
 */
export async function replay(
  replayed: Replayed,
  caller: Caller,
  gateway: Gateway,
  snapshotAt: SnapshotAt,
  options: AskOptions,
): Promise<Answer> {
  const { question, epoch, catalogVersion, asOf, scope } = replayed
  if (scope !== scopeHash(caller.scope))
    throw new Fault('FORBIDDEN', 'The receipt belongs to a caller who sees other rows.')
  if (catalogVersion !== gateway.catalog.version) {
    const message = `The catalog ${catalogVersion} that the answer was computed by is not in force any more; ${gateway.catalog.version} is.`
    throw new Fault('GONE', message)
  }
  for (;;) {
    const pinned = await pinnedAt(epoch, gateway, snapshotAt)
    const past = asOfThen(gateway, pinned, asOf)
    const given = await answer(question, caller, past, options)
    const now = await pinnedAt(epoch, gateway, snapshotAt)
    // A version that went while it was read is found gone the next time.
    if (countGone(now) === countGone(pinned))
      return {
        ...given,
        notices: [...notReplayed(given, gateway.catalog), ...readAnew(question, caller, past), ...given.notices],
      }
  }
}

async function pinnedAt(epoch: number, gateway: Gateway, snapshotAt: SnapshotAt): Promise<Snapshot> {
  const then = await snapshotAt(epoch)
  if (then === undefined) throw new Fault('GONE', `What was published at epoch ${epoch} is not known.`)
  return withPresent(then, gateway.snapshot(), gateway.catalog)
}

/** Tables that keep no versions are read as they are now, and days of them that were written anew are gone. */
function withPresent(then: Snapshot, now: Snapshot, catalog: Catalog): Snapshot {
  const sources = new Map(then.sources)
  for (const { name, complete, version } of catalog.sources.values()) {
    const present = now.sources.get(name)
    const before = then.sources.get(name)
    if (complete === 'watermark' && present !== undefined) sources.set(name, present)
    else if (complete === 'published' && version === undefined && before !== undefined)
      sources.set(name, { ...before, gone: overwritten(before, present) })
  }
  return { epoch: then.epoch, sources }
}

function overwritten(before: Completeness, present: Completeness | undefined): ReadonlySet<number> {
  const days = [...before.versions].filter(([day, version]) => present?.versions.get(day) !== version)
  return new Set(days.map(([day]) => day))
}

function asOfThen(gateway: Gateway, snapshot: Snapshot, asOf: number): Gateway {
  return {
    ...gateway,
    snapshot: () => snapshot,
    clock: () => asOf,
    wallClock: gateway.clock,
    cache: new AnswerCache({ bytes: 0, clock: stopwatch }),
    prepared: new PreparedBook(),
  }
}

function countGone({ sources }: Snapshot): number {
  return [...sources.values()].reduce((sum, { gone }) => sum + (gone?.size ?? 0), 0)
}

/** Tables of dimensions and calendars have no versions either. */
function readAnew(question: Question, caller: Caller, past: Gateway): Notice[] {
  const { question: resolved, physical } = past.prepared.prepare(question, contextOf(caller, past))
  const tabled = [...resolved.calendars.values()].some(
    ({ name }) => past.catalog.calendars.get(name)?.table !== undefined,
  )
  if (!tabled && !readsAttributes(resolved, physical)) return []
  const day = new Date(resolved.now).toISOString().slice(0, 10)
  const message = 'Attributes of dimensions and calendars are read as they are now, and may have been others then.'
  return [{ code: 'NOT_REPLAYED', from: day, to: day, message }]
}

/** What is not promised to be as it was: what comes from streams, and from tables that keep no versions. */
function notReplayed({ freshness, receipt }: Answer, catalog: Catalog): Notice[] {
  return freshness.sources.flatMap(({ source, from, to }) => {
    const of = source === null ? undefined : catalog.sources.get(source)
    if (of === undefined || (of.complete === 'published' && of.version !== undefined)) return []
    const days = from === to ? from : `${from} to ${to}`
    const what = of.kind === 'stream' ? 'is real-time data' : 'comes from a table that keeps no versions'
    const message = `${days} ${what} (${source}): read anew, and not promised to be what it was at epoch ${receipt.epoch}.`
    return [{ code: 'NOT_REPLAYED', from, to, message }]
  })
}
