/**
 * The one table of everything that can go wrong: a code, an HTTP status and a public title.
 * A Fault is the only error whose text reaches a caller; what a store or a library says stays in `cause`.
 */
export const FAULTS = {
  MALFORMED_JSON: { status: 400, title: 'The body is not valid JSON' },
  TOO_DEEP: { status: 400, title: 'The body is nested too deeply' },
  UNSAFE_INTEGER: { status: 400, title: 'An integer is beyond 2^53 and would be rounded' },
  INVALID_QUESTION: { status: 400, title: 'The question is not well formed' },
  INVALID_REQUEST: { status: 400, title: 'The request is not well formed' },
  UNKNOWN_KEY: { status: 400, title: 'A key is not known' },
  UNKNOWN_METRIC: { status: 400, title: 'A metric is not known' },
  UNKNOWN_DIMENSION: { status: 400, title: 'A dimension or attribute is not known' },
  UNKNOWN_MODIFIER: { status: 400, title: 'A modifier is not known' },
  UNKNOWN_COLUMN: { status: 400, title: 'A column is not part of the answer' },
  UNKNOWN_SOURCE: { status: 400, title: 'A source is not known' },
  DUPLICATE_COLUMN: { status: 400, title: 'Two columns of the answer have the same name' },
  INVALID_RANGE: { status: 400, title: 'The time range is not possible' },
  INVALID_ZONE: { status: 400, title: 'The time zone is not known' },
  INVALID_VALUE: { status: 400, title: 'A value does not fit its field' },
  UNAUTHENTICATED: { status: 401, title: 'A valid credential is needed' },
  FORBIDDEN: { status: 403, title: 'The caller may not do this' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not allowed here' },
  NOT_ACCEPTABLE: { status: 406, title: 'No representation fits the Accept header' },
  CONFLICT: { status: 409, title: 'The state of the resource does not allow this' },
  DAY_NOT_OVER: { status: 409, title: 'A business day that is not over can not be published' },
  NOTHING_STAGED: { status: 409, title: 'No staged version of this day' },
  GONE: { status: 410, title: 'What was asked for is not kept any more' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  URI_TOO_LONG: { status: 414, title: 'The address is too long' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The media type is not supported' },
  NOT_ANSWERABLE: { status: 422, title: 'No source can answer this question' },
  AUDIT_FAILED: { status: 422, title: 'Staged rows are not what they must be' },
  NOT_FINAL: { status: 422, title: 'Final figures were asked for and some are not final' },
  OVER_BUDGET: { status: 422, title: 'The question is larger than the gateway computes' },
  RATE_LIMITED: { status: 429, title: 'More was asked than the caller may' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The header fields are too large' },
  CLIENT_CLOSED: { status: 499, title: 'The client went away' },
  INTERNAL: { status: 500, title: 'Something broke inside the gateway' },
  STORE_FAILED: { status: 502, title: 'A store refused a statement of the gateway' },
  CURSOR_GONE: { status: 409, title: 'The result of this cursor is not kept any more' },
  IDENTITY_DOWN: { status: 503, title: 'The identity provider is not reachable' },
  STORE_DOWN: { status: 503, title: 'A store is not reachable' },
  DEADLINE: { status: 504, title: 'The question took longer than its deadline' },
  INVALID_CATALOG: { status: 500, title: 'The catalog has faults' },
  INVALID_CONFIG: { status: 500, title: 'The configuration has faults' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>

export type FaultCode = keyof typeof FAULTS

/** One place that is wrong: a JSON pointer into what the caller sent, what is wrong there and what would work. */
export interface FaultDetail {
  readonly pointer: string
  readonly code: FaultCode
  readonly message: string
  readonly suggestions: readonly string[]
}

/** Builds a FaultDetail; `suggestions` default to none. */
export function faultDetail(
  code: FaultCode,
  pointer: string,
  message: string,
  suggestions: readonly string[] = [],
): FaultDetail {
  return { pointer, code, message, suggestions }
}

/** A failure that is told to the caller. `message` is public; `cause` never leaves the process but for its log. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly errors: readonly FaultDetail[]

  constructor(code: FaultCode, message: string, options: { errors?: readonly FaultDetail[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.errors = options.errors ?? []
  }

  get status(): number {
    return FAULTS[this.code].status
  }

  /** One fault out of one or more places; the first place names the code and the message. */
  static at(errors: readonly FaultDetail[]): Fault {
    const [first] = errors
    if (first === undefined) throw new TypeError('Fault.at needs at least one detail')
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
    return new Fault(first.code, first.message + more, { errors })
  }
}

/** Joins path parts to a JSON pointer (RFC 6901). */
export function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
