import { type FieldNode, type GraphQLObjectType, type GraphQLResolveInfo, getArgumentValues } from 'graphql'
import type { Dimension } from '../../catalog/catalog.ts'
import { collect } from './collect.ts'
import type { ColumnBook } from './columnBook.ts'
import type { DomainShape } from './schema/domainShape.ts'

/** What stands at one response key of a row: a column of the answer, an object of such, or the name of a type. */
export type Output =
  | { readonly kind: 'column'; readonly key: string; readonly column: string }
  | { readonly kind: 'object'; readonly key: string; readonly fields: readonly Output[] }
  | { readonly kind: 'typeName'; readonly key: string; readonly name: string }

interface Reading {
  readonly shape: DomainShape
  readonly book: ColumnBook
  readonly info: GraphQLResolveInfo
}

/**
 * Reads the selection below `rows` or `totals` and enters what it asks for in the book. Reading the same selection again
 * finds the same columns. `type` is the type that callers see there.
 */
export function readOutputs(
  nodes: readonly FieldNode[],
  type: GraphQLObjectType,
  place: string,
  { shape, book, info }: Reading,
): Output[] {
  const dimensions = new Map(shape.dimensions.map((dimension) => [dimension.name, dimension]))
  const fields = type.getFields()
  return [...collect(nodes, info)].flatMap(([key, same]): Output[] => {
    const [node] = same
    if (node === undefined) return []
    const { value: name } = node.name
    const column = (of: string): Output[] => [{ kind: 'column', key, column: of }]
    if (name === '__typename') return [{ kind: 'typeName', key, name: type.name }]
    if (name === 'time') return column(book.timeAt(key))
    if (name === 'finality') return column(book.finalityAt(key))
    const dimension = dimensions.get(name)
    if (dimension?.attributes.size === 0) return column(book.dimension(name, [place, key]))
    if (dimension !== undefined) {
      const typeName = String(fields[name]?.type)
      return [{ kind: 'object', key, fields: readDimension(dimension, same, typeName, [place, key], { book, info }) }]
    }
    const definition = fields[name]
    if (definition === undefined) return []
    const { modifiers } = getArgumentValues(definition, node, info.variableValues) as { modifiers?: string[] | null }
    return column(book.metric(name, modifiers ?? [], [place, key]))
  })
}

function readDimension(
  dimension: Dimension,
  nodes: readonly FieldNode[],
  typeName: string,
  place: readonly string[],
  { book, info }: Pick<Reading, 'book' | 'info'>,
): Output[] {
  return [...collect(nodes, info)].map(([key, [node]]): Output => {
    const name = node?.name.value ?? key
    if (name === '__typename') return { kind: 'typeName', key, name: typeName }
    const field = name === 'key' ? dimension.name : `${dimension.name}.${name}`
    return { kind: 'column', key, column: book.dimension(field, [...place, key]) }
  })
}
