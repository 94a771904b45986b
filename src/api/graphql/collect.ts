import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

type Info = Pick<GraphQLResolveInfo, 'fragments' | 'variableValues'>

/**
 * The fields selected below some nodes of one field, by response key, in order: fragments opened, skipped ones left out,
 * nodes of one key together. Every type here is an object type, so that a fragment that passed validation applies.
 */
export function collect(nodes: readonly FieldNode[], info: Info): ReadonlyMap<string, readonly FieldNode[]> {
  const found = new Map<string, FieldNode[]>()
  const opened = new Set<string>()
  for (const { selectionSet } of nodes) if (selectionSet !== undefined) gather(selectionSet, info, found, opened)
  return found
}

function gather(set: SelectionSetNode, info: Info, found: Map<string, FieldNode[]>, opened: Set<string>): void {
  for (const selection of set.selections) {
    if (!isIncluded(selection, info)) continue
    switch (selection.kind) {
      case Kind.FIELD: {
        const key = responseKey(selection)
        const nodes = found.get(key)
        if (nodes === undefined) found.set(key, [selection])
        else nodes.push(selection)
        break
      }
      case Kind.INLINE_FRAGMENT:
        gather(selection.selectionSet, info, found, opened)
        break
      case Kind.FRAGMENT_SPREAD: {
        const { value: name } = selection.name
        const fragment = info.fragments[name]
        if (fragment === undefined || opened.has(name)) break
        opened.add(name)
        gather(fragment.selectionSet, info, found, opened)
      }
    }
  }
}

function responseKey(node: FieldNode): string {
  return node.alias?.value ?? node.name.value
}

function isIncluded(node: SelectionNode, { variableValues }: Info): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variableValues)?.if === true) return false
  return getDirectiveValues(GraphQLIncludeDirective, node, variableValues)?.if !== false
}
