import { type DocumentNode, type FieldNode, GraphQLError, type ValidationRule } from 'graphql'

/**
 * Introspection is answered from the schema that callers see, figures run on the other one (schema/schema.ts), and a
 * document runs on one of the two. So a document asks for one of the two; tools ask for the schema by itself anyway.
 */
export class Introspection {
  readonly #documents = new WeakSet<DocumentNode>()

  /** True for a document that passed `rule` and asks for the schema. */
  isAsked(document: DocumentNode): boolean {
    return this.#documents.has(document)
  }

  /** A rule of validation over documents on a schema whose `figures` are these fields of Query. */
  rule(figures: ReadonlySet<string>): ValidationRule {
    return (context) => {
      const asked: FieldNode[] = []
      const figure: FieldNode[] = []
      return {
        Field(node) {
          const { value: name } = node.name
          if (name === '__schema' || name === '__type') asked.push(node)
          else if (figures.has(name) && context.getParentType() === context.getSchema().getQueryType())
            figure.push(node)
        },
        Document: {
          leave: (document) => {
            if (asked.length === 0) return
            if (figure.length === 0) this.#documents.add(document)
            else {
              const message = 'Ask for the schema and for figures in two documents.'
              context.reportError(new GraphQLError(message, { nodes: [...asked.slice(0, 1), ...figure.slice(0, 1)] }))
            }
          },
        },
      }
    }
  }
}
