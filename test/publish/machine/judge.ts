import { type Asked, METRICS } from './asked.ts'
import { expectedAnswer, type Plain } from './expected.ts'
import type { History } from './history.ts'
import { PROCESSES, type ProcessName } from './mill.ts'
import type { Sight } from './reads.ts'
import type { Streams, WorldState } from './state.ts'

/** What a reader saw, and between which states it asked and was told. */
export interface Reading {
  readonly asked: Asked
  readonly plain: Plain
  readonly from: number
  readonly to: number
  /** Milliseconds of the stopwatch. */
  readonly askedAt: number
  /** When the answer says that it was made, where that must be now: one of published days alone may be an older one. */
  readonly asOf: string | undefined
}

export interface Leeway {
  /** How old what was read from a stream may be. Milliseconds. */
  readonly live: number
  /** How long a failure of a store is remembered. Milliseconds. */
  readonly failure: number
}

/** Whoever asks for published days alone may join who asked before, and share his failure. */
export const NO_LEEWAY: Leeway = { live: 0, failure: 2000 }

/**
 * Whether some manifest state of the interval allows what was seen. The manifest and the moment are taken once, at some
 * state; after it, each stream is read once, or found to be down.
 */
export function isAllowed(reading: Reading, history: History, leeway: Leeway): boolean {
  const seen = textOf(reading.plain)
  for (const expected of allowedFor(reading, history, leeway)) if (textOf(expected) === seen) return true
  return false
}

const textOf = (plain: Plain): string => JSON.stringify(plain)

/** Every answer that would be right, the newest state first. */
export function* allowedFor(reading: Reading, history: History, leeway: Leeway): Generator<Plain> {
  const { asked, from, to, askedAt } = reading
  const failedFrom = Math.min(from, history.before(askedAt, leeway.failure))
  const seen = new Set<string>()
  for (let at = to; at >= from; at--) {
    const { now, known } = history.at(at)
    if (leeway.live === 0 && reading.asOf !== undefined && Date.parse(reading.asOf) !== wholeSeconds(now)) continue
    const readFrom = leeway.live === 0 ? at : Math.min(at, history.before(askedAt, leeway.live))
    const read = statesOf(history, readFrom, to)
    const failing = statesOf(history, Math.min(at, failedFrom), to)
    const failures = distinct(failing.map(({ offlineDown }) => offlineDown))
    const { known: first } = history.pastAt(at)
    for (const sight of sightsOf(asked, { now, known, first }, read)) {
      for (const offlineDown of failures) {
        const expected = expectedAnswer(asked, sight, offlineDown)
        const text = textOf(expected)
        if (!seen.has(text)) yield expected
        seen.add(text)
      }
      // Published days alone may have been read for somebody else before.
      const kept = expectedAnswer(asked, sight, false)
      if (!isLive(kept)) yield kept
    }
  }
}

/** True when something of an answer was read from a stream. */
export const isLive = ({ sources }: Plain): boolean => sources.some((each) => each.includes('_event '))

const wholeSeconds = (instant: number): number => Math.floor(instant / 1000) * 1000

/** Down leaves no stream; up shows of each stream what it held at some moment of its own. */
function* sightsOf(
  asked: Asked,
  of: Pick<Sight, 'now' | 'known' | 'first'>,
  read: readonly WorldState[],
): Generator<Sight> {
  const last = read.at(-1)
  if (last === undefined) return
  if (read.some(({ realtimeDown }) => realtimeDown)) yield { ...of, streams: last.streams, realtimeDown: true }
  if (!read.some(({ realtimeDown }) => !realtimeDown)) return
  for (const streams of streamsOf(asked, read, last)) yield { ...of, streams, realtimeDown: false }
}

/** The newest first; a stream that the question does not read need not be told apart. */
function streamsOf({ metrics }: Asked, read: readonly WorldState[], last: WorldState): Streams[] {
  const named = new Set(metrics.flatMap((name): readonly ProcessName[] => METRICS[name]))
  const [grain = [], flour = []] = PROCESSES.map((process) =>
    named.has(process) ? distinct(read.map(({ streams }) => streams[process])).toReversed() : [last.streams[process]],
  )
  return grain.flatMap((of) => flour.map((other): Streams => ({ grain: of, flour: other })))
}

function statesOf(history: History, from: number, to: number): WorldState[] {
  return Array.from({ length: to - from + 1 }, (_, i) => history.at(from + i))
}

const distinct = <T>(items: readonly T[]): T[] => [...new Set(items)]
