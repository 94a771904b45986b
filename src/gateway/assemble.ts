import { Fault, faultDetail } from '../base/faults.ts'
import { formatDay, formatInstant, isDayGrain } from '../base/time.ts'
import type { NumberType, ValueType } from '../catalog/schema.ts'
import { finalityOf } from '../merge/finality.ts'
import { finish, totals } from '../merge/finish.ts'
import { mergeGroups } from '../merge/groups.ts'
import type { PartialTable } from '../merge/partial.ts'
import type { FinishedTable } from '../merge/table.ts'
import type { Key, Value } from '../merge/value.ts'
import { freshnessOf, type Notice, notFinalDays, noticesOf } from '../route/freshness.ts'
import type { Slice } from '../route/physical.ts'
import type { AnswerTotals, CacheOutcome, Column, Figures, Receipt } from './answerTypes.ts'
import type { SliceOutcome } from './execute.ts'
import type { Prepared } from './prepare.ts'

/** merge -> finish -> answer: what its slices gave becomes a question's figures. Faults: NOT_FINAL, and those of slices. */
export function assemble(prepared: Prepared, outcomes: ReadonlyMap<Slice, SliceOutcome>): Figures {
  const { question, plan, physical } = prepared
  const { aggregates } = physical
  requireFinal(prepared)
  const tables = aggregates.flatMap(({ slices }) => slices.flatMap((slice) => tablesOf(outcomes.get(slice))))
  const hasTime = question.grain !== undefined
  const keyNames = [...(hasTime ? ['time'] : []), ...question.fields.map((field) => field.name)]
  const groups = mergeGroups(tables, keyNames.length, question.requests)
  const finality = finalityOf(aggregates)
  const finished = finish(plan, { groups, finality, keyNames, hasTime })
  const notices = [...noticesOf(aggregates), ...withheldNotice(finished.withheld, notFinalDays(aggregates))]
  return {
    columns: columnsOf(prepared),
    values: valuesOf(finished, prepared),
    rowCount: finished.size,
    freshness: freshnessOf(aggregates, question.now),
    notices,
    totals: question.totals ? totalsOf(prepared, groups, finality) : undefined,
    truncated: finished.truncated,
  }
}

/** What a caller may keep to ask about its answer later. */
export function receiptOf({ question, snapshot }: Prepared, queryId: string, cache: CacheOutcome): Receipt {
  return {
    queryId,
    catalogVersion: question.catalog.version,
    epoch: snapshot.epoch,
    cache,
    approximate: [],
  }
}

function tablesOf(outcome: SliceOutcome | undefined): readonly PartialTable[] {
  if (outcome === undefined) throw new TypeError('a slice was not executed')
  if (outcome instanceof Fault) throw outcome
  return outcome
}

/** Refuses what was asked for as final and is not. Faults: NOT_FINAL. */
export function requireFinal({ question, physical }: Prepared): void {
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

function totalsOf(
  prepared: Prepared,
  groups: ReturnType<typeof mergeGroups>,
  finality: ReturnType<typeof finalityOf>,
): AnswerTotals {
  const { metrics } = prepared.question
  return { names: metrics.map((metric) => metric.name), ...totals(metrics, groups, finality) }
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

function columnsOf({ question: { grain, fields, metrics } }: Prepared): Column[] {
  return [
    ...(grain === undefined
      ? []
      : [{ name: 'time', role: 'time', type: isDayGrain(grain) ? 'date' : 'timestamp', grain } as const]),
    ...fields.map((field): Column => ({ name: field.name, role: 'dimension', type: KEY_COLUMN[field.type] })),
    ...metrics.map(
      ({ name, type, unit, format }): Column => ({
        name,
        role: 'metric',
        type: NUMBER_COLUMN[type],
        ...(unit === undefined ? {} : { unit }),
        ...(format === undefined ? {} : { format }),
      }),
    ),
    { name: 'finality', role: 'finality', type: 'string' },
  ]
}

function valuesOf(table: FinishedTable, { question, physical }: Prepared): (readonly Value[])[] {
  const { grain } = question
  const zone = question.zone ?? physical.aggregates[0]?.window.zone ?? 'UTC'
  const writeTime = (key: Key): Value =>
    typeof key !== 'number' || grain === undefined
      ? null
      : isDayGrain(grain)
        ? formatDay(key)
        : formatInstant(key, zone)
  const keys = table.keys.map((column, i) => (grain !== undefined && i === 0 ? column.map(writeTime) : column))
  return [...keys, ...table.metrics, table.finality]
}
