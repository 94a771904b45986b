import { FAULTS, Fault, type FaultCode, type FaultDetail } from '../base/faults.ts'

/** RFC 9457, with our code, the places that are wrong and the id of the request. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: FaultCode
  readonly errors: readonly FaultDetail[]
  readonly requestId: string
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** A fault as every door tells it. */
export function problemOf(fault: Fault, requestId: string): Problem {
  const { status, title } = FAULTS[fault.code]
  return {
    type: `urn:oneservice:problem:${fault.code}`,
    title,
    status,
    detail: fault.message,
    code: fault.code,
    errors: fault.errors,
    requestId,
  }
}

/** HTTP status of the server's own refusals -> our code. */
const BY_STATUS: Readonly<Record<number, FaultCode>> = {
  400: 'INVALID_REQUEST',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  413: 'BODY_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  431: 'HEADERS_TOO_LARGE',
}

/** Whatever was thrown, as a fault. What is not ours and not the caller's is INTERNAL, its text kept in the cause. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error
  const status = statusOf(error)
  const code = status === undefined ? undefined : BY_STATUS[status]
  if (code === undefined) return new Fault('INTERNAL', 'Something broke inside the gateway.', { cause: error })
  return new Fault(code, refusal(code), { cause: error })
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const status = 'statusCode' in error ? error.statusCode : 'status' in error ? error.status : undefined
  return typeof status === 'number' ? status : undefined
}

/** What the server refuses before a request reaches us, in our words. */
function refusal(code: FaultCode): string {
  switch (code) {
    case 'BODY_TOO_LARGE':
      return 'The body is larger than 1 MiB.'
    case 'UNSUPPORTED_MEDIA_TYPE':
      return 'Send the body as application/json.'
    case 'INVALID_REQUEST':
      return 'The request could not be read.'
    default:
      return `${FAULTS[code].title}.`
  }
}
