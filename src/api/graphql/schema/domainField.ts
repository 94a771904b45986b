import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql'
import type { Answered } from '../answered.ts'
import type { GraphqlContext } from '../context.ts'
import { bindCursor } from '../cursor.ts'
import { resolveDomain } from '../resolveDomain.ts'
import { writeRows, writeSubtotal, writeTotals } from '../writeRows.ts'
import { COLUMN, FRESHNESS, NOTICE, RECEIPT, requiredList } from './answerParts.ts'
import { domainArguments, whereType } from './argumentTypes.ts'
import type { DomainShape } from './domainShape.ts'
import type { FieldTypes } from './fieldTypes.ts'
import { type NameBook, typeNameOf } from './names.ts'
import { rowTypes } from './rowTypes.ts'
import { WRITTEN } from './scalars.ts'

/** Which of the two schemas is built: the one callers see, or the one that runs, where rows are text already. */
export type SchemaSide = 'published' | 'executed'

/** The root field of a domain: its selection is the question. */
export function domainField(
  shape: DomainShape,
  side: SchemaSide,
  fields: FieldTypes,
  names: NameBook,
): GraphQLFieldConfig<unknown, GraphqlContext> {
  const where = whereType(shape, fields, names)
  const types = rowTypes(shape, fields, where, names)
  const shown = (type: GraphQLOutputType): GraphQLOutputType => (side === 'published' ? type : WRITTEN)
  const listOf = <T extends GraphQLObjectType | GraphQLScalarType>(type: T) => new GraphQLList(new GraphQLNonNull(type))
  const answer = new GraphQLObjectType<Answered, GraphqlContext>({
    name: names.take(`${typeNameOf(shape.name)}Answer`),
    fields: {
      rows: {
        type: new GraphQLNonNull(shown(listOf(types.row))),
        description: 'The question: dimensions to group by, metrics to compute.',
        resolve: (answered, _, _context, info) => writeRows(answered, types.row, info),
      },
      totals: {
        type: shown(types.totals),
        description: 'Grand totals; asked for by being selected. null behind the first page.',
        resolve: (answered, _, _context, info) => writeTotals(answered, types.totals, info),
      },
      subtotals: {
        type: shown(listOf(types.subtotal)),
        description: 'Totals of the rows that agree in some fields. null behind the first page.',
        args: {
          by: {
            type: new GraphQLNonNull(listOf(GraphQLString)),
            description: 'What is selected in rows: an alias, time, a dimension (its key) or dimension.attribute.',
          },
        },
        resolve: (answered, args, _context, info) => writeSubtotal(answered, args.by, types.subtotal, info),
      },
      columns: { ...requiredList(COLUMN), resolve: ({ answer }) => answer.columns },
      freshness: { type: new GraphQLNonNull(FRESHNESS), resolve: ({ answer }) => answer.freshness },
      notices: { ...requiredList(NOTICE), resolve: ({ answer }) => answer.notices },
      truncated: {
        type: new GraphQLNonNull(GraphQLBoolean),
        description: 'More rows were there than the limit lets through.',
        resolve: ({ answer }) => answer.truncated,
      },
      nextCursor: {
        type: GraphQLString,
        description: 'Asks for the next page of the very same result; null on the last.',
        resolve: ({ answer, question }) => bindCursor(answer.nextCursor, question),
      },
      receipt: {
        type: new GraphQLNonNull(RECEIPT),
        resolve: ({ answer }, _, context) => {
          context.lookUps.addReceipt()
          return answer.receipt
        },
      },
    },
  })
  return {
    type: answer,
    description: `Ask the domain ${shape.name}.`,
    args: domainArguments(where),
    resolve: (_, args, context, info) => resolveDomain({ shape, ...types }, args, context, info),
  }
}
