import { z } from 'zod'
import { GRAINS } from '../base/time.ts'
import { FILTER_OPERATORS, type FilterInput, type FilterOperator, filterSchema } from './filterSchema.ts'

/**
 * The shape of catalog files, and the only description of it: files are checked against these schemas, and the JSON
 * Schema that editors use is generated from them. What the shapes mean across files is checked by `rules/`.
 */

const NAME = /^[a-z][a-z0-9_]{0,62}$/

const name = z
  .string()
  .regex(NAME, { error: 'a name is lower case letters, digits and _, starts with a letter, at most 63 characters' })
const label = z.string().min(1).max(200)
const described = {
  label: label.optional().describe('What people read; default: the name in words.'),
  aliases: z.array(label).max(50).default([]).describe('Other words people search for, in any language.'),
  description: z.string().max(4000).optional(),
}
const zone = z.string().min(1).describe('An IANA time zone, like Asia/Shanghai.')

/** `<n> days` and the like; retention and look-backs. */
const duration = z
  .string()
  .regex(/^[1-9]\d{0,4} (minute|hour|day|week)s?$/, { error: 'a duration looks like "7 days" or "36 hours"' })

const identifier = z.string().min(1).max(128)

const sqlExpression = z.strictObject({
  sql: z.string().min(1).max(4000).describe("An expression in the store's own SQL over this table's columns."),
})
const expression = z.union([identifier, sqlExpression]).describe('A column of the table, or {sql: ...}.')

const VALUE_TYPES = ['string', 'integer', 'boolean', 'date'] as const
const valueType = z.enum(VALUE_TYPES)
const modifier = z.strictObject({
  modifier: name,
  ...described,
  filters: z.array(filterSchema).min(1).max(20).describe('All of them hold.'),
})

/** What a column of an aggregate table holds. */
const STATES = ['sum', 'count', 'min', 'max', 'key'] as const

const measure = z.union([
  identifier,
  z.strictObject({
    column: identifier.optional(),
    sql: z.string().min(1).max(4000).optional(),
    state: z
      .enum(STATES)
      .optional()
      .describe('On rows: aggregate, what the column holds; key = a grouped key that can be counted distinct.'),
  }),
  z.strictObject({ sum: expression, count: expression }).describe('The two parts of an average.'),
])

const keyExpression = z
  .union([expression, z.strictObject({ key: z.array(expression).min(1).max(5) })])
  .describe('A column, {sql: ...}, or {key: [...]} for a key of several columns; the first is what is asked.')

