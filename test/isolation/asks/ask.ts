import type { FastifyInstance } from 'fastify'
import type { Moment } from '../model.ts'
import type { View } from '../oracle/view.ts'

/** What is sent; who sends it is said by its credential. */
export interface Sent {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly body?: string
}

/** What came back. */
export interface Reply {
  readonly status: number
  readonly headers: string
  readonly text: string
  /** The body; undefined when it is no JSON. */
  readonly json: unknown
}

/** Something that every caller of a world asks in the very same words. */
export interface Ask {
  readonly what: string
  readonly sent: Sent
  /** True when a reply that is no refusal may repeat what was sent. */
  readonly repeats?: boolean
  /** True for what is not kept for a next time: asked once by each, it has shown all. */
  readonly once?: boolean
  /** What is wrong with a reply to a caller, besides tokens in it that are not for the caller. */
  readonly check: (reply: Reply, view: View, moment: Moment) => string | undefined
}

/** Sends it with a credential. */
export async function send(app: FastifyInstance, { method, url, body }: Sent, credential: string): Promise<Reply> {
  const authorization = `Bearer ${credential}`
  const response = await app.inject({
    method,
    url,
    headers: body === undefined ? { authorization } : { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { payload: body }),
  })
  const text = response.payload
  return { status: response.statusCode, headers: JSON.stringify(response.headers), text, json: parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Figures are their caller's: no cache on the way may keep them for others. */
export function wrongKeeping({ headers }: Reply): string | undefined {
  const told = /"cache-control":"private\b/.test(headers) && /"vary":"[^"]*authorization/.test(headers)
  return told ? undefined : 'caches on the way may keep it for others'
}

/** What stands at a path of a JSON value; undefined where there is no such place. */
export function at(json: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce((value: unknown, key) => {
    if (typeof value !== 'object' || value === null) return undefined
    return (value as Readonly<Record<string | number, unknown>>)[key]
  }, json)
}

/** A list at a path; empty where there is none. */
export function listAt(json: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const value = at(json, ...path)
  return Array.isArray(value) ? value : []
}

/** Tells two lists apart that are to hold the same, in any order. */
export function unlike(got: readonly unknown[], wanted: Iterable<unknown>): string | undefined {
  const [had, missed] = [got, [...wanted]].map((list) =>
    list
      .map((each) => JSON.stringify(each))
      .toSorted()
      .join(', '),
  )
  return had === missed ? undefined : `got ${had} instead of ${missed}`
}
