import { didYouMean, nearest } from '../base/didYouMean.ts'
import { type FaultDetail, faultDetail, pointer } from '../base/faults.ts'
import { GRAINS } from '../base/time.ts'
import type {
  AtomicMetric,
  Catalog,
  ConversionMetric,
  Fill,
  Metric,
  Period,
  Process,
  Variant,
} from '../catalog/catalog.ts'
import type { FilterInput } from '../catalog/filterSchema.ts'
import { type Formula, mapLeaves, walk } from '../catalog/formula.ts'
import { formatOffset, formatPeriod } from '../catalog/variant.ts'
import { unknownUnits } from '../catalog/variantUnits.ts'
import { bindFilter, type FilterBinder, unknownName } from './filters.ts'
import type { AtomicRequest, ConversionRequest, Field, Predicate, Series, SeriesLeaf, Shift } from './resolved.ts'

/** What stands around a metric where it is used: it is handed down to what the metric is made of. */
export interface Surroundings {
  readonly modifiers: readonly string[]
  readonly filters: readonly PlacedFilter[]
  readonly period: Period | undefined
  readonly offsets: readonly Shift[]
  readonly fill: Fill | undefined
}

/** A condition of a metric's own; times in it are read in the zone of the process that it meets. */
interface PlacedFilter {
  readonly filter: FilterInput
  readonly path: Path
}

export const PLAIN: Surroundings = { modifiers: [], filters: [], period: undefined, offsets: [], fill: undefined }

type Path = readonly PropertyKey[]

/** Turns metrics into formulas over series; equal series are kept once, whoever asks for them. */
export class SeriesBook {
  readonly #catalog: Catalog
  readonly #binderFor: (process: Process) => FilterBinder<Field>
  readonly #series = new Map<string, Series>()
  readonly #requests = new Map<string, AtomicRequest>()
  /** Requests of metrics that estimate. */
  readonly approximate = new Set<string>()

  constructor(catalog: Catalog, binderFor: (process: Process) => FilterBinder<Field>) {
    this.#catalog = catalog
    this.#binderFor = binderFor
  }

  get series(): readonly Series[] {
    return [...this.#series.values()]
  }

  /** What a question or an input adds to a metric. */
  surroundings(variant: Variant, around: Surroundings, path: Path, faults: FaultDetail[] = []): Surroundings {
    this.#checkUnits(variant, path, faults)
    const { modifiers, filters, period, offset } = variant
    return {
      modifiers: [...around.modifiers, ...modifiers],
      filters: [...around.filters, ...filters.map((filter, i) => ({ filter, path: [...path, 'filters', i] }))],
      // What stands further out wins: a question's period over the metric's own.
      period: around.period ?? period,
      offsets: offset === undefined ? around.offsets : [...around.offsets, { offset, elapsed: undefined }],
      fill: around.fill,
    }
  }

  #checkUnits(variant: Variant, path: Path, faults: FaultDetail[]): void {
    const calendars = [...this.#catalog.calendars.keys()]
    for (const { key, unit } of unknownUnits(variant, calendars)) {
      const near = nearest(unit, [...GRAINS, ...calendars])
      const message = `"${unit}" is neither a grain (${GRAINS.join(', ')}) nor a calendar.${didYouMean(near)}`
      faults.push(faultDetail('INVALID_VALUE', pointer([...path, key]), message, near))
    }
  }

  /** The formula of a metric in its surroundings. `path` is where the question names it. */
  formula(metric: Metric, around: Surroundings, path: Path, faults: FaultDetail[], top = true): Formula<SeriesLeaf> {
    const fill = top ? undefined : (around.fill ?? metric.fill)
    switch (metric.kind) {
      case 'atomic':
        return this.#leaf(this.#request(metric, around, path, faults), undefined, around, fill)
      case 'derived': {
        const inner = this.surroundings(metric.variant, around, path)
        return this.formula(this.#metric(metric.from), { ...inner, fill }, path, faults, top)
      }
      case 'composite': {
        const formula = mapLeaves(metric.expression, ({ name }) => {
          const input = metric.inputs.get(name)
          const inner = input === undefined ? around : this.surroundings(input, around, path)
          const of = this.#metric(input?.metric ?? name)
          return this.formula(of, { ...inner, fill: undefined }, path, faults, false)
        })
        if (fill === undefined || fill.value === null || fill.value === 'previous') return formula
        return { kind: 'call', name: 'coalesce', args: [formula, { kind: 'number', text: fill.value }] }
      }
      case 'conversion': {
        const conversion = this.#conversion(metric, around, path, faults)
        if (conversion === undefined) return { kind: 'null' }
        const request = { ...conversion.base, id: named(metric.name, conditionsOf(around)) }
        return this.#leaf(request, conversion, around, fill)
      }
    }
  }

  /** The conditions around a column, as its first process has them; what is wrong with them is told where they are used. */
  conditions({ filters }: Surroundings, [first = '']: readonly string[]): Predicate[] {
    const process = this.#series.get(first)?.request.process
    if (process === undefined) return []
    const binder = this.#binderFor(process)
    return filters.map(({ filter, path }) => bindFilter(filter, path, binder, []))
  }

  #metric(name: string): Metric {
    const metric = this.#catalog.metrics.get(name)
    if (metric === undefined) throw new TypeError(`the compiled catalog lacks ${name}`)
    return metric
  }

  #leaf(
    request: AtomicRequest | undefined,
    conversion: ConversionRequest | undefined,
    { period, offsets }: Surroundings,
    fill: Fill | undefined,
  ): Formula<SeriesLeaf> {
    if (request === undefined) return { kind: 'null' }
    const id = [
      request.id,
      ...(period === undefined ? [] : [formatPeriod(period)]),
      ...offsets.map(({ offset, elapsed }) => `offset ${formatOffset(offset)}${elapsed ? ` (${elapsed})` : ''}`),
      ...(fill === undefined ? [] : [`filled ${JSON.stringify(fill)}`]),
    ].join(' | ')
    if (!this.#series.has(id)) this.#series.set(id, { id, request, conversion, period, offsets, fill })
    return { kind: 'request', id }
  }

  #request(metric: AtomicMetric, around: Surroundings, path: Path, faults: FaultDetail[]): AtomicRequest | undefined {
    const process = processOf(this.#catalog, metric)
    const names = [...new Set(around.modifiers)].toSorted()
    for (const name of names) {
      if (process.modifiers.has(name)) continue
      const at = [...path, 'modifiers']
      faults.push(unknownName('UNKNOWN_MODIFIER', `modifier of ${process.name}`, name, process.modifiers.keys(), at))
      return undefined
    }
    if (metric.algorithm === 'approximate') this.approximate.add(approximation(metric))
    const id = named(metric.name, conditionsOf(around))
    let request = this.#requests.get(id)
    if (request === undefined) {
      const filters = names.flatMap((name) => process.modifiers.get(name)?.filters ?? [])
      const binder = this.#binderFor(process)
      const predicates = filters.map((filter) => bindFilter(filter, path, binder, faults))
      const own = around.filters.map((each) => bindFilter(each.filter, each.path, binder, faults))
      request = { id, metric, process, modifiers: [...predicates, ...own] }
      this.#requests.set(id, request)
    }
    return request
  }

  #conversion(
    { base, follow, entity, within, match, credit }: ConversionMetric,
    around: Surroundings,
    path: Path,
    faults: FaultDetail[],
  ): ConversionRequest | undefined {
    const selected = { ...PLAIN, modifiers: around.modifiers, filters: around.filters }
    const from = this.#counted(base, selected, path, faults)
    const to = this.#counted(follow, PLAIN, path, faults)
    return from && to && { base: from, follow: to, entity, within, match, credit }
  }

