import type { Attribute, Catalog, Described, Dimension, Relation } from '../../../catalog/catalog.ts'
import type { ValueType } from '../../../catalog/schema.ts'

/** An object of a row: a dimension with attributes or links, or a relation. */
export interface Group extends Described {
  /** What its types are called after. */
  readonly typeName: string
  readonly members: ReadonlyMap<string, Member>
}

/** What stands in a group; `step` leads to it from the group's own field, none is the key. */
export type Member =
  | {
      readonly kind: 'value'
      readonly step: string | undefined
      readonly type: ValueType
      readonly described: Described | undefined
    }
  | { readonly kind: 'group'; readonly step: string; readonly group: Group; readonly described: Described }

/** The field of a question that a member of a group is. */
export function memberField(field: string, { step }: Member): string {
  return step === undefined ? field : `${field}.${step}`
}

/** The groups of a catalog, each built once; links may lead back to where they came from. */
export class Groups {
  readonly #catalog: Catalog
  readonly #ofDimensions = new Map<string, Group>()
  readonly #ofRelations = new Map<Relation, Group>()

  constructor(catalog: Catalog) {
    this.#catalog = catalog
  }

  /** undefined for a dimension that is a value. */
  ofDimension(dimension: Dimension): Group | undefined {
    if (dimension.attributes.size + dimension.links.size === 0) return undefined
    const known = this.#ofDimensions.get(dimension.name)
    if (known !== undefined) return known
    const members = new Map<string, Member>()
    const { name, label, aliases, description } = dimension
    const group: Group = { name, label, aliases, description, typeName: `${name}_dimension`, members }
    this.#ofDimensions.set(name, group)
    members.set('key', { kind: 'value', step: undefined, type: dimension.type, described: undefined })
    addAttributes(members, dimension.attributes)
    for (const link of dimension.links.values()) {
      const linked = this.#catalog.dimensions.get(link.dimension)
      if (linked === undefined || members.has(link.name)) continue
      const below = this.ofDimension(linked)
      members.set(
        link.name,
        below === undefined
          ? { kind: 'value', step: link.name, type: linked.type, described: link }
          : { kind: 'group', step: link.name, group: below, described: link },
      )
    }
    return group
  }

  ofRelation(relation: Relation): Group {
    const known = this.#ofRelations.get(relation)
    if (known !== undefined) return known
    const members = new Map<string, Member>()
    const { name, label, aliases, description } = relation
    const group: Group = { name, label, aliases, description, typeName: `${name}_relation`, members }
    this.#ofRelations.set(relation, group)
    addAttributes(members, relation.attributes)
    return group
  }
}

function addAttributes(members: Map<string, Member>, attributes: ReadonlyMap<string, Attribute>): void {
  for (const each of attributes.values())
    members.set(each.name, { kind: 'value', step: each.name, type: each.type, described: each })
}
