import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import { FAULTS, Fault, type FaultCode, type FaultDetail } from '../../base/faults.ts'
import { faultOf } from '../problem.ts'

/** How an error stands in a response: the codes of REST, places in `errors`, and nothing of a store's own words. */
export interface ErrorExtensions {
  readonly code: FaultCode
  readonly status: number
  readonly errors: readonly FaultDetail[]
  readonly requestId: string
}

export type FormattedError = GraphQLFormattedError & { readonly extensions: ErrorExtensions & Record<string, unknown> }

const LONGEST_MESSAGE = 1000

/** What graphql says of a document or its variables, in our codes; the first that fits. */
const CODES: readonly (readonly [RegExp, FaultCode])[] = [
  [/^Syntax Error/, 'INVALID_REQUEST'],
  [/^Cannot query field "\w+" on type "\w+(Row|Totals|Subtotal)_*"/, 'UNKNOWN_METRIC'],
  [/^Cannot query field|^Unknown argument|is not defined by type|^Unknown (type|fragment|directive)/, 'UNKNOWN_KEY'],
  [/^Variable "\$\w+" of (required|non-null) type|^Variable "\$\w+" got invalid value/, 'INVALID_VALUE'],
  [/cannot represent|does not exist in|^Expected value of type|^(Int64|Decimal|Float64|Date) is /, 'INVALID_VALUE'],
]

/** The fault behind an error: ours, the caller's (a document that does not fit the schema), or INTERNAL. */
export function faultBehind(error: unknown): Fault {
  if (error instanceof GraphQLError) {
    if (error.originalError !== undefined && error.originalError !== null) return faultBehind(error.originalError)
    const code = CODES.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'INVALID_QUESTION'
    return new Fault(code, error.message.slice(0, LONGEST_MESSAGE))
  }
  return faultOf(error)
}

/** An error as a response carries it. */
export function formatError(error: unknown, requestId: string): FormattedError {
  const fault = faultBehind(error)
  const { locations, path } = error instanceof GraphQLError ? error : {}
  return {
    message: fault.message,
    ...(locations === undefined ? {} : { locations }),
    ...(path === undefined ? {} : { path }),
    extensions: { code: fault.code, status: FAULTS[fault.code].status, errors: fault.errors, requestId },
  }
}

/** The errors of a request that was not executed: what mercurius throws holds those of graphql. */
export function requestErrors(error: unknown): readonly unknown[] {
  if (error instanceof Fault || typeof error !== 'object' || error === null || !('errors' in error)) return [error]
  return Array.isArray(error.errors) && error.errors.length > 0 ? error.errors.slice(0, 20) : [error]
}
