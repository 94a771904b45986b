import type { QuestionInput } from '../../query/question.ts'
import { ColumnNames } from './columnNames.ts'
import type { Placed } from './placed.ts'
import type { Look } from './readLook.ts'

type MetricRequest = NonNullable<QuestionInput['metrics']>[number]
type DimensionRequest = NonNullable<QuestionInput['dimensions']>[number]
type MetricObject = Exclude<MetricRequest, string>
type Place = readonly string[]

/** A metric as it is computed, before it is compared, shared out or ranked. */
export interface Variant extends Pick<MetricObject, 'period' | 'offset' | 'fill'> {
  readonly metric: string
  readonly modifiers: readonly string[]
  readonly filters: readonly Placed[]
}

/** What the groups of an answer make of a metric. */
export type Analysis =
  | { readonly kind: 'share'; readonly within: readonly string[] }
  | { readonly kind: 'rank'; readonly within: readonly string[]; readonly direction: 'asc' | 'desc' }

interface Entry {
  readonly column: string
  /** Where it is selected first; the last part is its response key. */
  readonly place: Place
}

interface MetricEntry extends Entry {
  readonly variant: Variant
  readonly analysis: Analysis | undefined
}

interface DimensionEntry extends Entry {
  readonly field: string
  readonly look: Look | undefined
}

/**
 * What the selection of one root field asks for, each thing once, and the column of the answer it comes in. A metric or
 * a time is named by its first alias where that can be a column's name; `orderBy` and its like find columns by alias or
 * name.
 */
export class ColumnBook {
  readonly #names: ColumnNames
  readonly #metrics = new Map<string, MetricEntry>()
  readonly #dimensions = new Map<string, DimensionEntry>()
  readonly #subtotals = new Map<string, { readonly by: readonly string[]; readonly place: Place }>()
  /** Metric columns that the gateway adds: their names, by which `having` finds them. */
  readonly #sides = new Set<string>()
  readonly #finalities: { readonly name: string; readonly place: Place }[] = []
  #time = false
  #inProgress = false

  /** `reserved`: names that fields of rows have, which no other column may take. */
  constructor(reserved: Iterable<string>) {
    this.#names = new ColumnNames([...reserved, 'finality', 'inProgress'])
  }

  /** Whether `time` is selected as it stands. */
  get time(): boolean {
    return this.#time
  }

  get inProgress(): boolean {
    return this.#inProgress
  }

  /** Metrics whose own finality is selected, as they are called there. */
  get finalities(): readonly { readonly name: string; readonly place: Place }[] {
    return this.#finalities
  }

