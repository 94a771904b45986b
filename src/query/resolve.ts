import { didYouMean, nearest } from '../base/didYouMean.ts'
import { Fault, type FaultDetail, faultDetail, pointer } from '../base/faults.ts'
import type { Finality } from '../base/finality.ts'
import { worse } from '../base/finality.ts'
import { parseSpan } from '../base/span.ts'
import { findZone, GRAINS, type Instant, knownZones, parseDay } from '../base/time.ts'
import type { Catalog, Process } from '../catalog/catalog.ts'
import type { FilterInput } from '../catalog/filterSchema.ts'
import { type Calendars, writtenCalendars } from './calendar.ts'
import { bindColumns } from './columns.ts'
import { combinations } from './combinations.ts'
import { type Entities, type EntityNeed, entityNeed } from './entities.ts'
import { bindFilter, type FilterBinder, unknownName } from './filters.ts'
import { duplicateColumn, SeriesBook } from './formulas.ts'
import { bindField, isTime, requireCarried } from './names.ts'
import { fieldsOf } from './predicates.ts'
import type { Question } from './question.ts'
import { resolveEdge } from './range.ts'
import type {
  Field,
  MetricColumn,
  MetricRef,
  Predicate,
  QuestionKey,
  ResolvedQuestion,
  ScopePredicate,
} from './resolved.ts'
import { baseOf, meet, nameOfUnit, type TimeUnit } from './timeUnit.ts'
import { isOfTime, windowFor } from './window.ts'

export interface ResolveContext {
  readonly catalog: Catalog
  /** Default: those that the catalog itself says. */
  readonly calendars?: Calendars | undefined
  readonly now: Instant
  readonly scope: readonly ScopePredicate[]
  /** What is known of the metrics that filters compare per entity. */
  readonly entities?: Entities | undefined
  /** How far the real-time data of a process has come, where a comparison depends on it. */
  readonly newest?: ReadonlyMap<string, Instant> | undefined
}

/** A resolved question, and the entities that must be found before it means what it says. */
export interface Resolution {
  readonly question: ResolvedQuestion
  readonly needs: readonly EntityNeed[]
}

/**
 * Binds names, makes time explicit and adds the caller's scope. Every unknown name, bad value and bad range is told at
 * once; NOT_ANSWERABLE comes only for a question that is well formed.
 */
export function resolve(question: Question, context: ResolveContext): Resolution {
  const { catalog, now, scope } = context
  const faults: FaultDetail[] = []
  const zone = bindZone(question.time.zone, faults)
  const filtering = new Filtering(context, zone)
  const book = new SeriesBook(catalog, (process) => filtering.in(zone ?? process.zone))
  const keys = bindKeys(question, context, zone, faults)
  const metrics = bindColumns(question, keys, catalog, book, faults)
  const split = splitFilters(question, filtering, zonesOf(book, zone, catalog), faults)
  const having = question.having.map((filter, i) => bindFilter(filter, ['having', i], metricBinder(metrics), faults))
  checkColumns(question, keys, metrics, faults)
  checkFilterSize(question, faults)
  if (faults.length > 0) throw Fault.at(faults)

  const series =
    book.series.length > 0
      ? book.series
      : [combinations(keys, split.filters, scope, hasTimeFilter(question, split), catalog)]
  const processes = [...new Map(series.map(({ request: { process } }) => [process.name, process])).values()]
  checkCarried(question, keys, split.filters, processes)
  const units = keys.flatMap((key) => (key.kind === 'time' ? [key.unit] : []))
  const timing = {
    units,
    grain: units.length === 0 ? undefined : units.map(baseOf).reduce(meet),
    zone,
    newest: context.newest,
    conditions: (of: string) =>
      split.times.map((i) => bindFilter(question.filters[i] ?? {}, ['filters', i], filtering.in(of), faults)),
  }
  const windows = new Map(processes.map((process) => [process.name, windowFor(process, question.time, now, timing)]))
  const resolved: ResolvedQuestion = {
    catalog,
    calendars: context.calendars ?? writtenCalendars(catalog),
    now,
    series,
    metrics,
    keys,
    zone,
    windows,
    filters: split.filters,
    scope,
    having,
    order: question.order.map(({ field, direction }) => ({ column: field, direction })),
    limit: question.limit,
    offset: question.offset,
    finality: question.finality,
    missing: question.missing,
    align: question.align,
    totals: question.totals,
    subtotals: question.subtotals.map((each) => (typeof each === 'string' ? [each] : each)),
    top: question.top,
    extent: question.extent,
    inProgress: question.inProgress,
    metricFinality: question.metricFinality,
    maxStaleness: question.maxStaleness,
    filterFinality: filtering.finality,
    approximate: [...book.approximate],
  }
  return { question: resolved, needs: [...filtering.needs.values()] }
}