  /** The request of a metric that counts events: atomic, or derived by modifiers and filters alone. */
  #counted(name: string, around: Surroundings, path: Path, faults: FaultDetail[]): AtomicRequest | undefined {
    const metric = this.#metric(name)
    const counts = metric.kind === 'atomic' && metric.aggregation === 'count'
    if (counts) return this.#request(metric, around, path, faults)
    if (metric.kind === 'derived') {
      const inner = this.surroundings(metric.variant, around, path)
      if (inner.period === undefined && inner.offsets.length === 0)
        return this.#counted(metric.from, inner, path, faults)
    }
    const message = `A conversion counts events, and "${name}" is not a count of events of one process.`
    faults.push(faultDetail('NOT_ANSWERABLE', pointer(path), message))
    return undefined
  }
}

/** Modifiers and conditions in one order, whoever asked for them. */
function conditionsOf({ modifiers, filters }: Surroundings): string[] {
  return [...[...new Set(modifiers)].toSorted(), ...filters.map(({ filter }) => inWords(filter))]
}

function named(metric: string, conditions: readonly string[]): string {
  return conditions.length === 0 ? metric : `${metric}[${conditions.join(',')}]`
}

function approximation({ name, aggregation }: AtomicMetric): string {
  const error = aggregation === 'count_distinct' ? 'HyperLogLog, standard error 0.6 %' : 'histogram, at most 0.8 % off'
  return `${name}: ${error}`
}

/** A filter as part of a request's id: `size gte 100`. */
function inWords({
  field,
  grain,
  part,
  metric,
  per,
  op,
  values,
  and,
  or,
  not,
  modifiers,
  filters,
}: FilterInput): string {
  if (and !== undefined) return `(${and.map(inWords).join(' and ')})`
  if (or !== undefined) return `(${or.map(inWords).join(' or ')})`
  if (not !== undefined) return `not ${inWords(not)}`
  const of = metric === undefined ? field : `${metric}${modifiers ?? ''} per ${per} ${(filters ?? []).map(inWords)}`
  return [of, grain ?? part, op, ...(values ?? []).map((value) => JSON.stringify(value))].filter(Boolean).join(' ')
}

function processOf(catalog: Catalog, metric: Metric): Process {
  const process = catalog.processes.get(metric.processes[0] ?? '')
  if (process === undefined) throw new TypeError(`the compiled catalog has no process for ${metric.name}`)
  return process
}

/** Ids of the series a formula reads, each once. */
export function readsOf(formula: Formula<SeriesLeaf>): string[] {
  const ids = new Set<string>()
  for (const part of walk(formula)) if (part.kind === 'request') ids.add(part.id)
  return [...ids]
}

/** A fault for a variant that would be two columns of one name. */
export function duplicateColumn(name: string, path: Path): FaultDetail {
  const message = `The answer has a column "${name}" already; give this one another name with "as".`
  return faultDetail('DUPLICATE_COLUMN', pointer(path), message)
}
