import {
  type GraphQLFieldConfigMap,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLObjectType,
  GraphQLString,
} from 'graphql'
import type { Catalog, Described } from '../../../catalog/catalog.ts'
import { describeDimension, describeMetric, describeProcess, matches } from '../../../gateway/describe.ts'
import { publicationsFor } from '../../publicationsFor.ts'
import { notFound } from '../../rest/catalog.ts'
import type { GraphqlContext } from '../context.ts'
import { readLimit, readSearch } from '../readArguments.ts'
import { DIMENSION, METRIC, PROCESS, PUBLICATION } from './catalogTypes.ts'
import { DATE } from './scalars.ts'

type Fields = GraphQLFieldConfigMap<unknown, GraphqlContext>

interface PublicationArguments {
  readonly source?: string | null
  readonly from?: string | null
  readonly to?: string | null
  readonly limit?: number | null
}

/** The catalog itself: metrics, metric(name:) and the same of dimensions and processes, and what is published. */
export function catalogFields(catalog: Catalog): Fields {
  return {
    ...kindFields('metric', 'metrics', METRIC, catalog.metrics, (metric) => describeMetric(metric, catalog)),
    ...kindFields('dimension', 'dimensions', DIMENSION, catalog.dimensions, (dimension) => ({
      ...describeDimension(dimension, catalog),
      dimension,
    })),
    ...kindFields('process', 'processes', PROCESS, catalog.processes, describeProcess),
    publications: {
      type: listOf(PUBLICATION),
      description: 'Which business day of which source is out, in which version. Newest days first.',
      args: {
        source: { type: GraphQLString },
        from: { type: DATE },
        to: { type: DATE },
        limit: { type: GraphQLInt, defaultValue: 1000 },
      },
      resolve: (_, { source, from, to, limit }: PublicationArguments, context) => {
        context.lookUps.add()
        const filter = {
          source: source ?? undefined,
          from: from ?? undefined,
          to: to ?? undefined,
          limit: readLimit(limit, 10_000, 1000),
        }
        return publicationsFor(context.caller, filter, context)
      },
    },
  }
}

/** Nullable, so that a refusal of one root field leaves the others. */
const listOf = (type: GraphQLObjectType) => new GraphQLList(new GraphQLNonNull(type))

/** The list, searched in names, labels, aliases and descriptions, and the one of a name. */
function kindFields<T extends Described>(
  one: string,
  many: string,
  type: GraphQLObjectType,
  all: ReadonlyMap<string, T>,
  describe: (item: T) => object,
): Fields {
  return {
    [many]: {
      type: listOf(type),
      description: `${many} of the catalog, all or those that hold every word of \`search\`.`,
      args: { search: { type: GraphQLString } },
      resolve: (_, args: { search?: string | null }) => {
        const search = readSearch(args.search)
        return [...all.values()].filter((each) => search === undefined || matches(search, each)).map(describe)
      },
    },
    [one]: {
      type,
      description: `The ${one} of a name.`,
      args: { name: { type: new GraphQLNonNull(GraphQLString) } },
      resolve: (_, { name }: { name: string }) => {
        const found = all.get(name)
        if (found === undefined) throw notFound(one, name, all.keys())
        return describe(found)
      },
    },
  }
}
