import { GraphQLList, GraphQLNonNull, GraphQLObjectType, type GraphQLScalarType, GraphQLString } from 'graphql'
import { FEED_START, readPosition } from '../../../control/feedPosition.ts'
import type { SubscriptionContext } from '../context.ts'
import { exact } from './exact.ts'
import { DATE, DECIMAL, INT64 } from './scalars.ts'

const required = (type: GraphQLScalarType) => ({ type: new GraphQLNonNull(type) })

const RESTATEMENT = new GraphQLObjectType({
  name: 'Restatement',
  description: 'What a publication or a withdrawal did to the value of a metric on a day.',
  fields: {
    id: { ...required(GraphQLString), description: 'Goes on behind it as `since`.' },
    epoch: required(INT64),
    at: required(GraphQLString),
    metric: required(GraphQLString),
    day: required(DATE),
    old: { type: DECIMAL, description: 'Digit for digit; null is no value.', resolve: ({ old }) => exact(old) },
    new: { type: DECIMAL, resolve: (entry) => exact(entry.new) },
    oldFinality: required(GraphQLString),
    newFinality: required(GraphQLString),
    fault: { type: GraphQLString, description: 'Why a side could not be computed.' },
  },
})

interface FeedArguments {
  readonly since?: string | null
  readonly metrics?: readonly string[] | null
}

/** What can be followed. Sums over all tenants: only for who sees all rows. */
export const SUBSCRIPTION = new GraphQLObjectType<unknown, SubscriptionContext>({
  name: 'Subscription',
  fields: {
    restatements: {
      type: new GraphQLNonNull(RESTATEMENT),
      description: 'The feed of GET /v1/restatements: what is in it behind a place, and then what comes.',
      args: {
        since: { type: GraphQLString, description: 'An epoch, an id, a day or an instant; default: the beginning.' },
        metrics: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)), description: 'Default: all.' },
      },
      subscribe: (_, { since, metrics }: FeedArguments, { landings, signal }) => {
        const place = since === null || since === undefined ? FEED_START : readPosition(since, '/since')
        return landings.follow({ since: place, metrics: metrics ?? undefined }, signal)
      },
      resolve: (entry) => entry,
    },
  },
})
