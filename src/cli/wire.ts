import { z } from 'zod'

/**
 * What the gateway sends, as far as the commands print it. Read leniently: a gateway may be newer than this program and
 * say more.
 */

/** A JSON number, digit for digit. */
export class NumberText {
  readonly digits: string

  constructor(digits: string) {
    this.digits = digits
  }
}

export type WireValue = string | boolean | null | NumberText

const value = z.union([z.string(), z.boolean(), z.null(), z.instanceof(NumberText)])
const row = z.record(z.string(), value)

const freshness = z.object({
  asOf: z.string(),
  finalThrough: z.string().nullable(),
  sources: z.array(
    z.object({
      source: z.string().nullable(),
      from: z.string(),
      to: z.string(),
      finality: z.string(),
      reason: z.string().optional(),
    }),
  ),
})

const notices = z.array(z.object({ code: z.string(), message: z.string() }))

const number = z.instanceof(NumberText)

const answer = z.object({
  columns: z.array(z.object({ name: z.string(), role: z.string(), type: z.string(), format: z.string().optional() })),
  rows: z.array(row),
  freshness,
  notices,
  totals: z.array(row).optional(),
  subtotals: z.array(z.object({ by: z.array(z.string()), rows: z.array(row) })).optional(),
  truncated: z.boolean(),
  nextCursor: z.string().nullish(),
  receipt: z.object({ catalogVersion: z.string(), epoch: number }),
})

const explanation = z.object({
  plan: z.string(),
  sourceMap: z.array(
    z.object({
      process: z.string(),
      zone: z.string(),
      metrics: z.array(z.string()),
      days: z.array(
        z.object({
          from: z.string(),
          to: z.string(),
          read: z.string(),
          source: z.string().nullable(),
          version: number.nullable(),
          finality: z.string(),
          reason: z.string().nullable(),
        }),
      ),
      refused: z.array(z.string()),
    }),
  ),
  statements: z.array(
    z.object({
      source: z.string(),
      store: z.string(),
      engine: z.string(),
      metrics: z.array(z.string()),
      text: z.string(),
      params: z.array(value),
      scope: z.array(z.object({ dimension: z.string(), condition: z.string(), values: z.array(z.string()) })),
    }),
  ),
  freshness,
  notices,
  catalogVersion: z.string(),
  epoch: number,
})

const published = z.object({
  published: z.array(z.object({ source: z.string(), day: z.string(), version: number })),
  epoch: number,
})

const staged = z.object({
  staged: z.array(
    z.object({ source: z.string(), day: z.string(), version: number, rowCount: number, checksum: z.string() }),
  ),
})

const retention = z.object({
  mayPurge: z.boolean(),
  before: z.string(),
  days: z.object({ from: z.string(), to: z.string() }).nullable(),
  unprotected: z.array(z.object({ day: z.string(), lacking: z.array(z.string()) })),
})

const dropped = z.object({
  dropped: z.array(z.object({ source: z.string(), day: z.string(), version: number, removed: z.boolean() })),
})

const withdrawn = z.object({ withdrawn: z.boolean(), epoch: number })

const problem = z.object({
  title: z.string(),
  status: number,
  detail: z.string(),
  code: z.string(),
  errors: z
    .array(z.object({ pointer: z.string(), code: z.string(), message: z.string(), suggestions: z.array(z.string()) }))
    .default([]),
  requestId: z.string().optional(),
})

export type WireAnswer = z.output<typeof answer>
export type WireFreshness = z.output<typeof freshness>
export type WireNotices = z.output<typeof notices>
export type WireExplanation = z.output<typeof explanation>
export type WireProblem = z.output<typeof problem>

/** Thrown when what came is not what a gateway sends. */
export class NotAGateway extends Error {}

export const readAnswer = (text: string): WireAnswer => read(answer, text)
export const readExplanation = (text: string): WireExplanation => read(explanation, text)
export const readPublished = (text: string): z.output<typeof published> => read(published, text)
export const readStaged = (text: string): z.output<typeof staged> => read(staged, text)
export const readRetention = (text: string): z.output<typeof retention> => read(retention, text)
export const readDropped = (text: string): z.output<typeof dropped> => read(dropped, text)
export const readWithdrawn = (text: string): z.output<typeof withdrawn> => read(withdrawn, text)
export const readProblem = (text: string): WireProblem => read(problem, text)

function read<T>(schema: z.ZodType<T>, text: string): T {
  const parsed = schema.safeParse(parseExactly(text))
  if (parsed.success) return parsed.data
  const place = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new NotAGateway(`What came back is not what a gateway of this version sends (at "${place}").`)
}

function parseExactly(text: string): unknown {
  try {
    return JSON.parse(text, (_key: string, found: unknown, context?: { source?: string }) =>
      typeof found === 'number' ? new NumberText(context?.source ?? String(found)) : found,
    )
  } catch {
    throw new NotAGateway('What came back is not JSON; is there a gateway at this address?')
  }
}
