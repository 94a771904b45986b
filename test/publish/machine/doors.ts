import type { FastifyInstance } from 'fastify'
import type { Day } from '../../crown/oracle/calendar.ts'
import type { Asked } from './asked.ts'
import { ADMIN_KEY } from './service.ts'

/** What a gateway replied. */
export interface Told {
  readonly status: number
  readonly body: ReturnType<typeof JSON.parse>
}

/** A day as POST /v1/publications tells of it. */
export interface PublishedDay {
  readonly source: string
  readonly day: Day
  readonly version: number
}

export interface PublishBody {
  readonly source?: string
  readonly days: readonly Day[]
  readonly version?: number
  readonly runId?: string
  readonly empty?: true
}

export const publish = (app: FastifyInstance, body: PublishBody): Promise<Told> =>
  send(app, 'POST', '/v1/publications', body)

export interface StageBody {
  readonly source: string
  readonly days: readonly Day[]
  readonly version: number
}

export const stage = (app: FastifyInstance, body: StageBody): Promise<Told> =>
  send(app, 'POST', '/v1/publications/stage', body)

export const withdraw = (app: FastifyInstance, source: string, day: Day): Promise<Told> =>
  send(app, 'DELETE', `/v1/publications/${source}/${day}`)

/** The days of which a version is out, or waits to be, by the gateway's own list; newest versions first. */
export async function listed(app: FastifyInstance, state: 'published' | 'staged'): Promise<PublishedDay[]> {
  const { status, body } = await send(app, 'GET', '/v1/publications?limit=10000')
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.publications.filter((each: { readonly state: string }) => each.state === state)
}

/** Asks as whoever is on loopback. */
export const ask = (app: FastifyInstance, question: Asked): Promise<Told> =>
  send(app, 'POST', '/v1/query?shape=rows', question, '')

async function send(
  app: FastifyInstance,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  payload?: unknown,
  key = ADMIN_KEY,
): Promise<Told> {
  const response = await app.inject({
    method,
    url,
    headers: {
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
  })
  return { status: response.statusCode, body: JSON.parse(response.body) }
}
