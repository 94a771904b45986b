import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
} from 'graphql'
import { Fault, faultDetail, pointer } from '../../base/faults.ts'
import { collect } from './collect.ts'
import type { ColumnBook } from './columnBook.ts'
import { type Look, readLook } from './readLook.ts'
import { readMetric } from './readMetric.ts'
import type { LookArguments } from './schema/argumentTypes.ts'
import { whereKeys } from './schema/argumentTypes.ts'
import type { DomainShape, RowField } from './schema/domainShape.ts'
import { type Group, memberField } from './schema/groups.ts'

type Place = readonly string[]

/** What stands at one response key of a row: a column of the answer, an object of such, or the name of a type. */
export type Output =
  | { readonly kind: 'column'; readonly key: string; readonly column: string }
  | { readonly kind: 'object'; readonly key: string; readonly fields: readonly Output[] }
  | { readonly kind: 'typeName'; readonly key: string; readonly name: string }

export interface Reading {
  readonly shape: DomainShape
  readonly book: ColumnBook
  readonly info: GraphQLResolveInfo
  readonly compares: boolean
  /** Of subtotals: the columns they are by. Fields of rows enter the book, those of subtotals must be there. */
  readonly by?: readonly string[] | undefined
}

/**
 * Reads the selection below `rows`, `totals` or `subtotals` and enters what it asks for in the book. Reading the same
 * selection again finds the same columns. `type` is the type that callers see there.
 */
export function readOutputs(
  nodes: readonly FieldNode[],
  type: GraphQLObjectType,
  place: string,
  reading: Reading,
): Output[] {
  const { shape, book, info, compares } = reading
  const metric = { book, compares, keys: whereKeys(shape), inRows: place === 'rows' }
  return read(nodes, type, info, (key, node, same, definition): Output => {
    const at = [place, key]
    const column = (of: string): Output => ({ kind: 'column', key, column: of })
    const args = getArgumentValues(definition, node, info.variableValues)
    const { name } = definition
    if (name === 'finality') return column(finalityAt(args.of, key, at, book))
    if (name === 'inProgress') return column(book.inProgressAt(key))
    const field = shape.fields.get(name)
    if (field?.kind === 'group') {
      return { kind: 'object', key, fields: readGroup(field.group, field.name, same, definition, at, reading) }
    }
    if (field !== undefined) return column(keyColumn(field.name, readLook(args, at), field.kind, at, reading))
    return column(readMetric(name, args, at, metric))
  })
}

function finalityAt(of: unknown, key: string, place: Place, book: ColumnBook): string {
  return typeof of === 'string' ? book.finalityOf(of, place) : book.finalityAt(key)
}

/** An object of key, attributes and what is linked. */
function readGroup(
  { members }: Group,
  field: string,
  nodes: readonly FieldNode[],
  { type }: GraphQLField<unknown, unknown>,
  place: Place,
  reading: Reading,
): Output[] {
  const { info } = reading
  return read(nodes, getNamedType(type) as GraphQLObjectType, info, (key, node, same, definition): Output => {
    const member = members.get(definition.name)
    if (member === undefined) throw new TypeError(`${definition.name} is in a type and not in its group`)
    const at = [...place, key]
    const path = memberField(field, member)
    if (member.kind === 'group') {
      return { kind: 'object', key, fields: readGroup(member.group, path, same, definition, at, reading) }
    }
    const args: LookArguments = getArgumentValues(definition, node, info.variableValues)
    return { kind: 'column', key, column: keyColumn(path, readLook(args, at), 'value', at, reading) }
  })
}

/** The column of what groups rows. */
function keyColumn(
  field: string,
  look: Look | undefined,
  kind: Exclude<RowField['kind'], 'group'>,
  place: Place,
  { book, by }: Reading,
): string {
  const isMain = field === 'time' && look === undefined
  if (kind === 'time' && !isMain && look === undefined) {
    const message = `Say how ${field} groups rows: ${field}(grain: DAY), ${field}(part: DOW).`
    throw Fault.at([faultDetail('INVALID_QUESTION', pointer(place), message)])
  }
  if (by === undefined) {
    return isMain ? book.timeAt(place.at(-1) ?? field) : book.dimension(field, look, place)
  }
  const column = isMain ? 'time' : book.dimensionColumn(field, look)
  if (column !== undefined && by.includes(column)) return column
  throw Fault.at([
    faultDetail('INVALID_QUESTION', pointer(place), `${field} is not what these subtotals are by; name it in "by".`),
  ])
}

type Reader = (
  key: string,
  node: FieldNode,
  same: readonly FieldNode[],
  definition: GraphQLField<unknown, unknown>,
) => Output

/** What is selected below some nodes, key by key. */
function read(nodes: readonly FieldNode[], type: GraphQLObjectType, info: GraphQLResolveInfo, of: Reader): Output[] {
  const fields = type.getFields()
  return [...collect(nodes, info)].flatMap(([key, same]): Output[] => {
    const [node] = same
    if (node === undefined) return []
    if (node.name.value === '__typename') return [{ kind: 'typeName', key, name: type.name }]
    const definition = fields[node.name.value]
    return definition === undefined ? [] : [of(key, node, same, definition)]
  })
}
