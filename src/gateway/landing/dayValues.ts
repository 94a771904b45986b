import { toText } from '../../base/decimal.ts'
import { Fault, type FaultCode } from '../../base/faults.ts'
import type { Finality } from '../../base/finality.ts'
import { type Day, formatDay } from '../../base/time.ts'
import type { Metric } from '../../catalog/catalog.ts'
import { isDecimal, type Value } from '../../merge/value.ts'
import { type QuestionInput, questionSchema } from '../../query/question.ts'
import type { Snapshot } from '../../route/snapshot.ts'
import { answerAll } from '../answer.ts'
import type { Answer } from '../answerTypes.ts'
import { AnswerCache } from '../cache/answerCache.ts'
import { stopwatch } from '../cache/flights.ts'
import { ADMIN_CALLER } from '../caller.ts'
import type { Gateway } from '../gateway.ts'
import { NO_OBSERVER } from '../observer.ts'
import { PreparedBook } from '../preparedBook.ts'

/** A value of a day, or why there is none. */
export interface DayValue {
  readonly value: string | null
  readonly finality: Finality
  readonly fault: FaultCode | undefined
}

/** Values by metric and day, and by a dimension's value where they were asked by one. */
export type DayValues = ReadonlyMap<string, DayValue>

export interface AskedDays {
  readonly metrics: readonly Pick<Metric, 'name'>[]
  /** In order. */
  readonly days: readonly Day[]
  readonly by?: string | undefined
}

/** Days that a question is of. */
const DAYS_A_QUESTION = 100
const NO_VALUE: DayValue = { value: null, finality: 'missing', fault: undefined }

export function dayKey(metric: string, day: string, of?: string | null): string {
  return JSON.stringify(of === undefined ? [metric, day] : [metric, day, of])
}

export function valueAt(values: DayValues, metric: string, day: string): DayValue {
  return values.get(dayKey(metric, day)) ?? NO_VALUE
}

/**
 * What readers see of metrics on days under a snapshot: the answers they would get, each metric asked by itself as if
 * alone. What the questions read in common is read once.
 */
export async function readDayValues(asked: AskedDays, snapshot: Snapshot, gateway: Gateway): Promise<DayValues> {
  const values = new Map<string, DayValue>()
  for (const range of rangesOf(asked.days)) {
    const questions = asked.metrics.map(({ name }) => questionSchema.parse(questionOf(name, range, asked.by)))
    const outcomes = await answerAll(questions, ADMIN_CALLER, under(snapshot, gateway))
    for (const [i, outcome] of outcomes.entries()) {
      const metric = asked.metrics[i]?.name ?? ''
      if (outcome instanceof Fault) refuse(metric, range, outcome.code, values)
      else collect(metric, outcome, asked.by !== undefined, values)
    }
  }
  return values
}

function questionOf(metric: string, { from, to }: DaySpan, by: string | undefined): QuestionInput {
  const time = { range: [formatDay(from), formatDay(to)], grain: 'day' } satisfies QuestionInput['time']
  return by === undefined ? { metrics: [metric], time, fill: 'null' } : { metrics: [metric], dimensions: [by], time }
}

function collect(
  metric: string,
  { columns, values, rowCount }: Answer,
  by: boolean,
  into: Map<string, DayValue>,
): void {
  const column = (role: string) => values[columns.findIndex((each) => each.role === role)] ?? []
  const [days, of, numbers, finality] = [column('time'), column('dimension'), column('metric'), column('finality')]
  for (let row = 0; row < rowCount; row++) {
    const key = dayKey(metric, String(days[row]), by ? textOf(of[row] ?? null) : undefined)
    into.set(key, { value: textOf(numbers[row] ?? null), finality: finality[row] as Finality, fault: undefined })
  }
}

function refuse(metric: string, { from, to }: DaySpan, fault: FaultCode, into: Map<string, DayValue>): void {
  for (let day = from; day <= to; day++) into.set(dayKey(metric, formatDay(day)), { ...NO_VALUE, fault })
}

function textOf(value: Value): string | null {
  if (value === null) return null
  return isDecimal(value) ? toText(value) : String(value)
}

/** A gateway that sees the world under a snapshot, and keeps nothing of it. */
function under(snapshot: Snapshot, gateway: Gateway): Gateway {
  return {
    ...gateway,
    snapshot: () => snapshot,
    deadline: LANDING_MS,
    cache: new AnswerCache({ bytes: 0, clock: stopwatch }),
    prepared: new PreparedBook(),
    observer: NO_OBSERVER,
  }
}

/** A batch may wait longer than a person. */
const LANDING_MS = 300_000

interface DaySpan {
  readonly from: Day
  readonly to: Day
}

/** Consecutive days together. */
function rangesOf(days: readonly Day[]): DaySpan[] {
  const ranges: DaySpan[] = []
  for (const day of days) {
    const last = ranges.at(-1)
    if (last !== undefined && last.to === day - 1 && day - last.from < DAYS_A_QUESTION)
      ranges[ranges.length - 1] = { from: last.from, to: day }
    else ranges.push({ from: day, to: day })
  }
  return ranges
}
