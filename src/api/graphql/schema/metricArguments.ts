import {
  type GraphQLFieldConfigArgumentMap,
  type GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql'
import type { Question } from '../../../query/question.ts'
import type { Optional, WhereInput } from './argumentTypes.ts'
import { FILL, RANK, SHARE, SIDE, WINDOW } from './questionTypes.ts'

/** A period part by part, as questions have it. */
export type WindowInput = Optional<{
  trailing: string
  leading: string
  toDate: string
  atStart: boolean
  at: 'last' | 'first' | 'average'
}>

/** Arguments of a metric's field, coerced. */
export type MetricArguments = Optional<{
  modifiers: readonly string[]
  where: WhereInput
  period: string
  window: WindowInput
  offset: string
  fill: Extract<Question['fill'], string>
  side: 'previous' | 'delta' | 'ratio'
  share: Optional<{ within: readonly string[] }>
  rank: Optional<{ within: readonly string[]; direction: 'asc' | 'desc' }>
}>

/** What a metric can be asked with, in totals. */
export function metricArguments(where: GraphQLInputObjectType): GraphQLFieldConfigArgumentMap {
  return {
    modifiers: {
      type: new GraphQLList(new GraphQLNonNull(GraphQLString)),
      description: 'Named business filters of its process, on top of its own.',
    },
    where: { type: where, description: 'Further conditions, for this metric alone.' },
    period: { type: GraphQLString, description: 'trailing 7 days, leading 3 days, month to date, all time.' },
    window: { type: WINDOW, description: 'A period part by part, instead of `period`.' },
    offset: { type: GraphQLString, description: 'Its value of so much earlier: 7 days, 1 month, start of month.' },
    fill: { type: FILL, description: "What its empty cells hold; default: the question's, then the catalog's." },
    side: { type: SIDE },
  }
}

/** What a metric can be asked with, in rows. */
export function rowMetricArguments(where: GraphQLInputObjectType): GraphQLFieldConfigArgumentMap {
  return {
    ...metricArguments(where),
    share: { type: SHARE },
    rank: { type: RANK },
  }
}
