import { z } from 'zod'
import { DATE_PARTS, parseDuration } from '../base/time.ts'
import { type FilterInput, filterSchema } from '../catalog/filterSchema.ts'
import { fillSchema, offsetSchema, periodSchema } from '../catalog/schema.ts'

/**
 * The question as callers write it: one shape for REST, GraphQL and the CLI. Unknown keys are refused. The schema checks
 * form only; what names mean is bound in resolve.ts.
 */

const fieldName = z.string().min(1).max(200)
/** A day: whoever takes older figures asks for published days. */
const MOST_STALENESS_MS = 86_400_000
const duration = z.string().regex(/^[1-9]\d{0,4} (second|minute|hour|day)s?$/)

const range = z
  .union([z.string().min(1).max(60), z.array(z.string().min(1).max(60)).min(1).max(2)], {
    error: 'a range is two ends, both inclusive, or a phrase like "last 7 days"',
  })
  .describe('Two ends, inclusive at the precision they are written in, or a phrase: today, last 7 days, month to date.')

const columnName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, { error: 'a column name is letters, digits and _, first a letter' })

const fill = z
  .union([z.enum(['none', 'null', 'zero', 'previous']), fillSchema], {
    error: 'fill is none, null, zero, previous or {spine, value, groups}',
  })
  .describe('What empty cells hold: none adds nothing; null, zero and previous show every bucket for every group.')

const within = z.array(fieldName).max(20).default([]).describe('Groups that agree in these are one whole.')

/** One object for the forms a column can have, so that a fault points at the key that is wrong. */
const metricVariant = z
  .strictObject({
    metric: fieldName.optional(),
    modifiers: z.array(fieldName).max(20).optional(),
    filters: z.array(filterSchema).max(20).optional().describe('Further conditions, for this column alone.'),
    period: periodSchema.optional(),
    offset: offsetSchema.optional(),
    fill: fill.optional(),
    share: z
      .strictObject({ of: fieldName, within })
      .optional()
      .describe('The part that a row has of the total of all rows that agree in `within`.'),
    rank: z
      .strictObject({ by: fieldName, within, direction: z.enum(['asc', 'desc']).default('desc') })
      .optional()
      .describe('1 for the largest; equal values share a rank, null has none.'),
    as: columnName.optional(),
  })
  .superRefine((column, context) => {
    const forms = (['metric', 'share', 'rank'] as const).filter((key) => column[key] !== undefined)
    if (forms.length !== 1) {
      context.addIssue({ code: 'custom', message: 'a column is one of {metric}, {share}, {rank}' })
      return
    }
    if (column.metric !== undefined) return
    for (const key of ['modifiers', 'filters', 'period', 'offset', 'fill'] as const)
      if (column[key] !== undefined)
        context.addIssue({ code: 'custom', path: [key], message: `"${key}" goes with "metric"` })
    if (column.as === undefined)
      context.addIssue({ code: 'custom', path: ['as'], message: `"as" is missing: a ${forms[0]} needs a name` })
  })

const metricRequest = z
  .union([fieldName, metricVariant], {
    error: 'a metric is a name or {metric, modifiers, filters, period, offset, fill, as}, {share, as}, {rank, as}',
  })
  .describe('A metric name, a variant of one, or a share or rank.')

const every = z.strictObject({
  every: z
    .string()
    .regex(/^[1-9]\d{0,3} (minute|hour|day|week|month|quarter|year)s?$/, { error: 'an interval looks like "2 weeks"' }),
  from: z.iso.date().describe('A day on which an interval begins.'),
})

const grain = z
  .union([fieldName, every], {
    error: 'a grain is minute, hour, day, week, month, quarter, year, a calendar or {every, from}',
  })
  .describe('minute, hour, day, week, month, quarter, year; a calendar of the catalog; or {every: "2 weeks", from}.')

const dimensionRequest = z
  .union(
    [
      fieldName,
      z
        .strictObject({
          field: fieldName,
          grain: grain.optional(),
          part: z.enum(DATE_PARTS).optional().describe('A number of the time; dow is 1 (Monday) to 7.'),
          as: columnName.optional(),
        })
        .refine((asked) => asked.grain === undefined || asked.part === undefined, {
          path: ['part'],
          error: 'a time is grouped by its grain or by a part of it',
        }),
    ],
    { error: 'a dimension is a name or {field, grain, part, as}' },
  )
  .describe('A dimension (its key), dimension.attribute, or a time with a grain or a part.')

