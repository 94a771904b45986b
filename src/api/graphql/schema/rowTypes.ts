import {
  type GraphQLFieldConfigMap,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql'
import type { Metric } from '../../../catalog/catalog.ts'
import type { NumberType } from '../../../catalog/schema.ts'
import type { GraphqlContext } from '../context.ts'
import { FINALITY } from './answerParts.ts'
import { describeField, describeMetricField } from './describe.ts'
import type { DimensionTypes } from './dimensionTypes.ts'
import type { DomainShape } from './domainShape.ts'
import { type NameBook, typeNameOf } from './names.ts'
import { DECIMAL, FLOAT64, INT64 } from './scalars.ts'

const NUMBERS: Readonly<Record<NumberType, GraphQLScalarType>> = { integer: INT64, decimal: DECIMAL, float: FLOAT64 }

type Fields = GraphQLFieldConfigMap<unknown, GraphqlContext>

function metricField(metric: Metric): Fields[string] {
  return {
    type: NUMBERS[metric.type],
    description: describeMetricField(metric),
    args: {
      modifiers: {
        type: new GraphQLList(new GraphQLNonNull(GraphQLString)),
        description: 'Named business filters of its process, on top of its own.',
      },
    },
    deprecationReason: metric.status === 'deprecated' ? 'Deprecated in the catalog.' : undefined,
  }
}

const FINALITY_FIELD = { type: new GraphQLNonNull(FINALITY), description: 'Of the whole row; the worst wins.' }

/** What can be selected in a domain's rows, and in its totals. */
export function rowTypes(
  shape: DomainShape,
  dimensions: DimensionTypes,
  names: NameBook,
): { row: GraphQLObjectType; totals: GraphQLObjectType } {
  const metrics: Fields = Object.fromEntries(shape.metrics.map((metric) => [metric.name, metricField(metric)]))
  const row = new GraphQLObjectType({
    name: names.take(`${typeNameOf(shape.name)}Row`),
    description: 'Dimensions that are selected group the rows; metrics are computed for each.',
    fields: {
      time: {
        type: GraphQLString,
        description: "The bucket's first day, below day grain an instant with offset. Needs a time.grain.",
      },
      ...Object.fromEntries(
        shape.dimensions.map((dimension) => [
          dimension.name,
          { type: dimensions.output(dimension), description: describeField(dimension) },
        ]),
      ),
      ...metrics,
      finality: FINALITY_FIELD,
    },
  })
  const totals = new GraphQLObjectType({
    name: names.take(`${typeNameOf(shape.name)}Totals`),
    description: 'The grand total of all rows, recomputed, never added up.',
    fields: { ...metrics, finality: FINALITY_FIELD },
  })
  return { row, totals }
}
