import {
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
} from 'graphql'
import type { Dimension } from '../../../catalog/catalog.ts'
import { dimensionValues } from '../../../gateway/dimensionValues.ts'
import { driftFor } from '../../driftFor.ts'
import type { GraphqlContext } from '../context.ts'
import { readCursorText, readLimit, readSearch } from '../readArguments.ts'
import { requiredList } from './answerParts.ts'
import { DATE, INT64, KEY } from './scalars.ts'

/** What the catalog says of itself, in the shapes of the REST doors /v1/metrics, /v1/dimensions and /v1/processes. */

const text = { type: GraphQLString }
const requiredText = { type: new GraphQLNonNull(GraphQLString) }
const texts = requiredList(GraphQLString)

const described = { name: requiredText, label: requiredText, aliases: texts, description: text }

const METRIC_SOURCE = new GraphQLObjectType({
  name: 'MetricSource',
  fields: { source: requiredText, kind: requiredText, store: requiredText, layer: requiredText },
})

interface DescribedMetric {
  readonly name: string
  readonly modifiers?: readonly string[]
}

const number = { type: GraphQLFloat }

const DRIFT_DAY = new GraphQLObjectType({
  name: 'DriftDay',
  fields: {
    day: { type: new GraphQLNonNull(DATE) },
    realtime: requiredText,
    offline: requiredText,
    difference: { ...number, description: 'Real time less the published value, as a share of it.' },
    landedAt: requiredText,
  },
})

const DRIFT_GROUP = new GraphQLObjectType({
  name: 'DriftGroup',
  fields: { dimension: requiredText, value: text, median: number, days: { type: new GraphQLNonNull(GraphQLInt) } },
})

const DRIFT = new GraphQLObjectType({
  name: 'Drift',
  description: 'How far real time usually is from what is published later.',
  fields: {
    summary: requiredText,
    median: number,
    worst: number,
    days: { type: new GraphQLNonNull(GraphQLInt) },
    history: requiredList(DRIFT_DAY),
    groups: requiredList(DRIFT_GROUP),
  },
})

export const METRIC = new GraphQLObjectType<DescribedMetric, GraphqlContext>({
  name: 'Metric',
  fields: {
    ...described,
    type: { ...requiredText, description: 'atomic, derived or composite.' },
    aggregation: { ...text, description: 'Of atomic metrics.' },
    from: { ...text, description: 'Of derived metrics.' },
    modifiers: { ...texts, resolve: ({ modifiers }) => modifiers ?? [] },
    formula: { ...text, description: 'Of composite metrics.' },
    process: { ...text, description: 'null where it reads several.' },
    processes: texts,
    domain: requiredText,
    dimensions: { ...texts, description: 'What it can be asked by.' },
    unit: text,
    format: { ...text, description: 'A d3-format specifier.' },
    owner: text,
    status: requiredText,
    sources: requiredList(METRIC_SOURCE),
    drift: {
      type: DRIFT,
      description: 'null before a day has landed.',
      resolve: ({ name }, _, context) => {
        context.lookUps.add()
        return driftFor(context.caller, name, context)
      },
    },
  },
})

const ATTRIBUTE = new GraphQLObjectType({ name: 'Attribute', fields: { ...described, type: requiredText } })

const DIMENSION_VALUE = new GraphQLObjectType({
  name: 'DimensionValue',
  fields: {
    value: { type: new GraphQLNonNull(KEY), description: 'What stands in a filter.' },
    label: { ...requiredText, description: 'What people read.' },
  },
})

const DIMENSION_VALUES = new GraphQLObjectType({
  name: 'DimensionValues',
  fields: {
    values: requiredList(DIMENSION_VALUE),
    nextCursor: { ...text, description: 'Asks for the next page; null on the last.' },
  },
})

/** A described dimension, with the dimension itself for reading its values. */
export interface DimensionSource {
  readonly dimension: Dimension
}

interface ValuesArguments {
  readonly search?: string | null
  readonly limit?: number | null
  readonly cursor?: string | null
}

const dimensionFields: GraphQLFieldConfigMap<DimensionSource, GraphqlContext> = {
  ...described,
  type: { ...requiredText, description: 'Of the key.' },
  owner: text,
  nameAttribute: { ...text, description: 'The attribute that people read instead of the key.' },
  attributes: requiredList(ATTRIBUTE),
  operators: { ...texts, description: 'Of filters on the key.' },
  processes: { ...texts, description: 'That carry it.' },
  values: {
    type: DIMENSION_VALUES,
    description: 'Its values, in order; null beside an error when they could not be read.',
    args: { search: text, limit: { type: GraphQLInt, defaultValue: 100 }, cursor: text },
    resolve: ({ dimension }, { search, limit, cursor }: ValuesArguments, context) => {
      context.lookUps.add()
      const request = {
        search: readSearch(search),
        limit: readLimit(limit, 1000, 100),
        cursor: readCursorText(cursor),
      }
      return dimensionValues(dimension, request, context.caller, context.gateway, context.signal)
    },
  },
}

export const DIMENSION = new GraphQLObjectType({ name: 'Dimension', fields: dimensionFields })

const MODIFIER_FILTER: GraphQLObjectType = new GraphQLObjectType({
  name: 'ModifierFilter',
  description: 'A comparison of a field or of a metric per entity, or one of and, or, not.',
  fields: () => ({
    field: text,
    grain: { ...text, description: 'Of a time: the first day of its bucket is compared.' },
    part: { ...text, description: 'Of a time: a number of it is compared.' },
    metric: { ...text, description: 'Compared for each value of `per`.' },
    per: text,
    modifiers: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)), description: 'Of the metric.' },
    filters: { ...filters, description: 'What the metric is computed over.' },
    op: text,
    values: { type: new GraphQLList(KEY) },
    and: filters,
    or: filters,
    not: { type: MODIFIER_FILTER },
  }),
})
const filters = { type: new GraphQLList(new GraphQLNonNull(MODIFIER_FILTER)) }

const MODIFIER = new GraphQLObjectType({
  name: 'Modifier',
  description: 'A named business filter of a process.',
  fields: { ...described, filters: requiredList(MODIFIER_FILTER) },
})

const PROCESS_SOURCE = new GraphQLObjectType({
  name: 'ProcessSource',
  fields: {
    source: requiredText,
    kind: requiredText,
    store: requiredText,
    layer: requiredText,
    rows: requiredText,
    complete: text,
  },
})

export const PROCESS = new GraphQLObjectType({
  name: 'Process',
  fields: {
    ...described,
    domain: requiredText,
    owner: text,
    zone: requiredText,
    dimensions: texts,
    modifiers: requiredList(MODIFIER),
    metrics: texts,
    sources: requiredList(PROCESS_SOURCE),
  },
})

export const PUBLICATION = new GraphQLObjectType({
  name: 'Publication',
  description: 'The record that a business day of a source is complete in a version.',
  fields: {
    source: requiredText,
    day: { type: new GraphQLNonNull(DATE) },
    version: { type: new GraphQLNonNull(INT64) },
    state: { ...requiredText, description: 'staged, published or superseded.' },
    rowCount: { type: INT64 },
    publishedAt: text,
  },
})