/** Binds the fields of filters, and remembers what metrics per entity must be asked first. */
class Filtering implements FilterBinder<Field> {
  readonly needs = new Map<string, EntityNeed>()
  finality: Finality = 'final'
  readonly #context: ResolveContext
  readonly #zone: string | undefined

  constructor(context: ResolveContext, zone: string | undefined) {
    this.#context = context
    this.#zone = zone
  }

  /** The same, with times read in a zone of a process. */
  in(zone: string): FilterBinder<Field> {
    return {
      field: (filter, path, faults) => this.#bind(filter, path, faults, zone),
      entity: (filter, negated, path, faults) => this.entity(filter, negated, path, faults),
    }
  }

  field(filter: FilterInput, path: readonly PropertyKey[], faults: FaultDetail[]) {
    return this.#bind(filter, path, faults, this.#zone)
  }

  #bind(filter: FilterInput, path: readonly PropertyKey[], faults: FaultDetail[], zone: string | undefined) {
    const { field: name = '', grain, part } = filter
    const look = { bucket: grain, part }
    const field = bindField(name, [...path, 'field'], this.#context.catalog, faults, zone, look)
    if (field === undefined) return undefined
    const isTimeOrDate = field.time !== undefined || field.type === 'date' || look.part !== undefined
    if ((grain !== undefined || part !== undefined) && !isTimeOrDate) {
      const message = `"${name}" is no time or date, which alone have a grain or a part.`
      faults.push(faultDetail('INVALID_VALUE', pointer([...path, grain === undefined ? 'part' : 'grain']), message))
      return undefined
    }
    const asInstant = field.time !== undefined && grain === undefined && part === undefined
    // Business days of a process without a zone of the question: a time is read where its facts are cut.
    const within = zone ?? this.#zoneOf(field)
    const bound = field.zone === undefined ? { ...field, zone: within } : field
    const edge = asInstant ? (text: string, at: readonly PropertyKey[]) => edgeAt(text, within, at) : undefined
    return { field: bound, type: bound.type, edge }
  }

  #zoneOf({ time }: Field): string {
    const processes = [...this.#context.catalog.processes.values()]
    return (
      processes.find(({ times }) => time === undefined || times.includes(time))?.zone ?? processes[0]?.zone ?? 'UTC'
    )
  }

  entity(
    filter: FilterInput,
    negated: boolean,
    path: readonly PropertyKey[],
    faults: FaultDetail[],
  ): Predicate | undefined {
    const { catalog, entities } = this.#context
    const { metric = '', per = '' } = filter
    if (!catalog.metrics.has(metric))
      faults.push(unknownName('UNKNOWN_METRIC', 'metric', metric, catalog.metrics.keys(), [...path, 'metric']))
    const field = bindField(per, [...path, 'per'], catalog, faults, undefined)
    if (field === undefined) return undefined
    const need = entityNeed(filter, field, negated)
    const known = entities?.get(need.id)
    if (known === undefined) {
      this.needs.set(need.id, need)
      return undefined
    }
    this.finality = worse(this.finality, known.finality)
    const { kind, values } = known
    return { kind, field, values, matchNull: kind === 'noneOf' }
  }
}

function edgeAt(text: string, zone: string, at: readonly PropertyKey[]) {
  try {
    return resolveEdge(text, zone)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const [detail] = error.errors
    throw Fault.at([faultDetail('INVALID_VALUE', pointer(at), detail?.message ?? error.message)])
  }
}

/** The zones that times of the question's filters may be meant in. */
function zonesOf(book: SeriesBook, zone: string | undefined, catalog: Catalog): string[] {
  if (zone !== undefined) return [zone]
  const read = book.series.map(({ request }) => request.process.zone)
  return [...new Set(read.length > 0 ? read : [...catalog.processes.values()].map((process) => process.zone))]
}

