import { z } from 'zod'

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
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

const OPERATORS = [
  'eq',
  'ne',
  'in',
  'notIn',
  'gt',
  'gte',
  'lt',
  'lte',
  'between',
  'contains',
  'startsWith',
  'isNull',
  'notNull',
] as const

const modifierFilter = z.strictObject({
  field: z.string().min(1).max(200).describe('A dimension of the process, or dimension.attribute.'),
  op: z.enum(OPERATORS),
  values: z.array(scalar).max(1000).default([]),
})

const modifier = z.strictObject({
  modifier: name,
  ...described,
  filters: z.array(modifierFilter).min(1).max(20).describe('All of them hold.'),
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

const sourceTime = z.strictObject({
  column: identifier.optional(),
  sql: z.string().min(1).max(4000).optional(),
  grain: z.enum(['instant', 'minute', 'hour', 'day']).describe('How fine the column is; day = a date in the zone.'),
  day: identifier
    .optional()
    .describe(
      'A date column that repeats the business day of each row: whole days are read by it, and partitions pruned.',
    ),
})

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
  complete: z.enum(['published', 'watermark', 'always']).optional().describe('Batch sources; default always.'),
  watermark: z.string().min(1).max(4000).optional().describe('A query whose one value is the last complete day.'),
  version: identifier.optional().describe('The column that says which publication a row belongs to.'),
  since: z.iso.date().optional().describe('Days before are empty and final; default: the first publication.'),
  retention: duration.optional().describe('How long a stream keeps its rows; default: for ever.'),
  dimensions: z.record(name, expression).default({}),
  measures: z.record(name, measure).default({}),
  upstream: z.array(z.string().min(1).max(300)).max(100).default([]),
})

const NUMBER_TYPES = ['integer', 'decimal', 'float'] as const

const metricCommon = {
  metric: name,
  ...described,
  unit: z.string().min(1).max(40).optional(),
  format: z.string().min(1).max(40).optional().describe('A d3-format specifier, like .2% or ",.2f".'),
  owner: z.string().max(200).optional(),
  status: z.enum(['draft', 'published', 'deprecated']).default('published'),
}

const metric = z.strictObject({
  ...metricCommon,
  agg: z.enum(['sum', 'count', 'min', 'max', 'avg', 'count_distinct']).optional(),
  of: name.optional().describe('A measure of the sources; count without it counts rows.'),
  type: z.enum(NUMBER_TYPES).optional().describe('How the values travel; default: integer for counts, else decimal.'),
  from: name.optional().describe('The metric this one is derived from.'),
  modifiers: z.array(name).min(1).max(20).optional(),
  formula: z.string().min(1).max(2000).optional().describe('A formula over metrics, like clicks / exposures.'),
  domain: name.optional().describe('Where a composite over several domains belongs.'),
})

/** One file under metrics/ that describes a business process. */
export const processFile = z.strictObject({
  process: name,
  domain: name,
  ...described,
  owner: z.string().max(200).optional(),
  zone: zone.describe('Business days are cut here.'),
  dimensions: z.array(name).max(200).default([]),
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
  key: identifier.describe('The column whose values are the keys; one row a key.'),
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
  values: z
    .array(z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]), label: label.optional() }))
    .max(1000)
    .optional()
    .describe('All values, where they are few and known.'),
})

export type ProcessFile = z.infer<typeof processFile>
export type CompositesFile = z.infer<typeof compositesFile>
export type DimensionFile = z.infer<typeof dimensionFile>
export type SourceFile = z.infer<typeof source>
export type MetricFile = z.infer<typeof metric>
export type MeasureFile = z.infer<typeof measure>
export type ExpressionFile = z.infer<typeof expression>
export type FilterFile = z.infer<typeof modifierFilter>
export type ValueType = (typeof VALUE_TYPES)[number]
export type NumberType = (typeof NUMBER_TYPES)[number]
export type FilterOperator = (typeof OPERATORS)[number]
export { OPERATORS as FILTER_OPERATORS }
