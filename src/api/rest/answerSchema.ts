import { z } from 'zod'
import type { MediaType } from '../formats/format.ts'

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

const ASIDES =
  'What a table has no room for is told in `x-oneservice-` headers: `query-id`, `receipt`, `rows`, `truncated`, `finality`, `freshness`, `notices`, `totals`, `subtotals` and `next-cursor`.'

export const answerSchema = z
  .object({
    columns: z.array(
      z.object({
        name: z.string(),
        role: z.enum(['time', 'dimension', 'metric', 'finality']),
        type: z.enum(['date', 'timestamp', 'string', 'int64', 'decimal', 'float64', 'boolean']),
        grain: z.string().optional(),
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
    subtotals: z
      .array(z.object({ by: z.array(z.string()), rows: z.array(z.record(z.string(), z.unknown())) }))
      .optional(),
    truncated: z.boolean(),
    nextCursor: z.string().nullable(),
    receipt: z.object({
      queryId: z.string(),
      catalogVersion: z.string(),
      epoch: z.number().int(),
      cache: z.enum(['miss']),
      approximate: z.array(z.string()),
      asOf: z.string().describe('The moment that phrases like "last 7 days" were read at.'),
      scope: z.string().nullable(),
      versions: z
        .array(z.object({ source: z.string(), from: z.string(), to: z.string(), version: z.number().int() }))
        .describe('The published versions that were read.'),
      question: z.record(z.string(), z.unknown()).describe('What was asked; see POST /v1/replay.'),
    }),
  })
  .meta({ id: 'Answer' })

const tables: Readonly<Record<Exclude<MediaType, 'application/json'>, string>> = {
  'text/csv': `RFC 4180: a line of column names, a line a row; a null is an empty cell, an empty text is "". ${ASIDES}`,
  'application/x-ndjson': `A JSON object a row, each on a line of its own. ${ASIDES}`,
  'application/vnd.apache.arrow.stream': `An Arrow IPC stream. ${ASIDES} The metadata of its schema has them too, as \`oneservice.<name>\`.`,
}

/** A response that is an answer, in every media type it comes in. */
export const answerResponse = {
  description: 'The answer, in the media type that `Accept` prefers.',
  content: {
    'application/json': { schema: answerSchema },
    ...Object.fromEntries(
      Object.entries(tables).map(([type, told]) => [type, { schema: z.string().describe(told) }] as const),
    ),
  },
}
