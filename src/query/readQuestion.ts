import type { z } from 'zod'
import { didYouMean, nearest } from '../base/didYouMean.ts'
import { Fault, type FaultCode, type FaultDetail, faultDetail, pointer } from '../base/faults.ts'
import { innermost, keysAt, valueAt } from '../base/shape.ts'
import { type Question, questionSchema } from './question.ts'

/** Checks the form of an untrusted question. Faults with every place that is wrong. */
export function readQuestion(input: unknown): Question {
  return readShape(questionSchema, input, 'INVALID_QUESTION')
}

/** Checks an untrusted value against a schema and turns every issue into a pointer, a code and a hint. */
export function readShape<T>(schema: z.ZodType<T>, input: unknown, code: FaultCode): T {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw Fault.at(parsed.error.issues.flatMap((issue) => detailsOf(innermost(issue), schema, input, code)).slice(0, 20))
}

function detailsOf(issue: z.core.$ZodIssue, schema: z.ZodType, input: unknown, code: FaultCode): FaultDetail[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path)
    return issue.keys.map((key) => {
      const near = nearest(key, known)
      const message = `"${clip(key)}" is not known here.${didYouMean(near)}`
      return faultDetail('UNKNOWN_KEY', pointer([...issue.path, clip(key)]), message, near)
    })
  }
  const written = valueAt(input, issue.path)
  const options = issue.code === 'invalid_value' ? issue.values.map(String) : []
  const near = typeof written === 'string' ? nearest(written, options) : []
  const suggestions = near.length > 0 ? near : options.slice(0, 20)
  const last = issue.path.at(-1)
  const missing = written === undefined && typeof last === 'string' && issue.code !== 'custom'
  const expected = options.length > 0 ? `Expected one of ${options.join(', ')}.` : sentence(issue.message)
  const message = missing ? `"${last}" is missing.` : `${expected}${didYouMean(near)}`
  return [faultDetail(code, pointer(issue.path), message, suggestions)]
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
