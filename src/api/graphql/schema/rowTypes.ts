import {
  GraphQLBoolean,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  type GraphQLInputObjectType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql'
import type { NumberType } from '../../../catalog/schema.ts'
import type { GraphqlContext } from '../context.ts'
import { FINALITY } from './answerParts.ts'
import { describeMetricField } from './describe.ts'
import type { DomainShape } from './domainShape.ts'
import type { FieldTypes } from './fieldTypes.ts'
import { metricArguments, rowMetricArguments } from './metricArguments.ts'
import { type NameBook, typeNameOf } from './names.ts'
import { DECIMAL, FLOAT64, INT64 } from './scalars.ts'

const NUMBERS: Readonly<Record<NumberType, GraphQLScalarType>> = { integer: INT64, decimal: DECIMAL, float: FLOAT64 }

type Fields = GraphQLFieldConfigMap<unknown, GraphqlContext>

function metricFields({ metrics }: DomainShape, args: GraphQLFieldConfigArgumentMap): Fields {
  return Object.fromEntries(
    [...metrics.values()].map((metric) => [
      metric.name,
      {
        type: NUMBERS[metric.type],
        description: describeMetricField(metric),
        args,
        deprecationReason: metric.status === 'deprecated' ? 'Deprecated in the catalog.' : undefined,
      },
    ]),
  )
}

const ROW_FINALITY = { type: new GraphQLNonNull(FINALITY), description: 'Of the whole row; the worst wins.' }

/** Beside the figures of a row, what is said of them. */
const MARKS: Fields = {
  inProgress: { type: GraphQLBoolean, description: 'The bucket holds now.' },
  finality: {
    type: new GraphQLNonNull(FINALITY),
    description: 'Of the whole row, where the worst wins, or of one metric.',
    args: { of: { type: GraphQLString, description: 'A metric that is selected: its alias or name.' } },
  },
}

/** The types that a domain's figures are selected from. */
export interface RowTypes {
  readonly row: GraphQLObjectType
  readonly totals: GraphQLObjectType
  readonly subtotal: GraphQLObjectType
}

/** What can be selected in a domain's rows, in its totals and in its subtotals. */
export function rowTypes(
  shape: DomainShape,
  fields: FieldTypes,
  where: GraphQLInputObjectType,
  names: NameBook,
): RowTypes {
  const keys: Fields = Object.fromEntries([...shape.fields].map(([name, field]) => [name, fields.output(field)]))
  const totals = metricFields(shape, metricArguments(where))
  const make = (what: string, description: string, of: Fields): GraphQLObjectType =>
    new GraphQLObjectType({ name: names.take(`${typeNameOf(shape.name)}${what}`), description, fields: of })
  return {
    row: make('Row', 'Dimensions that are selected group the rows; metrics are computed for each.', {
      ...keys,
      ...metricFields(shape, rowMetricArguments(where)),
      ...MARKS,
    }),
    totals: make('Totals', 'The grand total of all rows, recomputed, never added up.', {
      ...totals,
      finality: ROW_FINALITY,
    }),
    subtotal: make('Subtotal', 'A total of the rows that agree in some of their fields, recomputed.', {
      ...keys,
      ...totals,
      finality: ROW_FINALITY,
    }),
  }
}
