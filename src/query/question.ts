import { z } from 'zod'
import { GRAINS, parseDuration } from '../base/time.ts'
import { FILTER_OPERATORS } from '../catalog/schema.ts'

/**
 * The question as callers write it: one shape for REST, GraphQL and the CLI. Unknown keys are refused. The schema checks
 * form only; what names mean is bound in resolve.ts.
 */

const fieldName = z.string().min(1).max(200)
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: 'a value is a text, a number, true, false or null',
})

/** A day: whoever takes older figures asks for published days. */
const MOST_STALENESS_MS = 86_400_000
const duration = z.string().regex(/^[1-9]\d{0,4} (second|minute|hour|day)s?$/)

const filterOperator = z.enum(FILTER_OPERATORS)

/**
 * One object instead of a union of three, so that a fault points at the key that is wrong and not at the whole filter.
 * Exactly one form is used: a comparison, `and`, `or` or `not`.
 */
export const filterSchema = z
  .strictObject({
    field: fieldName.optional().describe('A dimension, dimension.attribute; in `having` a metric of the answer.'),
    op: filterOperator.optional(),
    values: z.array(scalar).max(10_000).optional(),
    get and() {
      return z.array(filterSchema).min(1).max(100).optional()
    },
    get or() {
      return z.array(filterSchema).min(1).max(100).optional()
    },
    get not() {
      return filterSchema.optional()
    },
  })
  .superRefine((filter, context) => {
    const forms = (['and', 'or', 'not'] as const).filter((key) => filter[key] !== undefined)
    const compares = filter.field !== undefined || filter.op !== undefined || filter.values !== undefined
    if (forms.length + (compares ? 1 : 0) !== 1) {
      context.addIssue({ code: 'custom', message: 'a filter is {field, op, values} or one of {and}, {or}, {not}' })
    } else if (compares) {
      if (filter.field === undefined)
        context.addIssue({ code: 'custom', path: ['field'], message: '"field" is missing' })
      if (filter.op === undefined) context.addIssue({ code: 'custom', path: ['op'], message: '"op" is missing' })
    }
  })
  .meta({ id: 'Filter', description: '{field, op, values}, or one of {and: [...]}, {or: [...]}, {not: {...}}.' })

const range = z
  .union([z.string().min(1).max(60), z.array(z.string().min(1).max(60)).min(1).max(2)], {
    error: 'a range is two ends, both inclusive, or a phrase like "last 7 days"',
  })
  .describe('Two ends, inclusive at the precision they are written in, or a phrase: today, last 7 days, month to date.')

const metricRequest = z
  .union(
    [
      fieldName,
      z.strictObject({
        metric: fieldName,
        modifiers: z.array(fieldName).max(20).optional(),
        as: z
          .string()
          .regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, { error: 'a column name is letters, digits and _, first a letter' })
          .optional(),
      }),
    ],
    { error: 'a metric is a name or {metric, modifiers, as}' },
  )
  .describe('A metric name, or a variant of one.')

const dimensionRequest = z
  .union([fieldName, z.strictObject({ field: fieldName })], { error: 'a dimension is a name or {field}' })
  .describe('A dimension (its key) or dimension.attribute.')

export const questionSchema = z
  .strictObject({
    metrics: z.array(metricRequest).min(1).max(100),
    dimensions: z.array(dimensionRequest).max(20).default([]),
    time: z
      .strictObject({
        range: range.optional(),
        grain: z.enum(GRAINS).optional().describe('None means one total; weeks start on Monday.'),
        zone: z.string().min(1).max(64).optional().describe('Default: each process keeps its own business days.'),
      })
      .default({}),
    filters: z.array(filterSchema).max(100).default([]).describe('All of them hold; applied before aggregation.'),
    having: z.array(filterSchema).max(100).default([]).describe('On finished metrics.'),
    order: z
      .array(z.strictObject({ field: fieldName, direction: z.enum(['asc', 'desc']).default('asc') }))
      .max(20)
      .default([]),
    limit: z.number().int().min(0).max(50_000).optional(),
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
  .meta({ id: 'Question' })

/** What a caller may write. */
export type QuestionInput = z.input<typeof questionSchema>
/** A question of right form, defaults filled in. */
export type Question = z.output<typeof questionSchema>
export type FilterInput = z.output<typeof filterSchema>