const groupNames = z.union([fieldName, z.array(fieldName).max(20)], { error: 'a subtotal is a column or several' })

export const questionSchema = z
  .strictObject({
    metrics: z
      .array(metricRequest)
      .max(100)
      .default([])
      .describe('Without metrics: the distinct combinations of the dimensions.'),
    dimensions: z.array(dimensionRequest).max(20).default([]),
    time: z
      .strictObject({
        range: range.optional(),
        grain: grain.optional().describe('None means one total; weeks start on Monday.'),
        wholeBuckets: z.boolean().default(false).describe('Widens the range to whole buckets.'),
        zone: z.string().min(1).max(64).optional().describe('Default: each process keeps its own business days.'),
      })
      .default({ wholeBuckets: false }),
    filters: z.array(filterSchema).max(100).default([]).describe('All of them hold; applied before aggregation.'),
    having: z.array(filterSchema).max(100).default([]).describe('On finished metrics.'),
    order: z
      .array(z.strictObject({ field: fieldName, direction: z.enum(['asc', 'desc']).default('asc') }))
      .max(20)
      .default([]),
    limit: z.number().int().min(0).max(50_000).optional(),
    offset: z.number().int().min(0).max(10_000_000).default(0).describe('Rows left out before the first.'),
    cursor: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('The nextCursor of an answer: the next page of the very same result.'),
    compare: z
      .strictObject({
        offset: offsetSchema,
        elapsed: z
          .enum(['same', 'whole'])
          .default('same')
          .describe('What of the earlier period an unfinished one meets.'),
      })
      .optional()
      .describe('Adds <metric>__previous, __delta and __ratio (metric / previous).'),
    fill: fill.optional(),
    top: z
      .strictObject({
        n: z.number().int().min(1).max(10_000),
        by: fieldName,
        others: z.boolean().default(false).describe('Folds the rest into one group.'),
        direction: z.enum(['asc', 'desc']).default('desc'),
      })
      .optional()
      .describe('Keeps n groups of the whole question.'),
    subtotals: z.array(groupNames).max(20).default([]).describe('Totals by these columns, recomputed.'),
    extent: z.boolean().default(false).describe('Without metrics: the least and largest value of each dimension.'),
    missing: z
      .enum(['null', 'partial'])
      .default('null')
      .describe('A value that misses a day is null; partial shows what the other days give.'),
    align: z
      .boolean()
      .default(false)
      .describe(
        'Processes that a metric combines are read from real time together, on days that one of them is and that all their streams hold.',
      ),
    inProgress: z.boolean().default(false).describe('Adds a column that marks the bucket that holds now.'),
    metricFinality: z.boolean().default(false).describe('Adds <metric>__finality for each metric.'),
    finality: z
      .enum(['any', 'final', 'finalOnly'])
      .default('any')
      .describe('final refuses when something is not final; finalOnly withholds those rows.'),
    maxStaleness: z
      .union(
        [
          z
            .number()
            .int()
            .min(0)
            .max(MOST_STALENESS_MS / 1000),
          duration,
        ],
        {
          error: 'a staleness is seconds, up to 86400, or a duration like "5 minutes"',
        },
      )
      .default(0)
      .transform((value) =>
        typeof value === 'number' ? value * 1000 : Math.min(parseDuration(value) ?? 0, MOST_STALENESS_MS),
      )
      .describe(
        'How old a live answer may be: seconds, or "5 minutes". It is then given at once and read anew behind it.',
      ),
    totals: z.boolean().default(false).describe('Adds the grand total, recomputed, never added up.'),
  })
  .superRefine((question, context) => {
    const refuse = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if (question.metrics.length > 0) {
      if (question.extent) refuse('extent', 'an extent is of dimensions; leave "metrics" out')
      return
    }
    if (question.dimensions.length === 0 && question.time.grain === undefined && question.cursor === undefined)
      refuse('metrics', 'a question asks for metrics, or for the combinations of dimensions')
    for (const key of ['compare', 'top', 'fill'] as const)
      if (question[key] !== undefined) refuse(key, `"${key}" needs metrics`)
  })
  .meta({ id: 'Question' })

/** What a caller may write. */
export type QuestionInput = z.input<typeof questionSchema>
/** A question of right form, defaults filled in. */
export type Question = z.output<typeof questionSchema>
export type { FilterInput }
