import type { Door, Method, Request } from './door.ts'
import { makeKey } from './keyring.ts'

const QUESTION = { metrics: ['tickets'], time: { range: '2026-11-18' } }
const DOCUMENT = '{ box_office(time: {range: "2026-11-18"}) { rows { tickets } } }'

/** What goes with the endpoints that need more than their address. */
const BODIES: Readonly<Record<string, unknown>> = {
  'POST /v1/query': QUESTION,
  'POST /v1/explain': QUESTION,
  'POST /graphql': { query: DOCUMENT },
  // The run has been: whoever may, may repeat it.
  'POST /v1/publications': { source: 'ticket_day', days: ['2026-11-19'], version: 1, runId: 'night-19' },
  'POST /v1/publications/stage': { source: 'ticket_day', days: ['2026-11-19'], version: 1, empty: true },
  'POST /v1/publications/drop': { olderThan: '9 weeks' },
  // Whose receipt it would be makes a difference of its own; what is none is refused to whoever may ask.
  'POST /v1/replay': { receipt: {} },
  'POST /v1/keys': { name: 'made by the table', role: 'analyst' },
}

const ADDRESSES: Readonly<Record<string, string>> = {
  'GET /v1/query': `/v1/query?q=${encodeURIComponent(JSON.stringify(QUESTION))}`,
  'GET /v1/retention': '/v1/retention?source=ticket_event&before=2026-11-19',
  'GET /graphql': `/graphql?query=${encodeURIComponent(DOCUMENT)}`,
  'GET /v1/metrics/{name}': '/v1/metrics/tickets',
  'GET /v1/metrics/{unknown}': '/v1/metrics/nobody_knows',
  'GET /v1/dimensions/{name}': '/v1/dimensions/film',
  'GET /v1/dimensions/{name}/values': '/v1/dimensions/film/values',
  'GET /v1/processes/{name}': '/v1/processes/ticket',
  'DELETE /v1/publications/{source}/{day}': '/v1/publications/house_record/2026-11-16',
  'DELETE /v1/keys/{unknown}': '/v1/keys/0123456789ab',
  'DELETE /v1/keys/{token}': '/v1/keys/jti:nobody',
}

/** A request of an endpoint that is right in everything but who sends it. */
export async function requestOf(endpoint: string, door: Door): Promise<Request> {
  const [method = '', path = ''] = endpoint.split(' ')
  const body = BODIES[endpoint]
  const url = endpoint === 'DELETE /v1/keys/{id}' ? `/v1/keys/${(await makeKey(door)).id}` : ADDRESSES[endpoint]
  return { method: method as Method, url: url ?? path, ...(body === undefined ? {} : { body }) }
}
