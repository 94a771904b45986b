import { get } from 'node:http'
import { connect } from 'node:net'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ADMIN_KEY, openShed, type Shed } from './shed.ts'

let shed: Shed
let url: string
beforeAll(async () => {
  shed = await openShed()
  url = await shed.app.listen({ host: '127.0.0.1', port: 0 })
  await shed.writeEvents('2026-11-18T04:00:00Z', 1, 'web', ['10.00', '10.00', '10.00'])
  await shed.writeEvents('2026-11-18T05:00:00Z', 1, 'app', ['5.00'])
  await shed.writeDays([
    ['2026-11-18', 1, 1, 'web', 3, '30.00'],
    ['2026-11-18', 1, 1, 'app', 1, '9007199254740993.25'],
    ['2026-11-18', 2, 1, 'web', 4, '40.00'],
    ['2026-11-11', 1, 1, 'web', 7, '70.00'],
  ])
  await shed.publish({ source: 'sale_day', days: ['2026-11-18'], version: 1 })
})
afterAll(() => shed.stop())

const feed = async (parameters = '') => (await shed.app.inject(`/v1/restatements${parameters}`)).payload
const KEY = { authorization: `Bearer ${ADMIN_KEY}` }

/** Reads events from a response until there are so many. */
async function events(response: Response, count: number): Promise<string[]> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (text.split('\n\n').filter((each) => each.startsWith('event:')).length < count) {
    const { value, done } = (await reader?.read()) ?? { value: undefined, done: true }
    if (done) break
    text += value
  }
  await reader?.cancel()
  return text
    .split('\n\n')
    .filter((each) => each.startsWith('event:'))
    .slice(0, count)
}

describe('the feed of restatements', () => {
  it('has for each metric and day the old and the new value, digit for digit, once the publication has answered', async () => {
    const text = await feed()
    expect(text).toContain('"old":35,"new":9007199254741023.25')
    expect(JSON.parse(text)).toMatchObject({
      restatements: [
        {
          id: '1.1',
          epoch: 1,
          metric: 'sales',
          day: '2026-11-18',
          old: 4,
          new: 4,
          oldFinality: 'provisional',
          newFinality: 'final',
        },
        { metric: 'amount', fault: null },
        { metric: 'price', old: 8.75 },
        { metric: 'sales_per_visit', old: null, new: null, newFinality: 'missing' },
      ],
      publications: [{ epoch: 1, source: 'sale_day', day: '2026-11-18', version: 1, previous: null, runId: null }],
      next: null,
    })
    // A window shows the day on other days too.
    expect(text).not.toContain('sales_3d')
  })

  it('goes on behind a place, and page by page', async () => {
    const first = JSON.parse(await feed('?limit=2'))
    expect(first).toMatchObject({ restatements: [{ id: '1.1' }, { id: '1.2' }], next: '1.2' })
    expect(JSON.parse(await feed('?limit=2&since=1.2')).restatements).toMatchObject([{ id: '1.3' }, { id: '1.4' }])
    expect(JSON.parse(await feed('?since=1')).restatements).toEqual([])
    expect(JSON.parse(await feed('?since=2026-01-01&metric=amount,price')).restatements).toHaveLength(2)
    expect(JSON.parse(await feed('?since=2099-01-01T00:00:00Z')).restatements).toEqual([])
  })

  it.each([
    '?since=soon',
    '?since=2026-11-20T10:00',
    '?since=0000-05-05T10:00:00Z',
    '?limit=0',
    '?sinc=1',
    '?metric=%00',
    '?metric=salse',
  ])('refuses %s', async (parameters) => {
    expect(JSON.parse(await feed(parameters))).toMatchObject({ status: 400 })
  })

  it('tells of a day that published what was lost, and of a withdrawal', async () => {
    const { body } = await shed.publish({ source: 'sale_day', days: ['2026-11-11'], version: 1 })
    const old = JSON.parse(await feed(`?since=${body.epoch - 1}&metric=sales`)).restatements
    expect(old).toMatchObject([{ day: '2026-11-11', old: null, new: 7, oldFinality: 'missing', newFinality: 'final' }])
    const withdrawn = await shed.ask('DELETE', '/v1/publications/sale_day/2026-11-11')
    const after = JSON.parse(await feed(`?since=${withdrawn.body.epoch - 1}&metric=sales`))
    expect(after).toMatchObject({
      restatements: [{ old: 7, new: null, oldFinality: 'final', newFinality: 'missing' }],
      publications: [{ version: null, previous: 1 }],
    })
  })

  it('comes as events: what is there, and then what comes', async () => {
    const { epoch } = shed.composed.composition.gateway.snapshot()
    const response = await fetch(`${url}/v1/restatements?since=${epoch}&metric=sales`, {
      headers: { ...KEY, accept: 'text/event-stream' },
    })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const waiting = events(response, 1)
    await shed.publish({ source: 'sale_day', days: ['2026-11-18'], version: 2, acceptDifference: true })
    const [event = ''] = await waiting
    expect(event.split('\n').slice(0, 2)).toEqual(['event: restatement', `id: ${epoch + 1}.1`])
    expect(JSON.parse(event.split('\n')[2]?.slice(6) ?? '')).toMatchObject({ metric: 'sales', old: 4, new: 4 })
    const resumed = await fetch(`${url}/v1/restatements?metric=amount`, {
      headers: { ...KEY, accept: 'text/event-stream', 'last-event-id': `${epoch + 1}.1` },
    })
    expect((await events(resumed, 1))[0]).toContain(`id: ${epoch + 1}.2`)
  })
})