  get metrics(): readonly MetricEntry[] {
    return [...this.#metrics.values()]
  }

  get dimensions(): readonly DimensionEntry[] {
    return [...this.#dimensions.values()]
  }

  get subtotals(): readonly { readonly by: readonly string[]; readonly place: Place }[] {
    return [...this.#subtotals.values()]
  }

  /** The column of a metric, selected at `place`. */
  metric(variant: Variant, place: Place): string {
    const column = this.#enter(variant, undefined, place, place.at(-1) ?? variant.metric)
    this.#names.alias(place.at(-1) ?? column, column)
    return column
  }

  /** The column of what a metric is compared with, or of how it compares. */
  side(variant: Variant, side: 'previous' | 'delta' | 'ratio', place: Place): string {
    const column = `${this.#enter(variant, undefined, place, variant.metric)}__${side}`
    this.#sides.add(column)
    this.#names.alias(place.at(-1) ?? column, column)
    return column
  }

  /** The column of a metric's share or rank. */
  analysis(variant: Variant, analysis: Analysis, place: Place): string {
    this.#enter(variant, undefined, place, variant.metric)
    const key = place.at(-1) ?? analysis.kind
    const column = this.#enter(variant, analysis, place, key)
    this.#names.alias(key, column)
    return column
  }

  /** The column of `advertiser`, `advertiser.industry` or a time that is looked at, selected at `place`. */
  dimension(field: string, look: Look | undefined, place: Place): string {
    const id = idOf(field, look)
    const key = place.slice(1).join('.')
    const column =
      this.#dimensions.get(id)?.column ?? (look === undefined ? field : this.#names.take(place.at(-1) ?? field, 'd'))
    if (!this.#dimensions.has(id)) this.#dimensions.set(id, { field, look, column, place })
    this.#names.alias(key, column)
    return column
  }

  /** The column of a dimension that is selected in rows. */
  dimensionColumn(field: string, look: Look | undefined): string | undefined {
    return this.#dimensions.get(idOf(field, look))?.column
  }

  timeAt(key: string): string {
    this.#time = true
    this.#names.alias(key, 'time')
    return 'time'
  }

  finalityAt(key: string): string {
    this.#names.alias(key, 'finality')
    return 'finality'
  }

  /** The column of the finality of one metric, which may be selected further down. */
  finalityOf(name: string, place: Place): string {
    this.#finalities.push({ name, place })
    return `${this.metricColumn(name) ?? name}__finality`
  }

  inProgressAt(key: string): string {
    this.#inProgress = true
    this.#names.alias(key, 'inProgress')
    return 'inProgress'
  }

  subtotal(by: readonly string[], place: Place): void {
    const id = JSON.stringify(by.toSorted())
    if (!this.#subtotals.has(id)) this.#subtotals.set(id, { by, place })
  }

  /** The column that `orderBy` means; undefined when nothing selected bears the name. */
  column(name: string): string | undefined {
    const column = this.#names.column(name) ?? this.metricColumn(name)
    if (column !== undefined || name === 'time' || name === 'finality') return column ?? name
    return this.dimensionColumn(name.endsWith('.key') ? name.slice(0, -'.key'.length) : name, undefined)
  }

  /** The column of a metric that `having` means. */
  metricColumn(name: string): string | undefined {
    const column = this.#names.column(name)
    if (column !== undefined && (this.#sides.has(column) || this.metrics.some((each) => each.column === column)))
      return column
    const named = this.metrics.filter(({ variant, analysis }) => variant.metric === name && analysis === undefined)
    return (named.find(({ variant }) => isPlain(variant)) ?? named[0])?.column
  }

  /** Every name that `orderBy` would find. */
  names(): string[] {
    const fields = this.dimensions.flatMap(({ field, look }) => (look === undefined ? [field] : []))
    return [...new Set([...this.#names.aliases(), ...fields, ...this.metrics.map(({ variant }) => variant.metric)])]
  }

  /** The metrics as a question asks for them. */
  metricRequests(): MetricRequest[] {
    return this.metrics.map(({ variant, analysis, column }): MetricRequest => {
      if (analysis !== undefined) return this.#analysisRequest(variant, analysis, column)
      const { metric, modifiers, filters, period, offset, fill } = variant
      if (isPlain(variant) && column === metric) return metric
      return {
        metric,
        ...(modifiers.length === 0 ? {} : { modifiers: [...modifiers] }),
        ...(filters.length === 0 ? {} : { filters: filters.map(({ filter }) => filter) }),
        ...(period === undefined ? {} : { period }),
        ...(offset === undefined ? {} : { offset }),
        ...(fill === undefined ? {} : { fill }),
        as: column,
      }
    })
  }

  /** The dimensions as a question asks for them. */
  dimensionRequests(): DimensionRequest[] {
    return this.dimensions.map(({ field, look, column }) => {
      if (look === undefined) return field
      const { argument: _, ...cut } = look
      return { field, ...cut, as: column }
    })
  }

  #analysisRequest(variant: Variant, analysis: Analysis, column: string): MetricRequest {
    const of = this.#metrics.get(metricId(variant, undefined))?.column ?? variant.metric
    const within = analysis.within.map((name) => this.column(name) ?? name)
    return analysis.kind === 'share'
      ? { share: { of, within }, as: column }
      : { rank: { by: of, within, direction: analysis.direction }, as: column }
  }

  #enter(variant: Variant, analysis: Analysis | undefined, place: Place, wanted: string): string {
    const id = metricId(variant, analysis)
    const known = this.#metrics.get(id)
    if (known !== undefined) return known.column
    const column = this.#names.take(wanted, 'm')
    this.#metrics.set(id, { variant, analysis, column, place })
    return column
  }
}

function isPlain({ modifiers, filters, period, offset, fill }: Variant): boolean {
  return modifiers.length + filters.length === 0 && period === undefined && offset === undefined && fill === undefined
}

function idOf(field: string, look: Look | undefined): string {
  return look === undefined ? field : JSON.stringify([field, look])
}

function metricId(variant: Variant, analysis: Analysis | undefined): string {
  const filters = variant.filters.map(({ filter }) => filter)
  return JSON.stringify([
    variant.metric,
    variant.modifiers,
    filters,
    variant.period,
    variant.offset,
    variant.fill,
    analysis,
  ])
}
