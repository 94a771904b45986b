import { type Day, dayAt, plus } from '../../crown/oracle/calendar.ts'
import type { Asked } from './asked.ts'
import { batchOf, FORMS, type ProcessName, streamOf } from './mill.ts'
import { isKept, type Manifest, NO_ROWS, type Past, type Rows, type Streams } from './state.ts'

export type Finality = 'final' | 'provisional' | 'missing'

/** What a question reads of one business day of a process. */
export interface DayRead {
  readonly day: Day
  readonly finality: Finality
  /** null for a day that no source gave, undefined for one before there was anything. */
  readonly source: string | null | undefined
  readonly reason: string | undefined
  readonly rows: Rows
}

/** What an answer is made from: one manifest and moment, and what stood in the streams when they were read. */
export interface Sight {
  readonly now: number
  readonly known: Manifest
  /** The first day that was ever out, as the gateway knows of it. */
  readonly first: Past['known']
  readonly streams: Streams
  readonly realtimeDown: boolean
}

const WORST: readonly Finality[] = ['final', 'provisional', 'missing']
export const worse = (a: Finality, b: Finality): Finality => (WORST.indexOf(a) >= WORST.indexOf(b) ? a : b)

/** The business days of a question, by the written rule of the day-cross; days that have not begun are not read. */
export function readsOf(process: ProcessName, { time }: Asked, sight: Sight): DayRead[] {
  const [first, last] = time.range
  const today = dayAt(sight.now, FORMS[process].zone)
  const reads: DayRead[] = []
  for (let day = first; day <= last && day <= today; day = plus(day, 1)) reads.push(readOf(process, day, today, sight))
  return reads
}

function readOf(process: ProcessName, day: Day, today: Day, sight: Sight): DayRead {
  const { known, first, now, streams, realtimeDown } = sight
  const published = known[process]
  const days = [...published.keys()].toSorted()
  const since = FORMS[process].since ?? first[process]
  if (since !== undefined && day < since)
    return { day, finality: 'final', source: undefined, reason: undefined, rows: NO_ROWS }
  const out = published.get(day)
  if (out !== undefined) return { day, finality: 'final', source: batchOf(process), reason: undefined, rows: out.rows }
  const kept = isKept(process, day, now)
  if (!kept || realtimeDown) {
    const reason = kept ? 'REALTIME_DOWN' : 'REALTIME_RETENTION'
    return { day, finality: 'missing', source: null, reason, rows: NO_ROWS }
  }
  const isHole = days.some((each) => each > day)
  const reason = day === today ? 'TODAY' : isHole ? 'OFFLINE_HOLE' : 'OFFLINE_NOT_PUBLISHED'
  const rows = streams[process].get(day) ?? NO_ROWS
  return { day, finality: 'provisional', source: streamOf(process), reason, rows }
}