const sourceTime = z.strictObject({
  column: identifier.optional(),
  sql: z.string().min(1).max(4000).optional(),
  grain: z
    .enum(['instant', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'])
    .describe('How fine the column is; day = a date in the zone, week and longer = the first day of its bucket.'),
  day: identifier
    .optional()
    .describe(
      'A date column that repeats the business day of each row: whole days are read by it, and partitions pruned.',
    ),
})

const sqlText = z.string().min(1).max(4000)

const percent = z
  .string()
  .regex(/^\d{1,4}(\.\d{1,6})?%$/, { error: 'a tolerance looks like "5%" or "0.5%"' })
  .describe('A share of the published value.')

const auditSchema = z
  .strictObject({
    tolerance: z
      .record(name, percent)
      .default({})
      .describe('Metric: how far its published day may be from its real-time day, like {exposures: "5%"}.'),
    by: name.optional().describe('The dimension by which both stores are compared; default: the first that both hold.'),
  })
  .describe('What is looked at before a version is published.')

const source = z.strictObject({
  source: name,
  store: name.describe('A store name; its URL is set by ONESERVICE_STORE_<NAME>.'),
  kind: z.enum(['batch', 'stream']).default('batch'),
  layer: z.enum(['ODS', 'DWD', 'DWS', 'ADS']).default('DWD'),
  description: z.string().max(4000).optional(),
  table: z.string().min(1).max(300),
  where: z.string().min(1).max(4000).optional().describe("A condition in the store's own SQL that every read carries."),
  rows: z.enum(['event', 'aggregate']).default('event'),
  unique: identifier.optional().describe('A column that makes an event unique; repeated rows of it are read once.'),
  time: sourceTime,
  times: z.record(name, sourceTime).default({}).describe('Further times of a row, which may be null.'),
  partitions: z
    .array(identifier)
    .max(5)
    .default([])
    .describe('Columns that partition the table; equated with those of the same name of dimension tables.'),
  complete: z.enum(['published', 'watermark', 'always']).optional().describe('Batch sources; default always.'),
  watermark: z
    .union([sqlText, z.strictObject({ days: sqlText })], {
      error: 'a watermark is a query for the last complete day, or {days: a query that lists the complete days}',
    })
    .optional()
    .describe('A query whose one value is the last complete day; or {days: ...}, which lists the complete days.'),
  version: identifier.optional().describe('The column that says which publication a row belongs to.'),
  audit: auditSchema.optional(),
  keep: duration
    .optional()
    .describe('How long a superseded version is kept before its rows are dropped; default: until it is asked for.'),
  since: z.iso.date().optional().describe('Days before are empty and final; default: the first publication.'),
  retention: duration.optional().describe('How long a stream keeps its rows; default: for ever.'),
  lag: duration
    .optional()
    .describe('The newest event of a stream that lives is never older; answers tell when it is. Default: not watched.'),
  dimensions: z.record(name, keyExpression).default({}),
  measures: z.record(name, measure).default({}),
  upstream: z.array(z.string().min(1).max(300)).max(100).default([]),
})

const NUMBER_TYPES = ['integer', 'decimal', 'float'] as const

/** `7 days`, or `1 fiscal_month` of a custom calendar. */
const spanText = z
  .string()
  .regex(/^[1-9]\d{0,4} [a-z][a-z0-9_]*$/, { error: 'a span looks like "7 days" or "1 fiscal_month"' })
const bound = z.union([z.literal('all'), spanText], { error: 'a window reaches a span like "7 days", or "all"' })

/** The window of a derived metric, in words or part by part. */
export const periodSchema = z
  .union(
    [
      z
        .string()
        .regex(
          /^(all time|trailing [1-9]\d{0,4} [a-z][a-z0-9_]*|leading [1-9]\d{0,4} [a-z][a-z0-9_]*|[a-z][a-z0-9_]* to date)$/,
          {
            error:
              'a period is "trailing 7 days", "leading 3 days", "month to date", "all time" or {trailing, leading}',
          },
        ),
      z
        .strictObject({
          trailing: bound.optional(),
          leading: bound.optional(),
          toDate: name.optional().describe('A grain or a calendar: from the start of its bucket to the row.'),
          atStart: z.boolean().default(false).describe("Anchors at the bucket's start instead of its end."),
          at: z.enum(['last', 'first', 'average']).default('last').describe('The value of a bucket longer than a day.'),
        })
        .refine(
          (period) => period.toDate !== undefined || period.trailing !== undefined || period.leading !== undefined,
          {
            error: 'a period says trailing, leading or toDate',
          },
        )
        .refine(
          (period) => period.toDate === undefined || (period.trailing === undefined && period.leading === undefined),
          {
            path: ['toDate'],
            error: 'a period to date has no trailing and no leading',
          },
        ),
    ],
    { error: 'a period is "trailing 7 days", "leading 3 days", "month to date", "all time" or {trailing, leading}' },
  )
  .describe('trailing 7 days, leading 3 days, month to date, all time, or {trailing, leading, toDate, atStart, at}.')

/** A shift in time: `7 days`, `1 month`, `start of month`. */
export const offsetSchema = z
  .string()
  .regex(/^(start of [a-z][a-z0-9_]*|-?[1-9]\d{0,4} [a-z][a-z0-9_]*)$/, {
    error: 'an offset is a span like "7 days" or "start of month"',
  })
  .describe('Shows the value of so much earlier: 7 days, 1 month, 1 fiscal_month; or "start of month".')

export const fillSchema = z.strictObject({
  spine: z.boolean().default(false).describe('Every bucket of the range appears when time is grouped.'),
  value: z
    .union([z.null(), z.number(), z.literal('previous')])
    .default(null)
    .describe('What an empty cell holds.'),
  groups: z
    .union([z.literal('each'), z.null()])
    .default('each')
    .describe('Filled rows for every group that occurs, or one row with null dimensions.'),
})

const input = z.strictObject({
  metric: name,
  modifiers: z.array(name).max(20).optional(),
  filters: z.array(filterSchema).max(20).optional(),
  period: periodSchema.optional(),
  offset: offsetSchema.optional(),
})

const AGGREGATIONS = [
  'sum',
  'count',
  'min',
  'max',
  'avg',
  'count_distinct',
  'sum_boolean',
  'median',
  'percentile',
  'variance',
  'stddev',
  'first',
  'last',
] as const

const metricCommon = {
  metric: name,
  ...described,
  unit: z.string().min(1).max(40).optional(),
  format: z.string().min(1).max(40).optional().describe('A d3-format specifier, like .2% or ",.2f".'),
  owner: z.string().max(200).optional(),
  status: z.enum(['draft', 'published', 'deprecated']).default('published'),
  fill: fillSchema.optional().describe('What empty cells hold; default: nothing is filled.'),
}

const metric = z.strictObject({
  ...metricCommon,
  agg: z.enum(AGGREGATIONS).optional(),
  percentile: z
    .strictObject({ p: z.number().min(0).max(1), method: z.enum(['continuous', 'discrete']).default('continuous') })
    .optional()
    .describe('Of agg: percentile.'),
  algorithm: z
    .enum(['exact', 'approximate'])
    .optional()
    .describe(
      'Of distinct counts and percentiles; default exact. HyperLogLog (standard error 0.6 %) or a histogram (at most 0.8 % off).',
    ),
  time: name.optional().describe("One of the sources' `times`, instead of the process's own."),
  snapshot: z
    .strictObject({
      keep: z.enum(['last', 'first']).default('last'),
      by: z.array(name).max(10).default([]).describe('The last moment of each of these; none = the last at all.'),
      grain: z.enum(GRAINS).default('day').describe('How finely moments are told apart.'),
    })
    .optional()
    .describe('Semi-additive: only the rows of the last (first) moment count, never summed over time.'),
  of: name.optional().describe('A measure of the sources; count without it counts rows.'),
  type: z.enum(NUMBER_TYPES).optional().describe('How the values travel; default: integer for counts, else decimal.'),
  from: name.optional().describe('The metric this one is derived from.'),
  modifiers: z.array(name).min(1).max(20).optional(),
  filters: z.array(filterSchema).min(1).max(20).optional().describe('Conditions without a name of their own.'),
  period: periodSchema.optional(),
  offset: offsetSchema.optional(),
  conversion: z
    .strictObject({
      base: name.describe('The metric that counts the events that may lead to others.'),
      // biome-ignore lint/suspicious/noThenProperty: the catalog's word; nothing awaits a schema
      then: name.describe('The metric that counts the events that follow.'),
      entity: name.describe('The dimension that tells who: both processes carry it.'),
      within: duration.optional().describe('How much later at most; default: ever.'),
      match: z.array(name).max(10).default([]).describe('Dimensions that must agree.'),
      credit: z.enum(['latest', 'first', 'every']).default('latest').describe('Which of several base events counts.'),
    })
    .optional()
    .describe('Counts the events that followed another, at the time and dimensions of that other.'),
  inputs: z.record(name, input).optional().describe('Names of the formula that are metrics in a variant.'),
  formula: z.string().min(1).max(2000).optional().describe('A formula over metrics, like clicks / exposures.'),
  domain: name.optional().describe('Where a composite over several domains belongs.'),
})

const relationAttribute = z.strictObject({
  attribute: name,
  ...described,
  column: expression.optional(),
  type: valueType.default('string'),
})

const relation = z
  .strictObject({
    relation: name,
    ...described,
    tables: z
      .array(z.strictObject({ store: name, table: z.string().min(1).max(300) }))
      .min(1)
      .max(20),
    on: z.record(identifier, identifier).describe('Column of the facts: column of the table.'),
    unique: z.array(identifier).min(1).max(5).describe('Columns that make a row of the facts unique.'),
    attributes: z.array(relationAttribute).min(1).max(100),
  })
  .describe('Several rows for one fact; a fact counts once in each group it falls into.')

/** One file under metrics/ that describes a business process. */
export const processFile = z.strictObject({
  process: name,
  domain: name,
  ...described,
  owner: z.string().max(200).optional(),
  zone: zone.describe('Business days are cut here.'),
  dimensions: z
    .array(z.union([name, z.strictObject({ role: name, dimension: name, ...described })]))
    .max(200)
    .default([])
    .describe('Dimensions, or {role, dimension} for one under another name.'),
  relations: z.array(relation).max(20).default([]),
  modifiers: z.array(modifier).max(200).default([]),
  sources: z.array(source).min(1).max(50),
  metrics: z.array(metric).max(2000).default([]),
})

/** One file under metrics/ that holds composites over several processes. */
export const compositesFile = z.strictObject({ metrics: z.array(metric).min(1).max(2000) })

const attribute = z.strictObject({
  attribute: name,
  ...described,
  column: expression.optional().describe('Default: a column of the same name.'),
  type: valueType.default('string'),
})

const dimensionTable = z.strictObject({
  store: name,
  table: z.string().min(1).max(300),
  key: z
    .union([identifier, z.array(identifier).min(1).max(5)])
    .describe('The column whose values are the keys, or several that make one together; one row a key.'),
  history: z
    .strictObject({ from: identifier, to: identifier })
    .optional()
    .describe('Columns from when (inclusive) to when (exclusive, or null) a row holds.'),
  partitions: z.array(identifier).max(5).default([]).describe('Columns that partition both sides of a join.'),
})

/** One file under dimensions/. */
export const dimensionFile = z.strictObject({
  dimension: name,
  ...described,
  owner: z.string().max(200).optional(),
  type: valueType.default('string').describe('Of the key.'),
  table: dimensionTable.optional().describe('The authoritative table; none for a plain column of the facts.'),
  copies: z.array(dimensionTable).max(20).default([]).describe('The same table in other stores.'),
  name: name.optional().describe('The attribute that people read instead of the key.'),
  attributes: z.array(attribute).max(200).default([]),
  links: z
    .array(z.strictObject({ link: name, dimension: name, key: expression.optional(), ...described }))
    .max(50)
    .default([])
    .describe('Other dimensions that a row of the table names: asked as dimension.link.attribute.'),
  values: z
    .array(z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]), label: label.optional() }))
    .max(1000)
    .optional()
    .describe('All values, where they are few and known.'),
})

