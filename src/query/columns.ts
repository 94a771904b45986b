import { type FaultDetail, faultDetail, pointer } from '../base/faults.ts'
import type { AtomicMetric, Catalog, Fill, Metric, Process } from '../catalog/catalog.ts'
import type { NumberType } from '../catalog/schema.ts'
import { averages, readFill, readOffset, readVariant } from '../catalog/variant.ts'
import { unknownUnits } from '../catalog/variantUnits.ts'
import { unknownName } from './filters.ts'
import { PLAIN, readsOf, type SeriesBook } from './formulas.ts'
import { bindMetric } from './names.ts'
import type { Question } from './question.ts'
import type { AnalysisColumn, FormulaColumn, MetricColumn, QuestionKey } from './resolved.ts'

type AskedColumn = Exclude<Question['metrics'][number], string>

/** The metric columns of an answer: asked, compared, and what shares and ranks need besides. */
export function bindColumns(
  question: Question,
  keys: readonly QuestionKey[],
  catalog: Catalog,
  book: SeriesBook,
  faults: FaultDetail[],
): MetricColumn[] {
  const binding = new Binding(question, keys, catalog, book, faults)
  const columns = question.metrics.flatMap((asked, i) => binding.column(asked, i))
  return [...columns, ...binding.hidden]
}

class Binding {
  /** Metrics that a share or rank reads and the question does not show. */
  readonly hidden: MetricColumn[] = []
  readonly #question: Question
  readonly #keys: readonly QuestionKey[]
  readonly #catalog: Catalog
  readonly #book: SeriesBook
  readonly #faults: FaultDetail[]

  constructor(
    question: Question,
    keys: readonly QuestionKey[],
    catalog: Catalog,
    book: SeriesBook,
    faults: FaultDetail[],
  ) {
    this.#question = question
    this.#keys = keys
    this.#catalog = catalog
    this.#book = book
    this.#faults = faults
  }

  column(asked: Question['metrics'][number], index: number): MetricColumn[] {
    const column = typeof asked === 'string' ? { metric: asked } : asked
    if (column.metric === undefined) return this.#analysis(column, index)
    const path = typeof asked === 'string' ? ['metrics', index] : ['metrics', index, 'metric']
    const metric = bindMetric(column.metric, path, this.#catalog, this.#faults)
    if (metric === undefined) return []
    const current = this.#formula(metric, column, index, false)
    if (this.#question.compare === undefined) return [current]
    return [current, ...this.#compared(metric, current, column, index, this.#question.compare)]
  }

  #formula(metric: Metric, asked: AskedColumn, index: number, hidden: boolean): FormulaColumn {
    const path = ['metrics', index]
    const around = this.#book.surroundings(readVariant(asked), PLAIN, path, this.#faults)
    const formula = this.#book.formula(metric, around, path, this.#faults)
    const { unit, format } = metric
    const fill = this.#fillOf(asked, metric)
    const name = asked.as ?? metric.name
    const reads = readsOf(formula)
    const isAveraged = this.#book.series.some(({ id, period }) => reads.includes(id) && averages(period))
    const type = isAveraged ? 'float' : metric.type
    return {
      kind: 'formula',
      name,
      metric: metric.name,
      type,
      unit,
      format,
      hidden,
      formula,
      reads,
      fill,
      conditions: this.#book.conditions(around, reads),
    }
  }

  #fillOf(asked: AskedColumn, metric: Metric): Fill | undefined {
    const told = asked.fill ?? this.#question.fill
    return told === undefined ? metric.fill : fillOf(told)
  }

  /** What a metric was before, and how far it has come since. */
  #compared(
    metric: Metric,
    current: FormulaColumn,
    asked: AskedColumn,
    index: number,
    { offset, elapsed }: NonNullable<Question['compare']>,
  ): MetricColumn[] {
    const path = ['metrics', index]
    const calendars = [...this.#catalog.calendars.keys()]
    for (const { unit } of index === 0 ? unknownUnits({ offset: readOffset(offset) }, calendars) : []) {
      const message = `"${unit}" is neither a grain nor a calendar.`
      this.#faults.push(faultDetail('INVALID_VALUE', pointer(['compare', 'offset']), message, calendars))
    }
    const shift = { offset: readOffset(offset), elapsed: elapsed === 'same' ? ('same' as const) : ('whole' as const) }
    const variant = this.#book.surroundings(readVariant(asked), PLAIN, path)
    const around = { ...variant, offsets: [shift, ...variant.offsets] }
    const formula = this.#book.formula(metric, around, path, this.#faults)
    const name = current.name
    const previous: FormulaColumn = { ...current, name: `${name}__previous`, formula, reads: readsOf(formula) }
    const between = (kind: 'delta' | 'ratio', type: NumberType): AnalysisColumn => ({
      ...analysed(`${name}__${kind}`, kind, name, type),
      metric: metric.name,
      to: previous.name,
      ...(kind === 'delta' ? { unit: current.unit, format: current.format } : {}),
    })
    return [previous, between('delta', current.type), between('ratio', 'float')]
  }

  #analysis({ share, rank, as = '' }: AskedColumn, index: number): AnalysisColumn[] {
    const kind = share === undefined ? 'rank' : 'share'
    const [name, within] = share === undefined ? [rank?.by ?? '', rank?.within ?? []] : [share.of, share.within]
    const key = share === undefined ? 'by' : 'of'
    const of = this.#columnOf(name, ['metrics', index, kind, key], index)
    const keyNames = this.#keys.map((each) => each.name)
    for (const [i, each] of within.entries()) {
      if (keyNames.includes(each)) continue
      const path = ['metrics', index, kind, 'within', i]
      this.#faults.push(unknownName('UNKNOWN_COLUMN', 'dimension in the answer called', each, keyNames, path))
    }
    if (of === undefined) return []
    const column = analysed(as, kind, of, kind === 'rank' ? 'integer' : 'float')
    return [{ ...column, metric: of, within, direction: rank?.direction ?? 'desc' }]
  }

