import {
  GraphQLBoolean,
  type GraphQLFieldConfigArgumentMap,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql'
import type { DatePart, Grain } from '../../../base/time.ts'
import type { FilterOperator } from '../../../catalog/schema.ts'
import type { Question } from '../../../query/question.ts'
import { metricOperatorFields } from './conditionTypes.ts'
import type { DomainShape, RowField } from './domainShape.ts'
import type { FieldTypes } from './fieldTypes.ts'
import { NameBook, typeNameOf } from './names.ts'
import { COMPARE, DIRECTION, EVERY, FILL, FINALITY_MODE, GRAIN, MISSING, TOP } from './questionTypes.ts'

/** Arguments that may be left out or be null, which is the same. */
export type Optional<T> = { readonly [K in keyof T]?: T[K] | null | undefined }

/** How a time is cut or looked at; one of them. */
export type LookArguments = Optional<{
  grain: Grain
  calendar: string
  every: { readonly every: string; readonly from: string }
  part: DatePart
}>

export type TimeArguments = Omit<LookArguments, 'part'> &
  Optional<{ range: readonly string[]; zone: string; wholeBuckets: boolean }>

/** Arguments of a domain's field as resolvers get them, coerced. A key that was not given is not there. */
export type DomainArguments = Optional<{
  time: TimeArguments
  where: WhereInput
  having: readonly HavingInput[]
  orderBy: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[]
  limit: number
  offset: number
  cursor: string
  compare: { readonly offset: string; readonly elapsed?: 'same' | 'whole' | null }
  fill: 'none' | 'null' | 'zero' | 'previous'
  top: Optional<{ others: boolean; direction: 'asc' | 'desc' }> & { readonly n: number; readonly by: string }
  missing: Question['missing']
  align: boolean
  maxStaleness: number
  finality: Question['finality']
  distinct: boolean
}>

export type Scalar = string | number | boolean | null
/** One operand, or a list of them. */
export type Operand = Scalar | readonly Scalar[]
export type Condition = Readonly<Partial<Record<FilterOperator, Operand>>>
/** By field, conditions or conditions by member; beside them `per`, `and`, `or`, `not`. */
export type WhereInput = Readonly<Record<string, unknown>>
export type HavingInput = Condition &
  Optional<{ field: string; and: readonly HavingInput[]; or: readonly HavingInput[]; not: HavingInput }>
/** A metric that is compared for each value of a field. */
export type PerInput = Condition & { readonly metric: string; readonly per: string } & Optional<{
    modifiers: readonly string[]
    where: WhereInput
  }>

export const COMBINATORS = ['and', 'or', 'not'] as const

/** The key of each field in `where`: its name, unless that is a word of `where` itself. */
export function whereKeys({ fields }: DomainShape): ReadonlyMap<string, RowField> {
  const names = new NameBook([...COMBINATORS, 'per'])
  return new Map([...fields.values()].map((field) => [names.take(field.name), field]))
}

const nonNullList = (of: GraphQLInputObjectType) => new GraphQLList(new GraphQLNonNull(of))

const TIME = new GraphQLInputObjectType({
  name: 'TimeInput',
  description: 'At most one of grain, calendar and every; with none there is one total.',
  fields: {
    range: {
      type: new GraphQLList(new GraphQLNonNull(GraphQLString)),
      description:
        'A phrase (today, last 7 days, month to date, ...) or two ends, inclusive at the precision they are written in.',
    },
    grain: { type: GRAIN, description: 'Of the buckets.' },
    calendar: { type: GraphQLString, description: 'A calendar of the catalog, whose periods are the buckets.' },
    every: { type: EVERY, description: 'Intervals as buckets.' },
    zone: { type: GraphQLString, description: 'An IANA zone; default: each process keeps its own business days.' },
    wholeBuckets: { type: GraphQLBoolean, description: 'Widens the range to whole buckets.' },
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

/** Conditions on the fields of a domain, and on metrics for each value of one. */
export function whereType(shape: DomainShape, fields: FieldTypes, names: NameBook): GraphQLInputObjectType {
  const per: GraphQLInputObjectType = new GraphQLInputObjectType({
    name: names.take(`${typeNameOf(shape.name)}Per`),
    description: 'A metric compared for each value of a field: {metric: "gmv", per: "advertiser", gt: 10000}.',
    fields: () => ({
      metric: { type: new GraphQLNonNull(GraphQLString), description: 'Of any domain.' },
      per: { type: new GraphQLNonNull(GraphQLString), description: 'A dimension, or one linked to it: host.country.' },
      modifiers: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)) },
      where: { type, description: 'What the metric is computed over: all of time and all rows, unless told here.' },
      ...metricOperatorFields(),
    }),
  })
  const type: GraphQLInputObjectType = new GraphQLInputObjectType({
    name: names.take(`${typeNameOf(shape.name)}Where`),
    description: 'Conditions on rows, before aggregation; all that are given hold.',
    fields: () => ({
      ...Object.fromEntries(
        [...whereKeys(shape)].map(([key, field]) => [key, { type: fields.input(field), description: field.label }]),
      ),
      per: { type: nonNullList(per), description: 'Metrics per entity; all of them hold.' },
      and: { type: nonNullList(type), description: 'All of these hold.' },
      or: { type: nonNullList(type), description: 'One of these holds.' },
      not: { type, description: 'This does not hold.' },
    }),
  })
  return type
}

/** The arguments of a domain's root field. */
export function domainArguments(where: GraphQLInputObjectType): GraphQLFieldConfigArgumentMap {
  return {
    time: { type: TIME },
    where: { type: where },
    having: { type: nonNullList(HAVING), description: 'On finished metrics; all of them hold.' },
    orderBy: {
      type: nonNullList(ORDER_BY),
      description: 'Default: time, then the dimensions as selected, ascending.',
    },
    limit: { type: GraphQLInt, description: 'At most 50,000 rows, also without it; `truncated` tells of more.' },
    offset: { type: GraphQLInt, description: 'Rows left out before the first.' },
    cursor: {
      type: GraphQLString,
      description: 'The nextCursor of an answer: the next page of the very same result, asked with the same selection.',
    },
    compare: { type: COMPARE, description: 'Compares every metric with an earlier period; see `side` of metrics.' },
    fill: { type: FILL, description: 'What empty cells hold; default: what the catalog says of each metric.' },
    top: { type: TOP },
    missing: { type: MISSING, defaultValue: 'null' },
    align: {
      type: GraphQLBoolean,
      description: 'Processes that a metric combines go to real time together, on days that all their streams hold.',
    },
    finality: { type: FINALITY_MODE, defaultValue: 'any' },
    maxStaleness: {
      type: GraphQLInt,
      description: 'Seconds that a live answer may be old; then it is read anew behind it.',
    },
    distinct: {
      type: GraphQLBoolean,
      description: 'Rows without metrics are asked for on purpose: the distinct combinations of what is selected.',
    },
  }
}
