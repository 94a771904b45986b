import {
  GraphQLBoolean,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql'
import { DATE_PARTS, GRAINS } from '../../../base/time.ts'
import { FILTER_OPERATORS, type FilterOperator, type ValueType } from '../../../catalog/schema.ts'
import type { NameBook } from './names.ts'
import { DATE, DECIMAL, INT64 } from './scalars.ts'

const SCALARS: Readonly<Record<ValueType, GraphQLScalarType>> = {
  string: GraphQLString,
  integer: INT64,
  boolean: GraphQLBoolean,
  date: DATE,
}

const NO_ORDER: readonly FilterOperator[] = ['gt', 'gte', 'lt', 'lte', 'between', 'contains', 'startsWith']
const OF_TEXT: readonly FilterOperator[] = ['contains', 'startsWith']

const MEANING: Readonly<Record<FilterOperator, string>> = {
  eq: 'Equals.',
  ne: 'Differs; null does not match.',
  in: 'One of these; null listed matches null.',
  notIn: 'None of these; null matches only when it is listed.',
  gt: 'Greater.',
  gte: 'Greater or equal.',
  lt: 'Less.',
  lte: 'Less or equal.',
  between: 'Two ends, both inclusive.',
  contains: 'Holds this text.',
  startsWith: 'Begins with this text.',
  isNull: 'true: is null; false: is not.',
  notNull: 'true: is not null; false: is.',
}

/** The operators of a field of one scalar; all that are given hold. */
function operatorFields(of: GraphQLScalarType, operators: readonly FilterOperator[]) {
  const typeOf = (op: FilterOperator): GraphQLInputType => {
    if (op === 'isNull' || op === 'notNull') return GraphQLBoolean
    if (op === 'between') return new GraphQLList(new GraphQLNonNull(of))
    return op === 'in' || op === 'notIn' ? new GraphQLList(of) : of
  }
  return Object.fromEntries(operators.map((op) => [op, { type: typeOf(op), description: MEANING[op] }]))
}

const ORDERED = FILTER_OPERATORS.filter((op) => !OF_TEXT.includes(op))

/** Operators over finished metrics. */
export function metricOperatorFields() {
  return operatorFields(DECIMAL, ORDERED)
}

function operatorsOf(type: ValueType): readonly FilterOperator[] {
  if (type === 'string') return FILTER_OPERATORS
  return type === 'boolean' ? FILTER_OPERATORS.filter((op) => !NO_ORDER.includes(op)) : ORDERED
}

export type Conditions = Readonly<Record<ValueType | 'time', GraphQLInputObjectType>>

/** The types of conditions on one value, in the order of their names. */
export function conditionTypes(names: NameBook): Conditions {
  const make = (name: string, what: string, fields: ReturnType<typeof operatorFields>) =>
    new GraphQLInputObjectType({
      name: names.take(name),
      description: `Conditions on ${what}; all that are given hold.`,
      fields,
    })
  const plain = (name: string, type: ValueType) =>
    make(name, `a value of type ${type}`, operatorFields(SCALARS[type], operatorsOf(type)))
  const [string, integer, boolean] = [
    plain('StringCondition', 'string'),
    plain('Int64Condition', 'integer'),
    plain('BooleanCondition', 'boolean'),
  ]
  const day = make('DayCondition', 'the first day of a bucket', operatorFields(DATE, ORDERED))
  const looks = lookFields(integer, day, names)
  return {
    string,
    integer,
    boolean,
    date: make('DateCondition', 'a value of type date', { ...operatorFields(DATE, ORDERED), ...looks }),
    time: make('TimeCondition', 'a time, written as the ends of a range are', {
      ...operatorFields(GraphQLString, ORDERED),
      ...looks,
    }),
  }
}

/** A time looked at by its buckets and by its parts: the keys are those of a question's `grain` and `part`. */
function lookFields(integer: GraphQLInputObjectType, day: GraphQLInputObjectType, names: NameBook) {
  const grain = new GraphQLInputObjectType({
    name: names.take('GrainConditions'),
    description: "Conditions on the first day of a time's bucket, by grain.",
    fields: Object.fromEntries(GRAINS.map((each) => [each, { type: day }])),
  })
  const part = new GraphQLInputObjectType({
    name: names.take('PartConditions'),
    description: 'Conditions on parts of a time; dow is 1 (Monday) to 7.',
    fields: Object.fromEntries(DATE_PARTS.map((each) => [each, { type: integer }])),
  })
  return {
    grain: { type: grain, description: 'By the first day of a bucket: {month: {eq: "2026-11-01"}}.' },
    part: { type: part, description: 'By a part: {dow: {in: [6, 7]}}.' },
  }
}
