import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
} from 'graphql'
import { Fault } from '../../base/faults.ts'
import type { Answered } from './answered.ts'
import { collect } from './collect.ts'
import { ColumnBook } from './columnBook.ts'
import { columnsBy } from './columnsBy.ts'
import type { GraphqlContext } from './context.ts'
import { Places } from './places.ts'
import { type Reading, readOutputs } from './readOutputs.ts'
import { type Asked, noMetric, readQuestion } from './readQuestion.ts'
import type { DomainArguments } from './schema/argumentTypes.ts'
import type { DomainShape } from './schema/domainShape.ts'
import type { RowTypes } from './schema/rowTypes.ts'

/** A domain's shape and the types that callers see. */
export interface DomainTypes extends RowTypes {
  readonly shape: DomainShape
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
    const asked = readAsked(types, args, info)
    // Nothing but __typename is left of the selection: there is no question.
    if (asked === undefined) return {}
    const { shape } = types
    const question = readQuestion(shape, args, asked, places)
    return { shape, question, book: asked.book, answer: await context.batch.ask(question) }
  } catch (error) {
    throw error instanceof Fault ? places.translate(error) : error
  }
}

function readAsked(types: DomainTypes, args: DomainArguments, info: GraphQLResolveInfo): Asked | undefined {
  const { shape, row, totals } = types
  const selected = [...collect(info.fieldNodes, info)]
  const below = (name: string) => selected.filter(([, [node]]) => node?.name.value === name)
  if (below('__typename').length === selected.length) return undefined
  const book = new ColumnBook(shape.fields.keys())
  const reading = { shape, book, info, compares: args.compare !== undefined && args.compare !== null }
  for (const [, nodes] of below('rows')) readOutputs(nodes, row, 'rows', reading)
  for (const [, nodes] of below('totals')) readOutputs(nodes, totals, 'totals', reading)
  for (const [key, nodes] of below('subtotals')) readSubtotal(key, nodes, types, reading)
  if (book.metrics.length === 0 && args.distinct !== true) throw noMetric(shape)
  return { book, totals: below('totals').length > 0 }
}

function readSubtotal(key: string, nodes: readonly FieldNode[], { subtotal }: DomainTypes, reading: Reading): void {
  const { book, info } = reading
  const [node] = nodes
  const definition = (getNamedType(info.returnType) as GraphQLObjectType).getFields().subtotals
  if (node === undefined || definition === undefined) return
  const { by = [] } = getArgumentValues(definition, node, info.variableValues) as { by?: readonly string[] }
  const columns = columnsBy(by, book, [key, 'by'])
  book.subtotal(columns, [key])
  readOutputs(nodes, subtotal, key, { ...reading, by: columns })
}
