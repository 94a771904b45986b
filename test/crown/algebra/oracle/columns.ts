import { isExact, type Measured, minus, numberOf } from '../../oracle/exact.ts'
import type {
  Asked,
  AskedMetric,
  Catalog,
  FillParts,
  FillText,
  Filter,
  MetricFile,
  PeriodText,
  Variant,
} from '../model.ts'

/** One aggregation over a period, shifted and filled: what formulas stand on. */
export interface Leaf {
  readonly key: string
  readonly file: MetricFile
  readonly process: string
  /** Of the metric alone; those of the question come on top. */
  readonly filters: readonly Filter[]
  readonly period: PeriodText | undefined
  /** The outermost first. */
  readonly shifts: readonly Shift[]
  readonly fill: FillParts | undefined
}

export interface Shift {
  readonly offset: string
  /** Read only as far as the present bucket has come. */
  readonly cut: boolean
}

export type Read = (leaf: Leaf) => Measured

export interface MetricColumn {
  readonly kind: 'metric'
  readonly name: string
  readonly leaves: readonly Leaf[]
  readonly evaluate: (read: Read) => Measured
  /** Of a formula's result; a single metric is filled as its leaf. */
  readonly fill: FillParts | undefined
  /** How far a double may be off. */
  readonly tolerance: number | undefined
  /** Conditions of the question for this column alone: they hold on filled rows, too. */
  readonly asked: readonly Filter[]
}

export type Column =
  | MetricColumn
  | {
      readonly kind: 'delta' | 'ratio'
      readonly name: string
      readonly of: MetricColumn
      readonly to: MetricColumn
    }
  | { readonly kind: 'share'; readonly name: string; readonly of: MetricColumn; readonly within: readonly string[] }
  | {
      readonly kind: 'rank'
      readonly name: string
      readonly by: MetricColumn
      readonly within: readonly string[]
      readonly direction: 'asc' | 'desc'
    }

interface Around {
  readonly modifiers: readonly string[]
  readonly filters: readonly Filter[]
  readonly period: PeriodText | undefined
  readonly shifts: readonly Shift[]
  readonly fill: FillParts | undefined
}

const NOTHING: Around = { modifiers: [], filters: [], period: undefined, shifts: [], fill: undefined }

/** The columns of a question, in its order; those of a comparison follow the metric they belong to. */
export function columnsOf(question: Asked, catalog: Catalog): Column[] {
  const asked = question.metrics ?? []
  return asked.flatMap((each): Column[] => {
    if (typeof each === 'object' && 'share' in each) {
      return [{ kind: 'share', name: each.as, of: named(each.share.of, question, catalog), within: each.share.within }]
    }
    if (typeof each === 'object' && 'rank' in each) {
      const { by, within, direction } = each.rank
      return [{ kind: 'rank', name: each.as, by: named(by, question, catalog), within, direction }]
    }
    const column = metricColumn(each, question, catalog, [])
    return [column, ...compared(each, column, question, catalog)]
  })
}

function compared(each: AskedMetric, column: MetricColumn, question: Asked, catalog: Catalog): Column[] {
  if (question.compare === undefined) return []
  const { offset, elapsed = 'same' } = question.compare
  const previous = {
    ...metricColumn(each, question, catalog, [{ offset, cut: elapsed === 'same' }]),
    name: `${column.name}__previous`,
  }
  return [
    previous,
    { kind: 'delta', name: `${column.name}__delta`, of: column, to: previous },
    { kind: 'ratio', name: `${column.name}__ratio`, of: column, to: previous },
  ]
}

/** A column of the answer, or a metric of the catalog. */
function named(name: string, question: Asked, catalog: Catalog): MetricColumn {
  const found = (question.metrics ?? []).find((each) => nameOf(each) === name)
  return metricColumn(found ?? name, question, catalog, [])
}

function nameOf(each: AskedMetric): string {
  if (typeof each === 'string') return each
  return each.as ?? ('metric' in each ? each.metric : '')
}

