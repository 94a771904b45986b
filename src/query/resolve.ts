import { didYouMean, nearest } from '../base/didYouMean.ts'
import { Fault, type FaultDetail, faultDetail, pointer } from '../base/faults.ts'
import { findZone, type Instant, knownZones } from '../base/time.ts'
import type { Catalog, Process } from '../catalog/catalog.ts'
import { type BindField, bindFilter, unknownName } from './filters.ts'
import { duplicateColumn, RequestBook, readsOf } from './formulas.ts'
import { bindDimension, bindMetric, fieldBinder, requireCarried } from './names.ts'
import { fieldsOf } from './predicates.ts'
import type { FilterInput, Question } from './question.ts'
import type { Field, MetricColumn, MetricRef, Predicate, ResolvedQuestion, ScopePredicate } from './resolved.ts'
import { windowFor } from './window.ts'

export interface ResolveContext {
  readonly catalog: Catalog
  readonly now: Instant
  readonly scope: readonly ScopePredicate[]
}

/**
 * Binds names, makes time explicit and adds the caller's scope. Every unknown name, bad value and bad range is told at
 * once; NOT_ANSWERABLE comes only for a question that is well formed.
 */
export function resolve(question: Question, context: ResolveContext): ResolvedQuestion {
  const { catalog, now, scope } = context
  const faults: FaultDetail[] = []
  const book = new RequestBook(catalog)
  const fields = bindFields(question, catalog, faults)
  const metrics = bindMetrics(question, catalog, book, faults)
  const filters = question.filters.map((filter, i) => bindFilter(filter, ['filters', i], fieldBinder(catalog), faults))
  const zone = bindZone(question.time.zone, faults)
  const having = question.having.map((filter, i) => bindFilter(filter, ['having', i], metricBinder(metrics), faults))
  checkColumns(question, fields, metrics, faults)
  checkFilterSize(question, faults)
  if (faults.length > 0) throw Fault.at(faults)

  const processes = new Map(book.requests.map((request) => [request.process.name, request.process]))
  checkCarried(question, fields, filters, processes.values())
  return {
    catalog,
    now,
    requests: book.requests,
    metrics,
    fields,
    grain: question.time.grain,
    zone,
    windows: new Map(
      [...processes.values()].map((process) => [process.name, windowFor(process, question.time, now, zone)]),
    ),
    filters,
    scope,
    having,
    order: question.order.map(({ field, direction }) => ({ column: field, direction })),
    limit: question.limit,
    finality: question.finality,
    totals: question.totals,
    maxStaleness: question.maxStaleness,
  }
}

function bindFields(question: Question, catalog: Catalog, faults: FaultDetail[]): Field[] {
  return question.dimensions.flatMap((asked, i) => {
    const path = typeof asked === 'string' ? ['dimensions', i] : ['dimensions', i, 'field']
    const name = typeof asked === 'string' ? asked : asked.field
    if (name === 'time') {
      const message = 'Grouping by time is asked with time.grain.'
      faults.push(faultDetail('UNKNOWN_DIMENSION', pointer(path), message, ['time.grain']))
      return []
    }
    const field = bindDimension(name, path, catalog, faults)
    return field === undefined ? [] : [field]
  })
}

function bindMetrics(question: Question, catalog: Catalog, book: RequestBook, faults: FaultDetail[]): MetricColumn[] {
  return question.metrics.flatMap((asked, i): MetricColumn[] => {
    const variant = typeof asked === 'string' ? { metric: asked } : asked
    const path = typeof asked === 'string' ? ['metrics', i] : ['metrics', i, 'metric']
    const metric = bindMetric(variant.metric, path, catalog, faults)
    if (metric === undefined) return []
    const formula = book.formula(metric, variant.modifiers ?? [], ['metrics', i, 'modifiers'], faults)
    const { type, unit, format } = metric
    return [
      { name: variant.as ?? metric.name, metric: metric.name, type, unit, format, formula, reads: readsOf(formula) },
    ]
  })
}

function bindZone(name: string | undefined, faults: FaultDetail[]): string | undefined {
  if (name === undefined) return undefined
  const zone = findZone(name)
  if (zone !== undefined) return zone
  const near = nearest(name, knownZones())
  const message = `"${name}" is not a time zone like Asia/Shanghai.${didYouMean(near)}`
  faults.push(faultDetail('INVALID_ZONE', '/time/zone', message, near))
  return undefined
}

function metricBinder(metrics: readonly MetricColumn[]): BindField<MetricRef> {
  return (name, path, faults) => {
    const metric = metrics.find((each) => each.name === name)
    if (metric !== undefined) return { field: { name: metric.name }, type: 'number' }
    const names = metrics.map((each) => each.name)
    faults.push(unknownName('UNKNOWN_COLUMN', 'metric in the answer called', name, names, path))
    return undefined
  }
}

/** What the values of all filters together may be: statements carry them, and stores bound statements. */
const MOST_VALUES = 10_000
const MOST_CHARACTERS = 100_000

function checkFilterSize({ filters, having }: Question, faults: FaultDetail[]): void {
  const inHaving = having.flatMap(valuesOf)
  const values = [...filters.flatMap(valuesOf), ...inHaving]
  const characters = values.reduce<number>((sum, value) => sum + String(value).length, 0)
  if (values.length <= MOST_VALUES && characters <= MOST_CHARACTERS) return
  const message =
    `The filters hold ${values.length} values of ${characters} characters; ` +
    `a question takes ${MOST_VALUES} values and ${MOST_CHARACTERS} characters. Filter by an attribute instead.`
  faults.push(faultDetail('OVER_BUDGET', inHaving.length * 2 > values.length ? '/having' : '/filters', message))
}

function valuesOf(filter: FilterInput): readonly (string | number | boolean | null)[] {
  const inner = [...(filter.and ?? []), ...(filter.or ?? []), ...(filter.not === undefined ? [] : [filter.not])]
  return [...(filter.values ?? []), ...inner.flatMap(valuesOf)]
}

/** Each column of the answer has a name of its own, and order names columns. */
function checkColumns(
  question: Question,
  fields: readonly Field[],
  metrics: readonly MetricColumn[],
  faults: FaultDetail[],
): void {
  const columns = new Set(question.time.grain === undefined ? ['finality'] : ['time', 'finality'])
  for (const [i, field] of fields.entries()) {
    if (columns.has(field.name)) faults.push(duplicateColumn(field.name, ['dimensions', i]))
    columns.add(field.name)
  }
  for (const [i, metric] of metrics.entries()) {
    if (columns.has(metric.name)) faults.push(duplicateColumn(metric.name, ['metrics', i]))
    columns.add(metric.name)
  }
  for (const [i, { field }] of question.order.entries()) {
    if (!columns.has(field))
      faults.push(unknownName('UNKNOWN_COLUMN', 'column in the answer called', field, columns, ['order', i, 'field']))
  }
}

function checkCarried(
  question: Question,
  fields: readonly Field[],
  filters: readonly Predicate[],
  processes: Iterable<Process>,
): void {
  const all = [...processes]
  for (const [i, field] of fields.entries()) requireCarried(field, all, ['dimensions', i])
  for (const [i] of question.filters.entries()) {
    const filter = filters[i]
    if (filter !== undefined) for (const field of fieldsOf(filter)) requireCarried(field, all, ['filters', i])
  }
}
