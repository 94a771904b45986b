import {
  GraphQLBoolean,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql'
import type { Dimension } from '../../../catalog/catalog.ts'
import { FILTER_OPERATORS, type FilterOperator, type ValueType } from '../../../catalog/schema.ts'
import { describeField } from './describe.ts'
import { type NameBook, typeNameOf } from './names.ts'
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

/** Operators over finished metrics. */
export function metricOperatorFields() {
  return operatorFields(
    DECIMAL,
    FILTER_OPERATORS.filter((op) => !OF_TEXT.includes(op)),
  )
}

function conditionType(name: string, type: ValueType): GraphQLInputObjectType {
  const operators = FILTER_OPERATORS.filter((op) =>
    type === 'string' ? true : type === 'boolean' ? !NO_ORDER.includes(op) : !OF_TEXT.includes(op),
  )
  return new GraphQLInputObjectType({
    name,
    description: `Conditions on a value of type ${type}; all that are given hold.`,
    fields: operatorFields(SCALARS[type], operators),
  })
}

/** Types of dimensions, each built once and shared by all domains. */
export class DimensionTypes {
  readonly #names: NameBook
  readonly #conditions: Readonly<Record<ValueType, GraphQLInputObjectType>>
  readonly #outputs = new Map<string, GraphQLOutputType>()
  readonly #inputs = new Map<string, GraphQLInputObjectType>()

  constructor(names: NameBook) {
    this.#names = names
    this.#conditions = {
      string: conditionType(names.take('StringCondition'), 'string'),
      integer: conditionType(names.take('Int64Condition'), 'integer'),
      boolean: conditionType(names.take('BooleanCondition'), 'boolean'),
      date: conditionType(names.take('DateCondition'), 'date'),
    }
  }

  /** In rows: a scalar, or an object of key and attributes. */
  output(dimension: Dimension): GraphQLOutputType {
    const known = this.#outputs.get(dimension.name)
    const built = known ?? (dimension.attributes.size === 0 ? SCALARS[dimension.type] : this.#object(dimension))
    this.#outputs.set(dimension.name, built)
    return built
  }

  /** In `where`: conditions on the key, or on key and attributes. */
  input(dimension: Dimension): GraphQLInputObjectType {
    const known = this.#inputs.get(dimension.name)
    const built = known ?? (dimension.attributes.size === 0 ? this.#conditions[dimension.type] : this.#where(dimension))
    this.#inputs.set(dimension.name, built)
    return built
  }

  #object(dimension: Dimension): GraphQLObjectType {
    return new GraphQLObjectType({
      name: this.#names.take(`${typeNameOf(dimension.name)}Dimension`),
      description: describeField(dimension),
      fields: {
        key: { type: SCALARS[dimension.type], description: 'The key, as facts carry it.' },
        ...Object.fromEntries(
          [...dimension.attributes.values()].map((attribute) => [
            attribute.name,
            { type: SCALARS[attribute.type], description: describeField(attribute) },
          ]),
        ),
      },
    })
  }

  #where(dimension: Dimension): GraphQLInputObjectType {
    return new GraphQLInputObjectType({
      name: this.#names.take(`${typeNameOf(dimension.name)}Condition`),
      description: `Conditions on ${dimension.label}; all that are given hold.`,
      fields: {
        key: { type: this.#conditions[dimension.type], description: 'The key, as facts carry it.' },
        ...Object.fromEntries(
          [...dimension.attributes.values()].map((attribute) => [
            attribute.name,
            { type: this.#conditions[attribute.type], description: describeField(attribute) },
          ]),
        ),
      },
    })
  }
}
