import {
  GraphQLEnumType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
} from 'graphql'
import { DATE, INT64 } from './scalars.ts'

/** Parts of an answer that are the same for every domain. */

const required = (type: GraphQLOutputType) => ({ type: new GraphQLNonNull(type) })
export const requiredList = (type: GraphQLOutputType) => ({
  type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type))),
})

export const FINALITY = new GraphQLEnumType({
  name: 'Finality',
  description: 'How far a number can be trusted. Written as in REST, in lower case.',
  values: {
    final: { description: 'Read from complete sources.' },
    provisional: { description: 'Real-time data; it may still change.' },
    missing: { description: 'No source holds it: null, never 0.' },
  },
})

const FRESHNESS_SOURCE = new GraphQLObjectType({
  name: 'FreshnessSource',
  description: 'Which days came from which source, both ends inclusive.',
  fields: {
    source: { type: GraphQLString, description: 'null for days that no source gave.' },
    from: required(DATE),
    to: required(DATE),
    finality: required(FINALITY),
    reason: { type: GraphQLString },
  },
})

export const FRESHNESS = new GraphQLObjectType({
  name: 'Freshness',
  fields: {
    asOf: required(GraphQLString),
    finalThrough: { type: DATE, description: 'Every day up to here is final; null when the first is not.' },
    sources: requiredList(FRESHNESS_SOURCE),
  },
})

export const NOTICE = new GraphQLObjectType({
  name: 'Notice',
  fields: {
    code: required(GraphQLString),
    from: required(GraphQLString),
    to: required(GraphQLString),
    message: required(GraphQLString),
  },
})

export const COLUMN = new GraphQLObjectType({
  name: 'Column',
  description: 'A column of the answer. Metrics are named by their first alias.',
  fields: {
    name: required(GraphQLString),
    role: required(GraphQLString),
    type: required(GraphQLString),
    grain: { type: GraphQLString },
    unit: { type: GraphQLString },
    format: { type: GraphQLString, description: 'A d3-format specifier.' },
  },
})

const PINNED_VERSION = new GraphQLObjectType({
  name: 'PinnedVersion',
  fields: { source: required(GraphQLString), from: required(DATE), to: required(DATE), version: required(INT64) },
})

export const RECEIPT = new GraphQLObjectType({
  name: 'Receipt',
  fields: {
    queryId: required(GraphQLString),
    catalogVersion: required(GraphQLString),
    epoch: required(INT64),
    cache: required(GraphQLString),
    approximate: requiredList(GraphQLString),
    asOf: required(GraphQLString),
    scope: { type: GraphQLString },
    versions: { ...requiredList(PINNED_VERSION), description: 'The published versions that were read.' },
    question: {
      ...required(GraphQLString),
      description: 'What was asked, as JSON; with the other fields it is the receipt of POST /v1/replay.',
      resolve: ({ question }: { question: object }) => JSON.stringify(question),
    },
  },
})
