import { Fault } from '../../base/faults.ts'
import type { Bounds } from '../bounds.ts'

/** TIMEOUT_EXCEEDED, and TOO_SLOW: the server foresaw that the time would not do. */
const TOO_LATE = new Set(['159', '160'])

/** NETWORK_ERROR and AUTHENTICATION_FAILED: the server, or what stands behind it, does not let us in. */
const DOWN = new Set(['210', '516'])

const DOWN_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** The HTTP client tells of a lost connection in words only. */
const LOST_CONNECTION = /socket hang up|^Timeout error/i

/** Turns what the client or chDB threw while a statement ran into a Fault; the store's own words stay in `cause`. */
export function clickHouseFault(store: string, error: unknown, bounds: Bounds): Fault {
  if (error instanceof Fault) return error
  if (bounds.ended !== undefined) return bounds.fault(bounds.ended, error)
  const code = codeOf(error)
  if (TOO_LATE.has(code)) return bounds.fault('DEADLINE', error)
  if (DOWN.has(code) || DOWN_SYSTEM_CODES.has(code) || isLost(error)) return downFault(store, error)
  return new Fault('STORE_FAILED', `The store "${store}" refused a statement`, { cause: error })
}

/** The store can't be reached. */
export function downFault(store: string, cause: unknown): Fault {
  return new Fault('STORE_DOWN', `The store "${store}" is not reachable`, { cause })
}

function isLost(error: unknown): boolean {
  return error instanceof Error && LOST_CONNECTION.test(error.message)
}

/** ClickHouse's own number where there is one (chDB keeps it apart), else the system's code. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('clickhouseCode' in error && error.clickhouseCode !== undefined) return String(error.clickhouseCode)
  return 'code' in error ? String(error.code) : ''
}
