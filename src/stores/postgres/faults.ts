import { Fault } from '../../base/faults.ts'
import type { Bounds } from '../bounds.ts'

/** SQLSTATE query_canceled: by statement_timeout or by a cancel request. */
const CANCELLED = '57014'

/** A server going down or not yet up, and too many connections. Class 08 is a broken connection. */
const DOWN_STATES = new Set(['57P01', '57P02', '57P03', '53300'])

const DOWN_SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
])

/** pg tells of a lost connection in words only. */
const LOST_CONNECTION = /^Connection terminated|not queryable|timeout expired/

/** Turns what pg or PGlite threw while a statement ran into a Fault; the store's own words stay in `cause`. */
export function postgresFault(store: string, error: unknown, bounds?: Bounds): Fault {
  if (error instanceof Fault) return error
  if (bounds?.ended !== undefined) return bounds.fault(bounds.ended, error)
  const code = codeOf(error)
  if (code === CANCELLED && bounds !== undefined) return bounds.fault('DEADLINE', error)
  if (isDown(code, error)) return downFault(store, error)
  return new Fault('STORE_FAILED', `The store "${store}" refused a statement`, { cause: error })
}

/** The store can't be reached. */
export function downFault(store: string, cause: unknown): Fault {
  return new Fault('STORE_DOWN', `The store "${store}" is not reachable`, { cause })
}

function isDown(code: string | undefined, error: unknown): boolean {
  // 08P01 is a message that the server did not understand: it is there.
  if (code !== undefined)
    return (code.startsWith('08') && code !== '08P01') || DOWN_STATES.has(code) || DOWN_SYSTEM_CODES.has(code)
  return error instanceof Error && LOST_CONNECTION.test(error.message)
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
