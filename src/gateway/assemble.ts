import { Fault, faultDetail } from '../base/faults.ts'
import { worst } from '../base/finality.ts'
import { formatDay, formatInstant } from '../base/time.ts'
import type { NumberType, ValueType } from '../catalog/schema.ts'
import type { EvaluateContext } from '../merge/evaluate.ts'
import { extentOf } from '../merge/extent.ts'
import { FinalityMap } from '../merge/finality.ts'
import { finish, totalsBy } from '../merge/finish.ts'
import { columnNamed, type FinishedTable } from '../merge/table.ts'
import type { Key, Value } from '../merge/value.ts'
import { joinOf } from '../plan/logical.ts'
import type { MetricColumn, QuestionKey } from '../query/resolved.ts'
import { baseAt, baseOf, unitKey, unitType } from '../query/timeUnit.ts'
import { freshnessOf, type Notice, notFinalDays, noticesOf } from '../route/freshness.ts'
import type { Slice } from '../route/physical.ts'
import type { AnswerTotals, Column, Figures, Subtotal } from './answerTypes.ts'
import type { SliceOutcome } from './execute.ts'
import type { Prepared } from './prepare.ts'
import { scanTables } from './scanTables.ts'

/** merge -> finish -> answer: what its slices gave becomes a question's figures. Faults: NOT_FINAL, and those of slices. */
export function assemble(prepared: Prepared, outcomes: ReadonlyMap<Slice, SliceOutcome>, keep: KeepRest): Figures {
  const { question, plan, physical } = prepared
  const { aggregates } = physical
  requireFinal(prepared)
  const context = contextOf(prepared, outcomes)
  const finished = finish(plan, context)
  const notices = [
    ...noticesOf(aggregates),
    ...withheldNotice(finished.withheld, notFinalDays(aggregates)),
    ...comparedNotice(prepared),
  ]
  const told = { freshness: freshnessOf(aggregates, question.now), notices, truncated: finished.truncated }
  if (question.extent) return { ...extentFigures(finished, prepared), ...told, totals: undefined }
  const columns = columnsOf(prepared)
  const rows = (table: FinishedTable) => ({ columns, values: valuesOf(table, prepared), rowCount: table.size })
  return {
    ...rows(finished),
    ...told,
    ...nextPage(finished, prepared, (whole) => keep({ ...rows(whole), ...told, totals: undefined }, prepared)),
    totals: question.totals ? totalsOf(prepared, context) : undefined,
    ...(question.subtotals.length === 0
      ? {}
      : { subtotals: question.subtotals.map((by) => subtotalOf(by, prepared, context)) }),
  }
}

function contextOf(prepared: Prepared, outcomes: ReadonlyMap<Slice, SliceOutcome>): EvaluateContext {
  const { question, plan, physical, wholes } = prepared
  return {
    question,
    join: joinOf(plan),
    tables: scanTables(plan, physical, outcomes),
    finality: new FinalityMap(physical.aggregates),
    wholes: new Map([...wholes].map(([names, whole]) => [names, contextOf(whole, outcomes)])),
  }
}

/** Keeps the whole of a result that its answer cuts; gives the cursor of what comes behind a row. */
export type KeepRest = (whole: Figures, prepared: Prepared) => (from: number) => string | undefined

function nextPage(
  { truncated, whole, size }: FinishedTable,
  { question }: Prepared,
  keep: (whole: FinishedTable) => ReturnType<KeepRest>,
): Pick<Figures, 'nextCursor'> {
  if (!truncated || whole === undefined || size === 0) return {}
  return { nextCursor: keep(whole)(question.offset + size) ?? null }
}

/** Refuses what was asked for as final and is not. Faults: NOT_FINAL. */
export function requireFinal({ question, physical }: Prepared): void {
  if (question.finality === 'final' && question.filterFinality !== 'final') {
    const message =
      'Not final: a metric that the filters compare per entity is not. Ask with finality "any" or "finalOnly".'
    throw Fault.at([faultDetail('NOT_FINAL', '/finality', message, ['any', 'finalOnly'])])
  }
  const days = question.finality === 'final' ? notFinalDays(physical.aggregates) : []
  if (days.length === 0) return
  const message = `Not final: ${days.slice(0, 31).join(', ')}${days.length > 31 ? ', ...' : ''}. Ask with finality "any" or "finalOnly", or for days before.`
  throw Fault.at([faultDetail('NOT_FINAL', '/finality', message, ['any', 'finalOnly'])])
}

function withheldNotice(count: number, days: readonly string[]): Notice[] {
  if (count === 0) return []
  const from = days[0]?.slice(0, 10) ?? ''
  const to = days.at(-1)?.slice(-10) ?? ''
  return [{ code: 'WITHHELD', from, to, message: `${count} rows that are not final are withheld.` }]
}

function comparedNotice({ comparesDays, question }: Prepared): Notice[] {
  if (!comparesDays) return []
  const [window] = question.windows.values()
  const day = window === undefined ? '' : formatDay(window.today)
  const message =
    'The earlier side can not be cut within a day: an unfinished period is compared by its whole elapsed days.'
  return [{ code: 'COMPARED_BY_DAYS', from: day, to: day, message }]
}

function shownMetrics({ question }: Prepared): readonly MetricColumn[] {
  return question.metrics.filter(({ hidden }) => !hidden)
}

/** Shares and ranks are of rows; all else has a total. */
function isTotalled({ kind }: MetricColumn): boolean {
  return kind !== 'share' && kind !== 'rank'
}

