import {
  GraphQLEnumType,
  type GraphQLFieldConfigArgumentMap,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql'
import { GRAINS, type Grain } from '../../../base/time.ts'
import type { Dimension } from '../../../catalog/catalog.ts'
import type { FilterOperator } from '../../../catalog/schema.ts'
import type { Question } from '../../../query/question.ts'
import { type DimensionTypes, metricOperatorFields } from './dimensionTypes.ts'
import type { DomainShape } from './domainShape.ts'
import { NameBook, typeNameOf } from './names.ts'

/** Arguments of a domain's field as resolvers get them, coerced. A key that was not given is not there. */
export interface DomainArguments {
  readonly time?: {
    readonly range?: readonly string[] | null
    readonly grain?: Grain | null
    readonly zone?: string | null
  } | null
  readonly where?: WhereInput | null
  readonly having?: readonly HavingInput[] | null
  readonly orderBy?: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[] | null
  readonly limit?: number | null
  readonly maxStaleness?: number | null
  readonly finality?: Question['finality'] | null
}

export type Scalar = string | number | boolean | null
/** One operand, or a list of them. */
export type Operand = Scalar | readonly Scalar[]
export type Condition = Readonly<Partial<Record<FilterOperator, Operand>>>
/** By dimension, conditions or conditions by attribute; beside them `and`, `or`, `not`. */
export type WhereInput = Readonly<Record<string, unknown>>
export interface HavingInput extends Condition {
  readonly field?: string | null
  readonly and?: readonly HavingInput[] | null
  readonly or?: readonly HavingInput[] | null
  readonly not?: HavingInput | null
}

export const COMBINATORS = ['and', 'or', 'not'] as const

/** The key of each dimension in `where`: its name, unless that combines conditions. */
export function whereKeys(shape: DomainShape): ReadonlyMap<string, Dimension> {
  const names = new NameBook(COMBINATORS)
  return new Map(shape.dimensions.map((dimension) => [names.take(dimension.name), dimension]))
}

const nonNullList = (of: GraphQLInputObjectType) => new GraphQLList(new GraphQLNonNull(of))

const GRAIN = new GraphQLEnumType({
  name: 'Grain',
  description: 'Of time buckets. Weeks start on Monday.',
  values: Object.fromEntries(GRAINS.map((grain) => [grain.toUpperCase(), { value: grain }])),
})

const FINALITY_MODE = new GraphQLEnumType({
  name: 'FinalityMode',
  values: {
    ANY: { value: 'any', description: 'Every row, marked.' },
    FINAL: { value: 'final', description: 'Refuses when something is not final.' },
    FINAL_ONLY: { value: 'finalOnly', description: 'Withholds rows that are not final, and says so.' },
  },
})

const DIRECTION = new GraphQLEnumType({ name: 'Direction', values: { ASC: { value: 'asc' }, DESC: { value: 'desc' } } })

const TIME = new GraphQLInputObjectType({
  name: 'TimeInput',
  fields: {
    range: {
      type: new GraphQLList(new GraphQLNonNull(GraphQLString)),
      description:
        'A phrase (today, last 7 days, month to date, ...) or two ends, inclusive at the precision they are written in.',
    },
    grain: { type: GRAIN, description: 'None means one total.' },
    zone: { type: GraphQLString, description: 'An IANA zone; default: each process keeps its own business days.' },
  },
})

const ORDER_BY = new GraphQLInputObjectType({
  name: 'OrderBy',
  fields: {
    field: {
      type: new GraphQLNonNull(GraphQLString),
      description: 'Something selected: its alias, a metric, time, a dimension (its key) or dimension.attribute.',
    },
    direction: { type: new GraphQLNonNull(DIRECTION), defaultValue: 'asc' },
  },
})

const HAVING: GraphQLInputObjectType = new GraphQLInputObjectType({
  name: 'Having',
  description: 'Conditions on a metric of the answer, or one of and, or, not; all that are given hold.',
  fields: () => ({
    field: { type: GraphQLString, description: 'A metric that is selected: its alias or name.' },
    ...metricOperatorFields(),
    and: { type: nonNullList(HAVING) },
    or: { type: nonNullList(HAVING) },
    not: { type: HAVING },
  }),
})

function whereType(shape: DomainShape, dimensions: DimensionTypes, names: NameBook): GraphQLInputObjectType {
  const type: GraphQLInputObjectType = new GraphQLInputObjectType({
    name: names.take(`${typeNameOf(shape.name)}Where`),
    description: 'Conditions on dimensions; all that are given hold. Applied before aggregation.',
    fields: () => ({
      ...Object.fromEntries(
        [...whereKeys(shape)].map(([key, dimension]) => [
          key,
          { type: dimensions.input(dimension), description: dimension.label },
        ]),
      ),
      and: { type: nonNullList(type), description: 'All of these hold.' },
      or: { type: nonNullList(type), description: 'One of these holds.' },
      not: { type, description: 'This does not hold.' },
    }),
  })
  return type
}

/** The arguments of a domain's root field. */
export function domainArguments(
  shape: DomainShape,
  dimensions: DimensionTypes,
  names: NameBook,
): GraphQLFieldConfigArgumentMap {
  return {
    time: { type: TIME },
    where: { type: whereType(shape, dimensions, names) },
    having: { type: nonNullList(HAVING), description: 'On finished metrics; all of them hold.' },
    orderBy: {
      type: nonNullList(ORDER_BY),
      description: 'Default: time, then the dimensions as selected, ascending.',
    },
    limit: { type: GraphQLInt, description: 'At most 50,000 rows, also without it; `truncated` tells of more.' },
    finality: { type: FINALITY_MODE, defaultValue: 'any' },
    maxStaleness: {
      type: GraphQLInt,
      description: 'Seconds that a live answer may be old; then it is read anew behind it.',
    },
  }
}
