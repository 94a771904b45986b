import type { GraphQLObjectType, GraphQLResolveInfo } from 'graphql'
import { Fault, faultDetail } from '../../base/faults.ts'
import { unknownName } from '../../query/filters.ts'
import type { Question, QuestionInput } from '../../query/question.ts'
import { questionFrom } from '../body.ts'
import type { Answered } from './answered.ts'
import { collect } from './collect.ts'
import { ColumnBook } from './columnBook.ts'
import type { GraphqlContext } from './context.ts'
import { Places } from './places.ts'
import { readOutputs } from './readOutputs.ts'
import { readHaving, readWhere } from './readWhere.ts'
import { type DomainArguments, whereKeys } from './schema/argumentTypes.ts'
import type { DomainShape } from './schema/domainShape.ts'

export interface DomainTypes {
  readonly shape: DomainShape
  /** The types that callers see. */
  readonly row: GraphQLObjectType
  readonly totals: GraphQLObjectType
}

/**
 * A domain's root field: arguments and selection become one question, which goes with the other questions of the
 * document. Faults point into the arguments (`/where/channel/in/0`) and the selection (`/rows/direct`).
 */
export async function resolveDomain(
  types: DomainTypes,
  args: DomainArguments,
  context: GraphqlContext,
  info: GraphQLResolveInfo,
): Promise<Answered | object> {
  const places = new Places()
  try {
    const asked = readAsked(types, info)
    // Nothing but __typename is left of the selection: there is no question.
    if (asked === undefined) return {}
    const question = questionOf(types.shape, args, asked, places)
    return { shape: types.shape, book: asked.book, answer: await context.batch.ask(question) }
  } catch (error) {
    throw error instanceof Fault ? places.translate(error) : error
  }
}

interface Asked {
  readonly book: ColumnBook
  readonly totals: boolean
}

function readAsked({ shape, row, totals }: DomainTypes, info: GraphQLResolveInfo): Asked | undefined {
  const selected = [...collect(info.fieldNodes, info).values()]
  const below = (name: string) => selected.filter(([node]) => node?.name.value === name)
  if (below('__typename').length === selected.length) return undefined
  const book = new ColumnBook(shape.dimensions.map(({ name }) => name))
  for (const nodes of below('rows')) readOutputs(nodes, row, 'rows', { shape, book, info })
  for (const nodes of below('totals')) readOutputs(nodes, totals, 'totals', { shape, book, info })
  if (book.metrics.length === 0) throw noMetric(shape)
  return { book, totals: below('totals').length > 0 }
}

function noMetric({ name, metrics }: DomainShape): Fault {
  const names = metrics.slice(0, 20).map((metric) => metric.name)
  const message = `Select at least one metric of ${name} under rows or totals: ${names.join(', ') || 'it has none'}.`
  return Fault.at([faultDetail('INVALID_QUESTION', '/rows', message, names)])
}

/** Parts of a question that are called something else here. */
const PARTS = [
  ['metrics', 'rows'],
  ['dimensions', 'rows'],
  ['filters', 'where'],
  ['order', 'orderBy'],
] as const

function questionOf(shape: DomainShape, args: DomainArguments, { book, totals }: Asked, places: Places): Question {
  for (const [part, place] of PARTS) places.set([part], [place])
  for (const [i, { place }] of book.metrics.entries()) places.set(['metrics', i], place)
  for (const [i, place] of [...book.dimensions.values()].entries()) places.set(['dimensions', i], place)
  const question: QuestionInput = {
    metrics: book.requests(),
    dimensions: [...book.dimensions.keys()],
    time: readTime(args.time, book.time),
    filters: readWhere(args.where ?? {}, whereKeys(shape), places),
    having: readHaving(args.having ?? [], (name, at) => havingColumn(name, at, book), places),
    order: readOrder(args.orderBy ?? [], book, places),
    totals,
    ...(args.limit === undefined || args.limit === null ? {} : { limit: args.limit }),
    ...(args.maxStaleness === undefined || args.maxStaleness === null ? {} : { maxStaleness: args.maxStaleness }),
    ...(args.finality === undefined || args.finality === null ? {} : { finality: args.finality }),
  }
  return questionFrom(question)
}

function readTime(time: DomainArguments['time'], selected: boolean): NonNullable<QuestionInput['time']> {
  const { range, grain, zone } = time ?? {}
  if (selected && (grain === undefined || grain === null)) {
    const message = 'Rows have a time where they are cut by one: give time: {grain: DAY}, or leave `time` out.'
    throw Fault.at([faultDetail('INVALID_QUESTION', '/time/grain', message)])
  }
  const [first] = range ?? []
  return {
    ...(range === undefined || range === null
      ? {}
      : { range: range.length === 1 && first !== undefined ? first : [...range] }),
    ...(grain === undefined || grain === null ? {} : { grain }),
    ...(zone === undefined || zone === null ? {} : { zone }),
  }
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

function havingColumn(name: string, at: readonly PropertyKey[], book: ColumnBook): string {
  const column = book.metricColumn(name)
  if (column !== undefined) return column
  const names = book.metrics.flatMap((metric) => [metric.column, metric.metric])
  throw Fault.at([unknownName('UNKNOWN_COLUMN', 'selected metric', name, new Set(names), at)])
}