function totalsOf(prepared: Prepared, context: EvaluateContext): AnswerTotals {
  const table = totalsBy([], context)
  const shown = shownMetrics(prepared).filter(isTotalled)
  return {
    names: shown.map(({ name }) => name),
    values: shown.map(({ name }) => columnNamed(table, name).values[0] ?? null),
    finality: table.finality[0] ?? 'final',
  }
}

function subtotalOf(by: readonly string[], prepared: Prepared, context: EvaluateContext): Subtotal {
  const table = totalsBy(by, context)
  const keys = prepared.question.keys.filter(({ name }) => by.includes(name))
  const shown = shownMetrics(prepared).filter(isTotalled)
  return {
    by,
    columns: [...keys.map(keyColumn), ...shown.map(metricColumn), FINALITY],
    values: [
      ...keys.map((key, i) => writeKeys(key, table.keys[i] ?? [], prepared)),
      ...shown.map(({ name }) => columnNamed(table, name).values),
      table.finality,
    ],
    rowCount: table.size,
  }
}

const NUMBER_COLUMN: Readonly<Record<NumberType, Column['type']>> = {
  integer: 'int64',
  decimal: 'decimal',
  float: 'float64',
}
const KEY_COLUMN: Readonly<Record<ValueType, Column['type']>> = {
  string: 'string',
  integer: 'int64',
  boolean: 'boolean',
  date: 'date',
}
const FINALITY: Column = { name: 'finality', role: 'finality', type: 'string' }

function keyColumn(key: QuestionKey): Column {
  const { unit, name } = key
  const role = key.kind === 'time' ? 'time' : 'dimension'
  if (unit === undefined) return { name, role, type: key.kind === 'field' ? KEY_COLUMN[key.field.type] : 'string' }
  const grain = unit.kind === 'grain' ? unit.grain : unit.kind === 'calendar' ? unit.calendar.name : undefined
  return { name, role, type: unitType(unit), ...(grain === undefined ? {} : { grain }) }
}

function metricColumn({ name, type, unit, format }: MetricColumn): Column {
  return {
    name,
    role: 'metric',
    type: NUMBER_COLUMN[type],
    ...(unit === undefined ? {} : { unit }),
    ...(format === undefined ? {} : { format }),
  }
}

function columnsOf(prepared: Prepared): Column[] {
  const { keys, metricFinality, inProgress } = prepared.question
  return [
    ...keys.map(keyColumn),
    ...shownMetrics(prepared).flatMap((metric): Column[] => [
      metricColumn(metric),
      ...(metricFinality ? [{ ...FINALITY, name: `${metric.name}__finality` }] : []),
    ]),
    ...(inProgress ? [{ name: 'inProgress', role: 'finality', type: 'boolean' } as const] : []),
    FINALITY,
  ]
}

function valuesOf(table: FinishedTable, prepared: Prepared): (readonly Value[])[] {
  const { keys, metricFinality, inProgress } = prepared.question
  return [
    ...keys.map((key, i) => writeKeys(key, table.keys[i] ?? [], prepared)),
    ...shownMetrics(prepared).flatMap(({ name }) => {
      const { values, finality } = columnNamed(table, name)
      return metricFinality ? [values, finality] : [values]
    }),
    ...(inProgress ? [inProgressOf(table, prepared)] : []),
    table.finality,
  ]
}

/** Keys as callers read them: a bucket by its first day or instant, a period of a calendar by its label. */
function writeKeys(key: QuestionKey, column: readonly Key[], { question, physical }: Prepared): readonly Value[] {
  const { unit } = key
  if (unit === undefined || unit.kind === 'part') return column
  const zone = question.zone ?? physical.aggregates[0]?.time.zone ?? 'UTC'
  const type = unitType(unit)
  return column.map((value): Value => {
    // A group of the rest has a text where its times would stand.
    if (typeof value !== 'number') return value
    if (unit.kind === 'calendar') return unit.calendar.label(value) ?? null
    return type === 'date' ? formatDay(value) : formatInstant(value, zone)
  })
}

/** Marks the buckets that hold now. */
function inProgressOf({ keys, size }: FinishedTable, { question }: Prepared): readonly Value[] {
  const [window] = question.windows.values()
  const times = question.keys.flatMap((key, i) => (key.kind === 'time' ? [{ unit: key.unit, i }] : []))
  const { now, zone = 'UTC', asked } = window ?? { now: 0, asked: { from: 0, to: 0 } }
  // Without time groups the one bucket is the range itself.
  const within = times.length > 0 || (asked.from <= now && now < asked.to)
  const current = times.map(({ unit }) => {
    const base = baseOf(unit)
    return unitKey(unit, baseAt(now, base, zone), base, zone)
  })
  return Array.from({ length: size }, (_, row) => within && times.every(({ i }, t) => keys[i]?.[row] === current[t]))
}

/** One row with the least and the largest value of each dimension. */
function extentFigures(table: FinishedTable, prepared: Prepared): Pick<Figures, 'columns' | 'values' | 'rowCount'> {
  const { keys } = prepared.question
  const ends = keys.map((key, i) => writeKeys(key, extentOf(table.keys[i] ?? []), prepared))
  return {
    columns: [
      ...keys.flatMap((key): Column[] => {
        const column = keyColumn(key)
        return [
          { ...column, name: `${key.name}__min` },
          { ...column, name: `${key.name}__max` },
        ]
      }),
      FINALITY,
    ],
    values: [...ends.flatMap(([min = null, max = null]) => [[min], [max]]), [worst(table.finality)]],
    rowCount: 1,
  }
}