function metricColumn(each: AskedMetric, question: Asked, catalog: Catalog, shifts: readonly Shift[]): MetricColumn {
  const variant = typeof each === 'string' ? { metric: each } : 'metric' in each ? each : undefined
  if (variant === undefined) throw new RangeError('a share stands on a metric')
  const fill = fillOf(variant.fill ?? question.fill)
  const around = inner({ ...NOTHING, shifts, fill }, variant)
  return {
    kind: 'metric',
    name: nameOf(each),
    asked: variant.filters ?? [],
    ...resolve(variant.metric, around, catalog),
  }
}

export function fillOf(text: FillText | undefined): FillParts | undefined {
  if (text === undefined) return undefined
  if (typeof text === 'object') return { spine: false, value: null, groups: 'each', ...text }
  if (text === 'none') return { spine: false, value: null, groups: 'each' }
  return { spine: true, groups: 'each', value: text === 'zero' ? 0 : text === 'null' ? null : text }
}

function inner(around: Around, { modifiers = [], filters = [], period, offset }: Omit<Variant, 'metric'>): Around {
  return {
    ...around,
    modifiers: [...around.modifiers, ...modifiers],
    filters: [...around.filters, ...filters],
    period: around.period ?? period,
    shifts: offset === undefined ? around.shifts : [...around.shifts, { offset, cut: false }],
  }
}

type Resolved = Omit<MetricColumn, 'kind' | 'name' | 'asked'>

function resolve(name: string, around: Around, catalog: Catalog): Resolved {
  const model = catalog.metrics.find(({ file }) => file.metric === name)
  if (model === undefined) throw new RangeError(`there is no ${name}`)
  const { file } = model
  const fill = around.fill ?? fillOf(file.fill)
  if (file.from !== undefined) return resolve(file.from, { ...inner(around, file), fill }, catalog)
  if (model.evaluate !== undefined) {
    const { evaluate, names = [] } = model
    const inputs = names.map((each) => {
      const input = file.inputs?.[each]
      const within = { ...around, fill: undefined }
      return input === undefined ? resolve(each, within, catalog) : resolve(input.metric, inner(within, input), catalog)
    })
    return {
      leaves: inputs.flatMap(({ leaves }) => leaves),
      evaluate: (read) => evaluate(inputs.map((input) => filledValue(input, read))),
      fill,
      tolerance: inputs.some(({ tolerance }) => tolerance !== undefined) ? 0.05 : undefined,
    }
  }
  const leaf = leafOf(file, model.process ?? '', { ...around, fill }, catalog)
  const isHistogram = file.algorithm === 'approximate' && file.agg !== 'count_distinct'
  return {
    leaves: [leaf],
    evaluate: (read) => read(leaf),
    fill: undefined,
    tolerance: isHistogram ? 0.008 : undefined,
  }
}

function filledValue({ evaluate, fill }: Resolved, read: Read): Measured {
  const value = evaluate(read)
  if (value !== null || typeof fill?.value !== 'number') return value
  return { units: BigInt(fill.value), scale: 0 }
}

function leafOf(file: MetricFile, process: string, around: Around, catalog: Catalog): Leaf {
  const { period, shifts, fill } = around
  const filters = [
    ...around.modifiers.flatMap((modifier) => catalog.modifiers[process]?.[modifier] ?? []),
    ...around.filters,
  ]
  return {
    key: JSON.stringify([file.metric, filters, period, shifts, fill]),
    file,
    process,
    filters,
    period,
    shifts,
    fill,
  }
}

export function deltaOf(a: Measured, b: Measured): Measured {
  if (a === null || b === null) return null
  if (isExact(a) && isExact(b)) return minus(a, b)
  return asNumber(a) - asNumber(b)
}

export function ratioOf(a: Measured, b: Measured): number | null {
  if (a === null || b === null || asNumber(b) === 0) return null
  return asNumber(a) / asNumber(b)
}

export function asNumber(value: Exclude<Measured, null>): number {
  return isExact(value) ? numberOf(value) : value
}