/** One file under dimensions/ that holds a calendar of one's own. */
export const calendarFile = z
  .strictObject({
    calendar: name,
    ...described,
    table: z
      .strictObject({ store: name, table: z.string().min(1).max(300), day: identifier, label: identifier })
      .optional()
      .describe('A row a day, with the label of its period.'),
    periods: z
      .array(z.strictObject({ label, from: z.iso.date(), to: z.iso.date() }))
      .min(1)
      .max(5000)
      .optional()
      .describe('Both ends inclusive.'),
  })
  .refine((calendar) => (calendar.table === undefined) !== (calendar.periods === undefined), {
    error: 'a calendar is a table of days or a list of periods',
  })

export type CalendarFile = z.infer<typeof calendarFile>
export type RelationFile = z.infer<typeof relation>
export type InputFile = z.infer<typeof input>
export type PeriodFile = z.infer<typeof periodSchema>
export type FillFile = z.infer<typeof fillSchema>
export type AggregationName = (typeof AGGREGATIONS)[number]
export type ProcessFile = z.infer<typeof processFile>
export type CompositesFile = z.infer<typeof compositesFile>
export type DimensionFile = z.infer<typeof dimensionFile>
export type SourceFile = z.infer<typeof source>
export type MetricFile = z.infer<typeof metric>
export type MeasureFile = z.infer<typeof measure>
export type ExpressionFile = z.infer<typeof expression>
export type FilterFile = FilterInput
export type ValueType = (typeof VALUE_TYPES)[number]
export type NumberType = (typeof NUMBER_TYPES)[number]
export { FILTER_OPERATORS, type FilterOperator }