/** Conditions on the answer's time clip what is shown; all others apply to rows. */
function splitFilters(question: Question, filtering: Filtering, zones: readonly string[], faults: FaultDetail[]) {
  const times: number[] = []
  const filters = question.filters.flatMap((filter, i) => {
    const bound = bindFilter(filter, ['filters', i], filtering.in(zones[0] ?? 'UTC'), faults)
    const fields = [...fieldsOf(bound)]
    if (!isOfTime(fields)) {
      if (zones.length > 1 && fields.some(({ time }) => time !== undefined)) {
        const message = `The processes of the question cut their days in ${zones.join(' and ')}: name the "zone" of this filter's times.`
        faults.push(faultDetail('NOT_ANSWERABLE', pointer(['filters', i]), message, ['time.zone']))
      }
      return [bound]
    }
    times.push(i)
    return []
  })
  return { times, filters }
}

function bindKeys(
  question: Question,
  context: ResolveContext,
  zone: string | undefined,
  faults: FaultDetail[],
): QuestionKey[] {
  const keys: QuestionKey[] = []
  const main = question.time.grain
  if (main !== undefined) {
    const unit = bindUnit(main, ['time', 'grain'], context, faults)
    if (unit !== undefined) keys.push({ kind: 'time', name: 'time', unit })
  }
  for (const [i, asked] of question.dimensions.entries()) {
    const key = bindKey(
      typeof asked === 'string' ? { field: asked } : asked,
      i,
      typeof asked === 'string',
      context,
      zone,
      faults,
    )
    if (key !== undefined) keys.push(key)
  }
  return keys
}

type AskedKey = Exclude<Question['dimensions'][number], string>

function bindKey(
  asked: AskedKey,
  index: number,
  isText: boolean,
  context: ResolveContext,
  zone: string | undefined,
  faults: FaultDetail[],
): QuestionKey | undefined {
  const path = isText ? ['dimensions', index] : ['dimensions', index, 'field']
  const { field: name, grain, part } = asked
  const unit: TimeUnit | undefined =
    part !== undefined
      ? { kind: 'part', part }
      : grain === undefined
        ? undefined
        : bindUnit(grain, ['dimensions', index, 'grain'], context, faults)
  const column = asked.as ?? (unit === undefined ? name : `${name}__${nameOfUnit(unit)}`)
  if (unit === undefined && (grain !== undefined || part !== undefined)) return undefined
  if (isTime(name, context.catalog) && unit === undefined) {
    const message =
      name === 'time'
        ? 'Grouping by time is asked with time.grain, or with {field: "time", grain} or {field: "time", part}.'
        : `Grouping by "${name}" is asked with {field: "${name}", grain} or {field: "${name}", part}.`
    faults.push(faultDetail('UNKNOWN_DIMENSION', pointer(path), message, ['time.grain']))
    return undefined
  }
  if (name === 'time' && unit !== undefined) return { kind: 'time', name: column, unit }
  const bucket = unit === undefined ? undefined : baseOf(unit)
  const field = bindField(name, path, context.catalog, faults, zone, { bucket: undefined, part: undefined })
  if (field === undefined) return undefined
  if (unit !== undefined && field.time === undefined && field.type !== 'date') {
    const message = `"${name}" is no time or date, which alone have a grain or a part.`
    faults.push(faultDetail('INVALID_VALUE', pointer(path), message))
    return undefined
  }
  return { kind: 'field', name: column, field: { ...field, name: column, bucket }, unit }
}

