import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfigArgumentMap,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql'
import { DATE_PARTS, GRAINS } from '../../../base/time.ts'
import { DATE } from './scalars.ts'

/** Words of a question that are the same for every domain. */

const text = { type: GraphQLString }
const requiredText = { type: new GraphQLNonNull(GraphQLString) }
const names = { type: new GraphQLList(new GraphQLNonNull(GraphQLString)) }

/** An enum whose values are the words of questions, in capitals. */
function words(name: string, values: Readonly<Record<string, string>>, description?: string): GraphQLEnumType {
  const entries = Object.entries(values).map(([word, told]) => [constantOf(word), { value: word, description: told }])
  return new GraphQLEnumType({ name, description, values: Object.fromEntries(entries) })
}

/** `finalOnly` -> `FINAL_ONLY`. */
function constantOf(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

const plain = (all: readonly string[]) => Object.fromEntries(all.map((word) => [word, '']))

export const GRAIN = words('Grain', plain(GRAINS), 'Of time buckets. Weeks start on Monday.')

const PART = words('DatePart', plain(DATE_PARTS), 'Numbers that a time is looked at by; DOW is 1 (Monday) to 7.')

export const FILL = words(
  'Fill',
  {
    none: 'Nothing is filled, whatever the catalog says.',
    null: 'Every bucket for every group; empty cells are null.',
    zero: 'Every bucket for every group; empty cells are 0.',
    previous: 'Every bucket for every group; empty cells hold the value before.',
  },
  'What empty cells hold. A missing bucket stays null.',
)

export const FINALITY_MODE = words('FinalityMode', {
  any: 'Every row, marked.',
  final: 'Refuses when something is not final.',
  finalOnly: 'Withholds rows that are not final, and says so.',
})

export const MISSING = words('Missing', {
  null: 'A value that misses a day is null.',
  partial: 'It is what the other days give, marked.',
})

export const DIRECTION = words('Direction', plain(['asc', 'desc']))

export const SIDE = words(
  'Side',
  {
    previous: 'The value of the period that is compared with.',
    delta: 'The value less the previous one.',
    ratio: 'The value by the previous one: a fraction also of integers.',
  },
  'What a comparison shows of a metric; needs `compare` on the domain.',
)

export const EVERY = new GraphQLInputObjectType({
  name: 'Every',
  description: 'Intervals of one length.',
  fields: {
    every: { ...requiredText, description: 'Like "2 weeks".' },
    from: { type: new GraphQLNonNull(DATE), description: 'A day on which an interval begins.' },
  },
})

/** What a time is cut or looked at by, as arguments of its field. */
export const LOOK_ARGUMENTS: GraphQLFieldConfigArgumentMap = {
  grain: { type: GRAIN, description: 'The first day of its bucket.' },
  calendar: { ...text, description: 'The label of its period in a calendar of the catalog.' },
  every: { type: EVERY, description: 'The first day of its interval.' },
  part: { type: PART, description: 'A number of it.' },
}

export const COMPARE = new GraphQLInputObjectType({
  name: 'Compare',
  description: 'The same metrics of an earlier period, selected with `side`.',
  fields: {
    offset: { ...requiredText, description: 'How much earlier: "7 days", "1 month", "start of month".' },
    elapsed: {
      type: words('Elapsed', { same: 'As much of it as has passed of the present one.', whole: 'All of it.' }),
      defaultValue: 'same',
      description: 'What of the earlier period an unfinished one meets.',
    },
  },
})

export const TOP = new GraphQLInputObjectType({
  name: 'Top',
  description: 'Keeps n groups of the whole question, whatever their time.',
  fields: {
    n: { type: new GraphQLNonNull(GraphQLInt) },
    by: { ...requiredText, description: 'A metric that is selected: its alias or name.' },
    others: { type: GraphQLBoolean, description: 'Folds the rest into one group, recomputed.' },
    direction: { type: DIRECTION, defaultValue: 'desc' },
  },
})

const within = { ...names, description: 'Rows that agree in these selected fields are one whole; none: all rows.' }

export const SHARE = new GraphQLInputObjectType({
  name: 'Share',
  description: 'The part of the total of all rows that agree in `within`: a fraction also of integers.',
  fields: { within },
})

export const RANK = new GraphQLInputObjectType({
  name: 'Rank',
  description: '1 for the largest; equal values share a rank, null has none.',
  fields: { within, direction: { type: DIRECTION, defaultValue: 'desc' } },
})

export const WINDOW = new GraphQLInputObjectType({
  name: 'Window',
  description: 'A period part by part.',
  fields: {
    trailing: { ...text, description: 'How far back, like "3 days", or "all".' },
    leading: { ...text, description: 'How far ahead, like "2 days", or "all".' },
    toDate: { ...text, description: 'From the start of the bucket of a grain or calendar.' },
    atStart: { type: GraphQLBoolean, description: "Anchors at the bucket's start instead of its end." },
    at: {
      type: words('WindowValue', plain(['last', 'first', 'average'])),
      description: 'The value of a bucket longer than a day; default LAST.',
    },
  },
})
