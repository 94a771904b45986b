import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { FAULTS } from '../../base/faults.ts'
import type { ApiContext } from '../context.ts'

/** One operation: binds, authorises, calls, replies. */
export type Operation = (app: FastifyInstance, context: ApiContext) => void

const codes = Object.keys(FAULTS) as (keyof typeof FAULTS)[]

/** A text that a store may be given as a value. */
export const storableText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => text.isWellFormed() && !text.includes('\u0000'), {
      error: 'a text is well-formed Unicode without the character U+0000',
    })

/** Marks an operation that is an admin's: it is not in the API document of others. */
export const ADMIN_ONLY = { 'x-roles': ['admin'] } as const

/** Marks an operation that is of all rows: it is not in the API document of tenants. */
export const WHOLE_VIEW_ONLY = { 'x-roles': ['admin', 'service', 'analyst'] } as const

/** RFC 9457, as the API document shows it. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.enum(codes),
    errors: z.array(
      z.object({
        pointer: z.string().describe('JSON pointer (RFC 6901) into what was sent.'),
        code: z.enum(codes),
        message: z.string(),
        suggestions: z.array(z.string()),
      }),
    ),
    requestId: z.string(),
  })
  .meta({ id: 'Problem', description: 'application/problem+json (RFC 9457).' })

/** The refusals that an operation may answer with, for its API document. */
export function refusals(...statuses: number[]): Record<number, unknown> {
  const described = problemSchema.describe('A refusal; `code` tells which.')
  return Object.fromEntries(statuses.map((status) => [status, described]))
}