  /** A column of the answer, else a metric of the catalog, computed and not shown. */
  #columnOf(name: string, path: readonly PropertyKey[], index: number): string | undefined {
    const asked = this.#question.metrics.some(
      (each) => (typeof each === 'string' ? each : (each.as ?? each.metric)) === name,
    )
    if (asked || this.hidden.some((each) => each.name === name)) return name
    const metric = bindMetric(name, path, this.#catalog, this.#faults)
    if (metric === undefined) return undefined
    this.hidden.push(this.#formula(metric, { metric: name }, index, true))
    return name
  }
}

function analysed(name: string, kind: AnalysisColumn['kind'], of: string, type: NumberType): AnalysisColumn {
  const plain = {
    unit: undefined,
    format: undefined,
    hidden: false,
    to: undefined,
    within: [],
    direction: 'desc',
  } as const
  return { kind, name, metric: of, of, type, ...plain }
}

const SHORT = { null: null, zero: '0', previous: 'previous' } as const

function fillOf(told: NonNullable<Question['fill']>): Fill | undefined {
  if (typeof told !== 'string') return readFill(told)
  return told === 'none' ? undefined : { spine: true, value: SHORT[told], groups: 'each' }
}

/** The metric that counts rows for a question without metrics: it says which combinations there are. */
export function presence(process: Process): AtomicMetric {
  return {
    kind: 'atomic',
    name: 'rows',
    label: 'Rows',
    aliases: [],
    description: undefined,
    unit: undefined,
    format: undefined,
    owner: undefined,
    status: 'published',
    domain: process.domain,
    processes: [process.name],
    dimensions: process.dimensions,
    type: 'integer',
    fill: undefined,
    aggregation: 'presence',
    of: undefined,
    percentile: undefined,
    algorithm: 'exact',
    floats: false,
    time: undefined,
    snapshot: undefined,
  }
}

/** A fault for a question that no process can answer as a whole. */
export function nothingCarries(names: readonly string[]): FaultDetail {
  const message = `No process carries ${names.join(' and ')} together, so there are no combinations of them.`
  return faultDetail('NOT_ANSWERABLE', pointer(['dimensions']), message)
}
