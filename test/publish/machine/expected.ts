import { bucketOf, type Day, dayAt, plus } from '../../crown/oracle/calendar.ts'
import { type Asked, METRICS, type MetricName } from './asked.ts'
import { FORMS, PROCESSES, type ProcessName } from './mill.ts'
import { type DayRead, type Finality, readsOf, type Sight, worse } from './reads.ts'
import { added, NO_ROWS } from './state.ts'

/** All of an answer that this suite judges, in one form for the gateway's and the model's. */
export interface Plain {
  /** The code of a refusal; nothing but `days` stands beside it. */
  readonly refusal?: string
  readonly rows: readonly (readonly unknown[])[]
  /** `<source or -> <day> <finality>`, in order. */
  readonly sources: readonly string[]
  /** `<code> <day>`, in order. */
  readonly notices: readonly string[]
  readonly withheld: number
  readonly finalThrough: Day | null
  /** The days that a refusal names. */
  readonly days: readonly Day[]
}

export const refused = (refusal: string, days: readonly Day[] = []): Plain => ({
  refusal,
  rows: [],
  sources: [],
  notices: [],
  withheld: 0,
  finalThrough: null,
  days,
})

type Reads = ReadonlyMap<ProcessName, readonly DayRead[]>

/** What a question must be answered with, by the written semantics alone. `offlineDown` = published days can't be read. */
export function expectedAnswer(asked: Asked, sight: Sight, offlineDown: boolean): Plain {
  const reads = readsByProcess(asked, sight)
  const all = [...reads.values()].flat()
  const open = all.filter(({ finality }) => finality !== 'final')
  if (asked.finality === 'final' && open.length > 0) return refused('NOT_FINAL', inOrder(open.map(({ day }) => day)))
  if (offlineDown && all.some(({ source }) => source?.endsWith('_day'))) return refused('STORE_DOWN')
  const rows = rowsOf(asked, reads, sight)
  const shown = asked.finality === 'finalOnly' ? rows.filter((row) => row.at(-1) === 'final') : rows
  return {
    rows: shown,
    sources: inOrder(
      all.flatMap(({ source, day, finality }) => (source === undefined ? [] : [`${source ?? '-'} ${day} ${finality}`])),
    ),
    notices: inOrder(all.flatMap(({ reason, day }) => (reason === undefined ? [] : [`${reason} ${day}`]))),
    withheld: rows.length - shown.length,
    finalThrough: finalThrough([...reads.values()]),
    days: [],
  }
}

export const inOrder = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted()

function readsByProcess(asked: Asked, sight: Sight): Reads {
  const named = new Set(asked.metrics.flatMap((name): readonly ProcessName[] => METRICS[name]))
  return new Map(PROCESSES.filter((name) => named.has(name)).map((name) => [name, readsOf(name, asked, sight)]))
}

/** The last day up to which all is final, of the process that has come least far. */
function finalThrough(all: readonly (readonly DayRead[])[]): Day | null {
  const ends = all.map((reads): Day | null => {
    const open = reads.findIndex(({ finality }) => finality !== 'final')
    return reads.at(open === -1 ? -1 : open - reads.length - 1)?.day ?? null
  })
  return ends.includes(null) ? null : (ends.toSorted()[0] ?? null)
}

function rowsOf(asked: Asked, reads: Reads, sight: Sight): unknown[][] {
  const { grain } = asked.time
  if (grain === undefined) return [rowOf(asked, undefined, reads)]
  const bucketed = new Map(
    [...reads].map(([process, days]) => [process, Map.groupBy(days, ({ day }) => bucketOf(day, grain))]),
  )
  const shown = [...bucketed].flatMap(([process, buckets]) =>
    [...buckets].flatMap(([bucket, days]) => (isShown(asked, process, bucket, days, sight) ? [bucket] : [])),
  )
  return inOrder(shown).map((bucket) =>
    rowOf(asked, bucket, new Map([...bucketed].map(([process, buckets]) => [process, buckets.get(bucket) ?? []]))),
  )
}

/** A bucket of which anything is known, or of which a day is missing: none disappears in silence. */
function isShown(
  { fill }: Asked,
  process: ProcessName,
  bucket: Day,
  days: readonly DayRead[],
  { now }: Sight,
): boolean {
  const hasBegun = bucket <= dayAt(now, FORMS[process].zone)
  return days.some(({ rows, finality }) => rows.sacks > 0 || finality === 'missing') || (fill === 'zero' && hasBegun)
}

function rowOf(asked: Asked, bucket: Day | undefined, reads: Reads): unknown[] {
  const finality = [...reads.values()].flat().reduce((so: Finality, each) => worse(so, each.finality), 'final')
  const cells = asked.metrics.map((metric) => cellOf(metric, asked, bucket, reads))
  return [...(bucket === undefined ? [] : [bucket]), ...cells, finality]
}

/** Zero fills the cell of a column, not what its formula is made from; what is missing stays so. */
function cellOf(metric: MetricName, { missing, fill }: Asked, bucket: Day | undefined, reads: Reads): number | null {
  const days = METRICS[metric].map((process) => reads.get(process) ?? [])
  const isMissing = days.flat().some(({ finality }) => finality === 'missing')
  if (isMissing && missing === 'null') return null
  const values = days.map((of) => figureOf(metric, bucket, of))
  if (!values.includes(null)) return values.reduce((sum: number, value) => sum + (value ?? 0), 0)
  return fill === 'zero' && !isMissing ? 0 : null
}

/** Sums of nothing are null; a count of nothing is 0 where no bucket is asked for, and no row of a bucket. */
function figureOf(metric: MetricName, bucket: Day | undefined, days: readonly DayRead[]): number | null {
  const { sacks, kilos } = days.map(({ rows }) => rows).reduce(added, NO_ROWS)
  const counts = metric.endsWith('_sacks')
  if (sacks > 0) return counts ? sacks : kilos
  return counts && bucket === undefined ? 0 : null
}

/** Each day of an entry with two ends. */
export function daysFrom(from: Day, to: Day): Day[] {
  const days: Day[] = []
  for (let day = from; day <= to; day = plus(day, 1)) days.push(day)
  return days
}
