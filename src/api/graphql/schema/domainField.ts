import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql'
import type { Answered } from '../answered.ts'
import type { GraphqlContext } from '../context.ts'
import { resolveDomain } from '../resolveDomain.ts'
import { writeRows, writeTotals } from '../writeRows.ts'
import { COLUMN, FRESHNESS, NOTICE, RECEIPT, requiredList } from './answerParts.ts'
import { domainArguments } from './argumentTypes.ts'
import type { DimensionTypes } from './dimensionTypes.ts'
import type { DomainShape } from './domainShape.ts'
import { type NameBook, typeNameOf } from './names.ts'
import { rowTypes } from './rowTypes.ts'
import { WRITTEN } from './scalars.ts'

/** Which of the two schemas is built: the one callers see, or the one that runs, where rows are text already. */
export type Side = 'published' | 'executed'

/** The root field of a domain: its selection is the question. */
export function domainField(
  shape: DomainShape,
  side: Side,
  dimensions: DimensionTypes,
  names: NameBook,
): GraphQLFieldConfig<unknown, GraphqlContext> {
  const { row, totals } = rowTypes(shape, dimensions, names)
  const list: GraphQLOutputType = side === 'published' ? requiredList(row).type : new GraphQLNonNull(WRITTEN)
  const one: GraphQLOutputType = side === 'published' ? totals : WRITTEN
  const answer = new GraphQLObjectType<Answered, GraphqlContext>({
    name: names.take(`${typeNameOf(shape.name)}Answer`),
    fields: {
      rows: {
        type: list,
        description: 'The question: dimensions to group by, metrics to compute.',
        resolve: (answered, _, _context, info) => writeRows(answered, row, info),
      },
      totals: {
        type: one,
        description: 'Grand totals; asked for by being selected.',
        resolve: (answered, _, _context, info) => writeTotals(answered, totals, info),
      },
      columns: { ...requiredList(COLUMN), resolve: ({ answer }) => answer.columns },
      freshness: { type: new GraphQLNonNull(FRESHNESS), resolve: ({ answer }) => answer.freshness },
      notices: { ...requiredList(NOTICE), resolve: ({ answer }) => answer.notices },
      truncated: {
        type: new GraphQLNonNull(GraphQLBoolean),
        description: 'More rows were there than the limit lets through.',
        resolve: ({ answer }) => answer.truncated,
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
    args: domainArguments(shape, dimensions, names),
    resolve: (_, args, context, info) => resolveDomain({ shape, row, totals }, args, context, info),
  }
}
