import { type GraphQLFieldConfigMap, GraphQLObjectType, GraphQLSchema } from 'graphql'
import type { Catalog, Domain } from '../../../catalog/catalog.ts'
import { isWhole } from '../../../catalog/visible.ts'
import type { GraphqlContext } from '../context.ts'
import { catalogFields } from './catalogFields.ts'
import { domainField, type SchemaSide } from './domainField.ts'
import { domainShape } from './domainShape.ts'
import { FieldTypes } from './fieldTypes.ts'
import { Groups } from './groups.ts'
import { NameBook } from './names.ts'
import { SUBSCRIPTION } from './subscription.ts'

/**
 * The schema of a catalog, twice: what callers see and documents are validated against, and what runs. They differ in
 * one thing: in the executed one `rows` and all totals are leaves, written by us as text, so that a large answer does not
 * pass through a resolver and a promise for each of its cells.
 */
export interface Schemas {
  readonly published: GraphQLSchema
  readonly executed: GraphQLSchema
  /** The fields of Query that ask a domain. */
  readonly figures: ReadonlySet<string>
}

export function buildSchemas(catalog: Catalog): Schemas {
  const fields = Object.keys(catalogFields(catalog))
  const domains = rootNames(catalog, fields)
  return {
    published: buildSchema(catalog, domains, 'published'),
    executed: buildSchema(catalog, domains, 'executed'),
    figures: new Set(domains.keys()),
  }
}

/** Names of types that are there whatever the catalog holds; see the files beside this one. */
const FIXED_TYPES = [
  ...[
    'Query',
    'String',
    'Int',
    'Float',
    'Boolean',
    'ID',
    'Int64',
    'Decimal',
    'Float64',
    'Date',
    'Key',
    'Time',
    'Written',
  ],
  ...['Grain', 'FinalityMode', 'Direction', 'TimeInput', 'OrderBy', 'Having', 'Finality', 'FreshnessSource'],
  ...[
    'Freshness',
    'Notice',
    'Column',
    'Receipt',
    'PinnedVersion',
    'MetricSource',
    'Metric',
    'Attribute',
    'DimensionValue',
  ],
  ...[
    'DatePart',
    'Fill',
    'Missing',
    'Side',
    'Every',
    'Compare',
    'Elapsed',
    'Top',
    'Share',
    'Rank',
    'Window',
    'WindowValue',
  ],
  ...[
    'DimensionValues',
    'Dimension',
    'Drift',
    'DriftDay',
    'DriftGroup',
    'Subscription',
    'Restatement',
    'ModifierFilter',
    'Modifier',
    'ProcessSource',
    'Process',
    'Publication',
  ],
]

function buildSchema(catalog: Catalog, domains: ReadonlyMap<string, Domain>, side: SchemaSide): GraphQLSchema {
  const names = new NameBook(FIXED_TYPES)
  const groups = new Groups(catalog)
  const types = new FieldTypes(names)
  const fields: GraphQLFieldConfigMap<unknown, GraphqlContext> = {}
  for (const [name, domain] of domains) {
    fields[name] = domainField(domainShape(domain, catalog, groups), side, types, names)
  }
  const description = 'One field a domain: its selection is the question. Beside them, the catalog itself.'
  const query = new GraphQLObjectType({
    name: 'Query',
    description,
    fields: { ...fields, ...catalogFields(catalog) },
  })
  return new GraphQLSchema({ query, subscription: isWhole(catalog) ? SUBSCRIPTION : null })
}

/** The domain of each root field: its name, or domain_<name> where the catalog's own fields have that. */
function rootNames(catalog: Catalog, taken: readonly string[]): Map<string, Domain> {
  const names = new NameBook([...taken, ...catalog.domains.keys()])
  return new Map(
    [...catalog.domains.values()].map((domain) => {
      const name = taken.includes(domain.name) ? names.take(`domain_${domain.name}`) : domain.name
      return [name, domain]
    }),
  )
}