function bindUnit(
  grain: NonNullable<Question['time']['grain']>,
  path: readonly PropertyKey[],
  context: ResolveContext,
  faults: FaultDetail[],
): TimeUnit | undefined {
  const calendars = context.calendars ?? writtenCalendars(context.catalog)
  if (typeof grain !== 'string') {
    const span = parseSpan(grain.every)
    const from = parseDay(grain.from)
    if (span !== undefined && from !== undefined) return { kind: 'every', span, from }
    faults.push(faultDetail('INVALID_VALUE', pointer(path), `"${grain.every}" is not an interval.`))
    return undefined
  }
  const standard = GRAINS.find((each) => each === grain)
  if (standard !== undefined) return { kind: 'grain', grain: standard }
  const calendar = calendars.get(grain)
  if (calendar !== undefined) return { kind: 'calendar', calendar }
  const known = [...GRAINS, ...calendars.keys()]
  const near = nearest(grain, known)
  const message = `"${grain}" is neither a grain (${GRAINS.join(', ')}) nor a calendar.${didYouMean(near)}`
  faults.push(faultDetail('INVALID_VALUE', pointer(path), message, near))
  return undefined
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

function metricBinder(metrics: readonly MetricColumn[]): FilterBinder<MetricRef> {
  const shown = metrics.filter(({ hidden }) => !hidden)
  return {
    field: ({ field: name = '' }, path, faults) => {
      const metric = shown.find((each) => each.name === name)
      if (metric !== undefined) return { field: { name: metric.name }, type: 'number', edge: undefined }
      const names = shown.map((each) => each.name)
      faults.push(unknownName('UNKNOWN_COLUMN', 'metric in the answer called', name, names, [...path, 'field']))
      return undefined
    },
    entity: (_filter, _negated, path, faults) => {
      const message = 'A metric per entity is a filter of rows; in "having" a column of the answer is compared.'
      faults.push(faultDetail('INVALID_VALUE', pointer([...path, 'metric']), message))
      return undefined
    },
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

function valuesOf(filter: FilterInput): (string | number | boolean | null)[] {
  const inner = [...(filter.and ?? []), ...(filter.or ?? []), ...(filter.filters ?? [])]
  if (filter.not !== undefined) inner.push(filter.not)
  return [...(filter.values ?? []), ...inner.flatMap(valuesOf)]
}

/** Each column of the answer has a name of its own; order, subtotals and top name columns. */
function checkColumns(
  question: Question,
  keys: readonly QuestionKey[],
  metrics: readonly MetricColumn[],
  faults: FaultDetail[],
): void {
  const columns = new Set(['finality'])
  const offset = question.time.grain === undefined ? 0 : 1
  for (const [i, key] of keys.entries()) {
    if (columns.has(key.name)) faults.push(duplicateColumn(key.name, ['dimensions', i - offset]))
    columns.add(key.name)
  }
  const shown = metrics.filter(({ hidden }) => !hidden)
  for (const [i, metric] of shown.entries()) {
    const at = Math.min(i, question.metrics.length - 1)
    if (columns.has(metric.name)) faults.push(duplicateColumn(metric.name, ['metrics', at]))
    columns.add(metric.name)
    if (question.metricFinality) columns.add(`${metric.name}__finality`)
  }
  if (question.inProgress) columns.add('inProgress')
  const known = (name: string, path: readonly PropertyKey[], among: Iterable<string>, what: string): void => {
    if (![...among].includes(name)) faults.push(unknownName('UNKNOWN_COLUMN', what, name, among, path))
  }
  const sortable = [...columns].filter((name) => !name.endsWith('__finality') && name !== 'inProgress')
  for (const [i, { field }] of question.order.entries())
    known(field, ['order', i, 'field'], sortable, 'column in the answer called')
  const keyNames = keys.map(({ name }) => name)
  for (const [i, asked] of question.subtotals.entries())
    for (const name of typeof asked === 'string' ? [asked] : asked)
      known(name, ['subtotals', i], keyNames, 'dimension in the answer called')
  if (question.top !== undefined)
    known(
      question.top.by,
      ['top', 'by'],
      metrics.filter(({ kind }) => kind === 'formula').map(({ name }) => name),
      'metric in the answer called',
    )
}

function hasTimeFilter(question: Question, { times }: { times: readonly number[] }): boolean {
  return question.time.range !== undefined || times.length > 0
}

function checkCarried(
  question: Question,
  keys: readonly QuestionKey[],
  filters: readonly Predicate[],
  processes: readonly Process[],
): void {
  const offset = question.time.grain === undefined ? 0 : 1
  for (const [i, key] of keys.entries())
    if (key.kind === 'field') requireCarried(key.field, processes, ['dimensions', i - offset])
  for (const [i, filter] of filters.entries())
    for (const field of fieldsOf(filter)) requireCarried(field, processes, ['filters', i])
}