const SUBSCRIPTION =
  'subscription ($since: String) { restatements(since: $since, metrics: ["amount"]) { id metric day old new newFinality } }'

describe('the GraphQL subscription', () => {
  it('comes as server-sent events', async () => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...KEY, accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ query: SUBSCRIPTION, variables: { since: '0' } }),
    })
    const [event = ''] = await events(response, 1)
    expect(event).toBe(
      'event: next\ndata: {"data":{"restatements":{"id":"1.2","metric":"amount","day":"2026-11-18","old":35,"new":9007199254741023.25,"newFinality":"final"}}}',
    )
  })

  const clientOf = (authorization: string, headers: Record<string, string> = {}) =>
    createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocols: string) {
          super(address, protocols, { headers })
        }
      },
      connectionParams: { authorization },
      retryAttempts: 0,
    })

  it('comes over a WebSocket, whose first message has the credential', async () => {
    const client = clientOf(`Bearer ${ADMIN_KEY}`)
    const { epoch } = shed.composed.composition.gateway.snapshot()
    const results = client.iterate({ query: SUBSCRIPTION, variables: { since: String(epoch) } })
    const next = results.next()
    // Something else is followed on the same socket and let go while it waits.
    const other = client.iterate({ query: SUBSCRIPTION, variables: { since: '999' } })
    const waiting = other.next()
    await new Promise((resolve) => setTimeout(resolve, 100))
    await other.return?.()
    await waiting
    await shed.publish({ source: 'sale_day', days: ['2026-11-18'], version: 1, acceptDifference: true })
    expect((await next).value.data.restatements).toMatchObject({ metric: 'amount', old: 40, newFinality: 'final' })
    await client.dispose()
  })

  it('is not for a wrong credential, and not for a page of another host', async () => {
    const refused = clientOf('Bearer nobody')
    await expect(refused.iterate({ query: SUBSCRIPTION }).next()).rejects.toMatchObject({ code: 4403 })
    for (const origin of ['https://elsewhere.example', 'null']) {
      const foreign = clientOf(`Bearer ${ADMIN_KEY}`, { origin })
      await expect(foreign.iterate({ query: SUBSCRIPTION }).next()).rejects.toMatchObject({
        message: expect.stringMatching(/403/),
      })
    }
  })

  it('follows so many things on one socket, and asks for each whether its caller is still let in', async () => {
    const { body: made } = await shed.ask('POST', '/v1/keys', { name: 'follower', role: 'service' })
    const client = clientOf(`Bearer ${made.key}`)
    const first = client.iterate({ query: SUBSCRIPTION, variables: { since: '0' } })
    expect((await first.next()).value.data.restatements).toMatchObject({ metric: 'amount' })
    const more = Array.from({ length: 25 }, () =>
      client.iterate({ query: SUBSCRIPTION, variables: { since: '0' } }).next(),
    )
    const outcomes = await Promise.allSettled(more)
    expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(4)
    await shed.ask('DELETE', `/v1/keys/${made.id}`)
    await first.return?.()
    const after = client.iterate({ query: SUBSCRIPTION, variables: { since: '0' } })
    await expect(after.next()).rejects.toMatchObject([
      { extensions: { code: expect.stringMatching(/UNAUTHENTICATED|RATE_LIMITED/) } },
    ])
    await client.dispose()
  })

  it('survives who hangs up while being refused, and answers who offers another protocol', async () => {
    const { port } = new URL(url)
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write('GET /elsewhere HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
        setTimeout(() => socket.resetAndDestroy(), 20)
      })
      socket.on('error', () => undefined)
      socket.on('close', () => resolve())
    })
    const status = await new Promise<number | undefined>((resolve) => {
      get(`${url}/healthz`, { headers: { connection: 'upgrade, http2-settings', upgrade: 'h2c' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
    })
    expect(status).toBe(200)
  })

  it.each([
    ['{ __typename }', 'INVALID_REQUEST', /a query is sent to POST/],
    ['subscription { restatements { wrong } }', 'UNKNOWN_KEY', /Cannot query field "wrong"/],
    ['subscription { restatements(since: "soon") { id } }', 'INVALID_VALUE', /no place in the feed/],
  ])('refuses %s', async (query, code, message) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...KEY, accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] }
    expect(errors[0]).toMatchObject({ message: expect.stringMatching(message), extensions: { code } })
  })

  it('says where it is to be followed when it is posted as a query', async () => {
    const { body } = await shed.ask('POST', '/graphql', { query: 'subscription { restatements { id } }' })
    expect(body.errors[0].message).toMatch(/text\/event-stream or over a WebSocket/)
  })
})

describe('a tenant', () => {
  it('sees no totals of all tenants: no feed, no drift, no subscription', async () => {
    const { body } = await shed.ask('POST', '/v1/keys', { name: 'shop 1', role: 'tenant', tenant: { shop: [1] } })
    const get = async (path: string) =>
      (await shed.app.inject({ url: path, headers: { authorization: `Bearer ${body.key}` } })).json()
    expect(await get('/v1/restatements')).toMatchObject({ code: 'FORBIDDEN' })
    expect(await get('/v1/retention?source=sale_event')).toMatchObject({ code: 'FORBIDDEN' })
    expect(await get('/v1/metrics/sales')).not.toHaveProperty('drift')
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${body.key}`, accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ query: SUBSCRIPTION }),
    })
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
  })
})
