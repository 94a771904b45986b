import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  GraphQLInputObjectType,
  GraphQLObjectType,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql'
import type { ValueType } from '../../../catalog/schema.ts'
import type { GraphqlContext } from '../context.ts'
import { type Conditions, conditionTypes } from './conditionTypes.ts'
import { describeField } from './describe.ts'
import type { RowField } from './domainShape.ts'
import type { Group, Member } from './groups.ts'
import { type NameBook, typeNameOf } from './names.ts'
import { LOOK_ARGUMENTS } from './questionTypes.ts'
import { DATE, INT64, TIME } from './scalars.ts'

const SCALARS: Readonly<Record<ValueType, GraphQLScalarType>> = {
  string: GraphQLString,
  integer: INT64,
  boolean: GraphQLBoolean,
  date: DATE,
}

type FieldConfig = GraphQLFieldConfig<unknown, GraphqlContext>

/** Types of what groups and filters rows, each built once and shared by all domains. */
export class FieldTypes {
  readonly #names: NameBook
  readonly #conditions: Conditions
  readonly #outputs = new Map<Group, GraphQLObjectType>()
  readonly #inputs = new Map<Group, GraphQLInputObjectType>()

  constructor(names: NameBook) {
    this.#names = names
    this.#conditions = conditionTypes(names)
  }

  /** In rows: a scalar, or an object of key, attributes and what is linked. */
  output(field: RowField): FieldConfig {
    const description = describeField(field)
    switch (field.kind) {
      case 'time':
        return { type: TIME, description, args: LOOK_ARGUMENTS }
      case 'value':
        return valueField(field.type, description)
      case 'group':
        return { type: this.#object(field.group), description }
    }
  }

  /** In `where`: conditions on a value, or on the values of an object. */
  input(field: RowField): GraphQLInputObjectType {
    if (field.kind === 'group') return this.#where(field.group)
    return this.#conditions[field.kind === 'time' ? 'time' : field.type]
  }

  #object(group: Group): GraphQLObjectType {
    const known = this.#outputs.get(group)
    if (known !== undefined) return known
    const type: GraphQLObjectType = new GraphQLObjectType<unknown, GraphqlContext>({
      name: this.#names.take(typeNameOf(group.typeName)),
      description: describeField(group),
      fields: () =>
        fieldsOf(group, (member): FieldConfig => {
          const description = describeMember(member)
          return member.kind === 'value'
            ? valueField(member.type, description)
            : { type: this.#object(member.group), description }
        }),
    })
    this.#outputs.set(group, type)
    // Named now, so that the order of names does not depend on which schema is asked first.
    for (const member of group.members.values()) if (member.kind === 'group') this.#object(member.group)
    return type
  }

  #where(group: Group): GraphQLInputObjectType {
    const known = this.#inputs.get(group)
    if (known !== undefined) return known
    const type: GraphQLInputObjectType = new GraphQLInputObjectType({
      name: this.#names.take(`${typeNameOf(group.name)}Condition`),
      description: `Conditions on ${group.label}; all that are given hold.`,
      fields: () =>
        fieldsOf(group, (member) => ({
          type: member.kind === 'value' ? this.#conditions[member.type] : this.#where(member.group),
          description: describeMember(member),
        })),
    })
    this.#inputs.set(group, type)
    for (const member of group.members.values()) if (member.kind === 'group') this.#where(member.group)
    return type
  }
}

/** A date is grouped by itself, by a grain or by a part of it. */
function valueField(type: ValueType, description: string): FieldConfig {
  return { type: SCALARS[type], description, ...(type === 'date' ? { args: LOOK_ARGUMENTS } : {}) }
}

function fieldsOf<T>({ members }: Group, make: (member: Member) => T): Record<string, T> {
  return Object.fromEntries([...members].map(([name, member]) => [name, make(member)]))
}

function describeMember({ described }: Member): string {
  return described === undefined ? 'The key, as facts carry it.' : describeField(described)
}
