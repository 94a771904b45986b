import { z } from 'zod'
import { GRAINS } from '../../base/time.ts'

/** The answer as the API document shows it; written by api/shapes.ts. */
const finality = z.enum(['final', 'provisional', 'missing'])

export const freshnessSchema = z.object({
  asOf: z.string().describe('The moment of the answer.'),
  finalThrough: z.string().nullable().describe('Every day of the question up to this one is final.'),
  sources: z.array(
    z.object({
      source: z.string().nullable(),
      from: z.string(),
      to: z.string(),
      finality,
      reason: z.string().optional(),
    }),
  ),
})

export const noticeSchema = z.object({ code: z.string(), from: z.string(), to: z.string(), message: z.string() })

export const answerSchema = z
  .object({
    columns: z.array(
      z.object({
        name: z.string(),
        role: z.enum(['time', 'dimension', 'metric', 'finality']),
        type: z.enum(['date', 'timestamp', 'string', 'int64', 'decimal', 'float64', 'boolean']),
        grain: z.enum(GRAINS).optional(),
        unit: z.string().optional(),
        format: z.string().optional(),
      }),
    ),
    rows: z
      .union([
        z.array(z.record(z.string(), z.unknown())),
        z.array(z.array(z.unknown())),
        z.record(z.string(), z.array(z.unknown())),
      ])
      .describe(
        'shape=records: an object a row; rows: an array a row; columns: an array a column. Exact numbers digit for digit.',
      ),
    freshness: freshnessSchema,
    notices: z.array(noticeSchema),
    totals: z.array(z.record(z.string(), z.unknown())).optional(),
    truncated: z.boolean(),
    nextCursor: z.string().nullable(),
    receipt: z.object({
      queryId: z.string(),
      catalogVersion: z.string(),
      epoch: z.number().int(),
      cache: z.enum(['miss']),
      approximate: z.array(z.string()),
    }),
  })
  .meta({ id: 'Answer' })
