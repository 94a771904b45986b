import { Fault, faultDetail } from '../../base/faults.ts'
import { unknownName } from '../../query/filters.ts'
import type { Question, QuestionInput } from '../../query/question.ts'
import { questionFrom } from '../body.ts'
import type { ColumnBook } from './columnBook.ts'
import { readCursor } from './cursor.ts'
import { enter } from './placed.ts'
import type { Places } from './places.ts'
import { readHaving } from './readHaving.ts'
import { readTime } from './readTime.ts'
import { readWhere } from './readWhere.ts'
import { type DomainArguments, whereKeys } from './schema/argumentTypes.ts'
import type { DomainShape } from './schema/domainShape.ts'

/** What the selection of a domain's field asks for. */
export interface Asked {
  readonly book: ColumnBook
  readonly totals: boolean
}

/** Parts of a question that are called something else here. */
const PARTS = [
  ['metrics', 'rows'],
  ['dimensions', 'rows'],
  ['filters', 'where'],
  ['order', 'orderBy'],
] as const

/** Arguments and selection as one question. Faults point into both, by way of `places`. */
export function readQuestion(shape: DomainShape, args: DomainArguments, asked: Asked, places: Places): Question {
  const { book, totals } = asked
  for (const [part, place] of PARTS) places.set([part], [place])
  placeSelection(book, places)
  const { top, compare, cursor, finality, missing, align, fill, limit, offset, maxStaleness } = args
  const columnOf = (name: string, at: readonly PropertyKey[]) => metricColumn(name, at, book)
  for (const { name, place } of book.finalities) metricColumn(name, [...place, 'of'], book)
  const question: QuestionInput = {
    metrics: book.metricRequests(),
    dimensions: book.dimensionRequests(),
    time: readTime(args.time ?? {}, book.time, places),
    filters: enter(['filters'], readWhere(args.where ?? {}, whereKeys(shape), ['where']), places),
    having: enter(['having'], readHaving(args.having ?? [], columnOf, ['having']), places),
    order: readOrder(args.orderBy ?? [], book, places),
    totals,
    subtotals: book.subtotals.map(({ by }) => [...by]),
    ...given({ limit, offset, maxStaleness, fill, missing, align, finality }),
    ...(book.inProgress ? { inProgress: true } : {}),
    ...(book.finalities.length === 0 ? {} : { metricFinality: true }),
    ...(compare ? { compare: { offset: compare.offset, ...given({ elapsed: compare.elapsed }) } } : {}),
    ...(top ? { top: readTop(top, book) } : {}),
  }
  const read = questionFrom(question)
  return cursor === undefined || cursor === null
    ? read
    : questionFrom({ ...question, cursor: readCursor(cursor, read) })
}

/** Where in the selection the metrics, dimensions and subtotals of the question stand. */
function placeSelection(book: ColumnBook, places: Places): void {
  for (const [i, { place, variant }] of book.metrics.entries()) {
    places.set(['metrics', i], place)
    places.set(['metrics', i, 'metric'], place)
    if (typeof variant.period === 'object') places.set(['metrics', i, 'period'], [...place, 'window'])
    enter(['metrics', i, 'filters'], variant.filters, places)
    places.set(['metrics', i, 'filters'], [...place, 'where'])
  }
  for (const [i, { place, look }] of book.dimensions.entries()) {
    places.set(['dimensions', i], place)
    places.set(['dimensions', i, 'field'], place)
    if (look !== undefined) places.set(['dimensions', i, 'grain'], [...place, look.argument])
  }
  for (const [i, { place }] of book.subtotals.entries()) places.set(['subtotals', i], [...place, 'by'])
}

function readTop({ n, by, others, direction }: NonNullable<DomainArguments['top']>, book: ColumnBook) {
  const column = metricColumn(by, ['top', 'by'], book)
  return { n, by: column, ...given({ others, direction }) }
}

function readOrder(
  orderBy: NonNullable<DomainArguments['orderBy']>,
  book: ColumnBook,
  places: Places,
): NonNullable<QuestionInput['order']> {
  return orderBy.map(({ field, direction }, i) => {
    places.set(['order', i], ['orderBy', i])
    const at = ['orderBy', i, 'field']
    const column = book.column(field)
    if (column === undefined) throw Fault.at([unknownName('UNKNOWN_COLUMN', 'selected field', field, book.names(), at)])
    return { field: column, direction }
  })
}

function metricColumn(name: string, at: readonly PropertyKey[], book: ColumnBook): string {
  const column = book.metricColumn(name)
  if (column !== undefined) return column
  const names = book.metrics.flatMap((metric) => [metric.column, metric.variant.metric])
  throw Fault.at([unknownName('UNKNOWN_COLUMN', 'selected metric', name, new Set(names), at)])
}

/** The entries that are told: a variable that is null or not given says nothing. */
function given<T extends object>(of: T): { [K in keyof T]?: Exclude<T[K], null | undefined> } {
  const told = Object.entries(of).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(told) as { [K in keyof T]?: Exclude<T[K], null | undefined> }
}

/** A selection without a metric, which is asked for on purpose only. */
export function noMetric({ name, metrics }: DomainShape): Fault {
  const names = [...metrics.keys()].slice(0, 20)
  const message = `Select at least one metric of ${name} under rows or totals: ${names.join(', ') || 'it has none'}.`
  return Fault.at([faultDetail('INVALID_QUESTION', '/rows', message, names)])
}
