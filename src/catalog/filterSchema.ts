import { z } from 'zod'
import { DATE_PARTS, GRAINS } from '../base/time.ts'

/** The filter grammar: questions and modifiers write conditions in the same words. */

export const FILTER_OPERATORS = [
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
export type FilterOperator = (typeof FILTER_OPERATORS)[number]

const fieldName = z.string().min(1).max(200)
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: 'a value is a text, a number, true, false or null',
})

/**
 * One object instead of a union, so that a fault points at the key that is wrong and not at the whole filter. Exactly
 * one form is used: a comparison of a field, a comparison of a metric per entity, `and`, `or` or `not`.
 */
export const filterSchema = z
  .strictObject({
    field: fieldName
      .optional()
      .describe('A dimension, dimension.attribute, `time` or another time; in `having` a metric of the answer.'),
    grain: z.enum(GRAINS).optional().describe('Of a time: the first day of its bucket is compared.'),
    part: z.enum(DATE_PARTS).optional().describe('Of a time: a number is compared; dow is 1 (Monday) to 7.'),
    metric: fieldName.optional().describe('A metric per entity: compared for each value of `per`.'),
    per: fieldName.optional().describe('The dimension whose values are the entities.'),
    modifiers: z.array(fieldName).max(20).optional().describe('Of the metric per entity.'),
    op: z.enum(FILTER_OPERATORS).optional(),
    values: z.array(scalar).max(10_000).optional(),
    get filters() {
      return z.array(filterSchema).max(100).optional().describe('What the metric per entity is computed over.')
    },
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
    const told = (key: keyof typeof filter): boolean => filter[key] !== undefined
    const forms = (['and', 'or', 'not'] as const).filter(told)
    const compares = (
      ['field', 'metric', 'per', 'op', 'values', 'grain', 'part', 'modifiers', 'filters'] as const
    ).some(told)
    const missing = (key: string) => context.addIssue({ code: 'custom', path: [key], message: `"${key}" is missing` })
    const stray = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if (forms.length + (compares ? 1 : 0) !== 1) {
      context.addIssue({ code: 'custom', message: 'a filter is {field, op, values} or one of {and}, {or}, {not}' })
    } else if (compares) {
      if (told('metric')) {
        if (told('field')) stray('field', 'a filter compares a field or a metric per entity, not both')
        if (!told('per')) missing('per')
      } else {
        if (!told('field')) missing('field')
        for (const key of ['per', 'modifiers', 'filters'] as const)
          if (told(key)) stray(key, `"${key}" goes with "metric"`)
      }
      if (told('grain') && told('part')) stray('part', 'a time is compared by its grain or by a part of it')
      if (!told('op')) missing('op')
    }
  })
  .meta({ id: 'Filter', description: '{field, op, values}, or one of {and: [...]}, {or: [...]}, {not: {...}}.' })

export type FilterInput = z.output<typeof filterSchema>
