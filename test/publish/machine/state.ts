import { type Day, startOf } from '../../crown/oracle/calendar.ts'
import { FORMS, PROCESSES, type ProcessName } from './mill.ts'

/** What some rows add up to. */
export interface Rows {
  readonly sacks: number
  readonly kilos: number
}

export const NO_ROWS: Rows = { sacks: 0, kilos: 0 }

export const added = (a: Rows, b: Rows): Rows => ({ sacks: a.sacks + b.sacks, kilos: a.kilos + b.kilos })

/** A published version of a day. */
export interface Out {
  readonly version: number
  readonly rows: Rows
}

/** Of each process: which version each day has; a day without an entry is not published. */
export type Manifest = Readonly<Record<ProcessName, ReadonlyMap<Day, Out>>>

/** What each stream holds by business day. */
export type Streams = Readonly<Record<ProcessName, ReadonlyMap<Day, Rows>>>

/** The world after a step. Immutable: every step makes another. */
export interface WorldState {
  readonly now: number
  /** What the gateway that is asked has to know of. */
  readonly known: Manifest
  /** What the control database says; the same but while that can't be reached. */
  readonly truth: Manifest
  readonly streams: Streams
  readonly realtimeDown: boolean
  readonly offlineDown: boolean
}

/** What was ever out: withdrawn days and superseded versions are remembered. */
export interface Past {
  /** `process day version` of everything that was out at some time. */
  readonly shown: ReadonlySet<string>
  /** The first day that was ever out, and the same as the gateway that is asked knows of it. */
  readonly first: FirstDays
  readonly known: FirstDays
}

type FirstDays = Readonly<Record<ProcessName, Day | undefined>>

export const NO_PAST: Past = {
  shown: new Set(),
  first: { grain: undefined, flour: undefined },
  known: { grain: undefined, flour: undefined },
}

export const shownKey = (process: ProcessName, day: Day, version: number): string => `${process} ${day} ${version}`

/** The past of a state that follows another. */
export function pastOf(before: Past, { truth, known }: WorldState): Past {
  const shown = new Set(before.shown)
  const firstOf = (process: ProcessName): Day | undefined =>
    [...truth[process].keys(), ...(before.first[process] === undefined ? [] : [before.first[process]])].toSorted()[0]
  for (const process of PROCESSES)
    for (const [day, { version }] of truth[process]) shown.add(shownKey(process, day, version))
  const first = { grain: firstOf('grain'), flour: firstOf('flour') }
  return { shown, first, known: known === truth ? first : before.known }
}

export const emptyOf = <T>(): Readonly<Record<ProcessName, ReadonlyMap<Day, T>>> => ({
  grain: new Map(),
  flour: new Map(),
})

/** One process of a manifest, or of the streams, with some days replaced; undefined takes a day away. */
export function withDays<T>(
  all: Readonly<Record<ProcessName, ReadonlyMap<Day, T>>>,
  process: ProcessName,
  days: Iterable<readonly [Day, T | undefined]>,
): Readonly<Record<ProcessName, ReadonlyMap<Day, T>>> {
  const changed = new Map(all[process])
  for (const [day, value] of days) {
    if (value === undefined) changed.delete(day)
    else changed.set(day, value)
  }
  return { ...all, [process]: changed }
}

/** True while a stream still holds all of a day. */
export const isKept = (process: ProcessName, day: Day, now: number): boolean =>
  startOf(day, FORMS[process].zone) >= now - FORMS[process].retention

/** Two manifests that put out the same versions. */
export function sameManifest(a: Manifest, b: Manifest): boolean {
  return PROCESSES.every((process) => {
    const [left, right] = [a[process], b[process]]
    return left.size === right.size && [...left].every(([day, { version }]) => right.get(day)?.version === version)
  })
}
