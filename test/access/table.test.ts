import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cast, openCast } from './cast.ts'
import type { Door, Reply } from './door.ts'
import { requestOf } from './requests.ts'
import { CALLERS, ROWS, type Row } from './statuses.ts'
import { FIRST_KEY } from './world.ts'

let cast: Cast
beforeAll(async () => {
  cast = await openCast()
})
afterAll(() => cast.stop())

/** One cell: an endpoint asked by the caller of a column. */
async function knock(endpoint: string, caller: string, door: Door, method?: 'HEAD'): Promise<Reply> {
  const request = await requestOf(endpoint, door)
  return door.send({ ...request, ...(method && { method }), credential: cast.credentials.get(caller) })
}

const doorOf = (caller: string): Door => (caller === 'away' ? cast.away : cast.world.door)
const documentOf = async (caller: string): Promise<Reply['body']> =>
  (await knock('GET /openapi.json', caller, doorOf(caller))).body
const operationsIn = ({ paths }: { paths: object }): string[] =>
  Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((m) => `${m.toUpperCase()} ${path}`))

async function statusesOf({ endpoint }: Row, callers: readonly string[], door: (caller: string) => Door) {
  const cells: [string, number][] = []
  for (const caller of callers) cells.push([caller, (await knock(endpoint, caller, door(caller))).status])
  return Object.fromEntries(cells)
}

describe('every endpoint answers every caller as the table says', () => {
  it.each(ROWS.map((row) => [row.endpoint, row] as const))('%s', async (_, row) => {
    expect(await statusesOf(row, CALLERS, doorOf)).toEqual(row.statuses)
  })

  it('and credentials are worth the same where the gateway listens elsewhere', async () => {
    const shown = CALLERS.filter((caller) => caller !== 'open')
    for (const row of ROWS) {
      const { open, ...expected } = row.statuses
      expect([row.endpoint, await statusesOf(row, shown, () => cast.away)]).toEqual([row.endpoint, expected])
    }
  })

  it('and HEAD as GET', async () => {
    for (const { endpoint, statuses } of ROWS.filter((row) => row.endpoint.startsWith('GET '))) {
      for (const caller of ['open', 'away', 'wrong', 'tenant']) {
        const { status, text } = await knock(endpoint, caller, doorOf(caller), 'HEAD')
        expect([endpoint, caller, status, text]).toEqual([endpoint, caller, statuses[caller], ''])
      }
    }
  })

  it.each([
    ['localhost:4000', 200],
    ['127.0.0.1', 200],
    ['[::1]:4000', 200],
    ['cinemas.example', 401],
    ['localhost.cinemas.example', 401],
    ['127.0.0.1.cinemas.example:4000', 401],
  ] as const)('and who shows no credential and asks for the host %s with %d', async (host, status) => {
    const { door } = cast.world
    expect((await door.send({ url: '/v1/metrics', headers: { host } })).status).toBe(status)
    expect((await door.send({ url: '/healthz', headers: { host } })).status).toBe(200)
    expect((await door.send({ url: '/v1/metrics', headers: { host }, credential: FIRST_KEY })).status).toBe(200)
  })

  it('and nothing of the swagger page is shown elsewhere without a credential', async () => {
    const parts = ['/docs/', '/docs/static/index.html', '/docs/static/swagger-initializer.js', '/docs/static/logo.svg']
    const told = await Promise.all([...parts, '/docs/static/swagger-ui.css'].map((url) => cast.away.get(url)))
    expect(told.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401])
  })
})

describe('the table is whole', () => {
  it('has a row for every operation of the API document', async () => {
    const operations = operationsIn(await documentOf('first'))
    expect(operations.length).toBeGreaterThan(15)
    const rows = new Set(ROWS.map(({ endpoint }) => endpoint))
    expect(operations.filter((operation) => !rows.has(operation))).toEqual([])
  })

  it('has a credential for every column', () => {
    expect([...cast.credentials.keys()].toSorted()).toEqual(CALLERS.toSorted())
  })
})

describe('a refusal', () => {
  it('of a write leaves everything as it was', async () => {
    const { publications, api } = cast.world.door.composition
    const state = async () => ({
      keys: (await api.keys.list(1000, undefined))?.filter(({ name }) => name === 'made by the table').length,
      publications: await publications.list({ limit: 1000 }),
    })
    const before = await state()
    const writes = ROWS.filter(({ endpoint }) => /^(POST|DELETE) \/v1\/(keys|publications)/.test(endpoint))
    for (const { endpoint, statuses } of writes) {
      for (const caller of CALLERS.filter((each) => [401, 403].includes(statuses[each] ?? 0)))
        await knock(endpoint, caller, doorOf(caller))
    }
    expect(await state()).toEqual(before)
  })

  it('leaves the key it was to revoke in force', async () => {
    const { door } = cast.world
    const body = { name: 'to stay', role: 'analyst' }
    const { id, key } = (await door.send({ url: '/v1/keys', credential: FIRST_KEY, body })).body
    for (const caller of ['open', 'tenant', 'service', 'analyst', '.tenant', '.analyst']) {
      const credential = cast.credentials.get(caller)
      const { status } = await door.send({ method: 'DELETE', url: `/v1/keys/${id}`, credential })
      expect([401, 403]).toContain(status)
    }
    expect((await door.get('/v1/metrics', key)).status).toBe(200)
  })

  it('for want of a credential says which kind is wanted, over both doors', async () => {
    const { door } = cast.world
    const rest = await door.get('/v1/metrics', 'wrong')
    expect(rest.headers).toMatchObject({ 'www-authenticate': 'Bearer' })
    expect(rest.body).toMatchObject({ code: 'UNAUTHENTICATED', status: 401, requestId: rest.headers['x-request-id'] })
    const graphql = await door.graphql('{ __typename }', 'wrong')
    expect(graphql.headers).toMatchObject({ 'www-authenticate': 'Bearer' })
    expect(graphql.body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED', status: 401 } }] })
    expect(graphql.body.data).toBeUndefined()
  })
})

describe('the API document', () => {
  it.each(['tenant', 'service', 'analyst', '.tenant', '.analyst'])('of %s names what it may call', async (caller) => {
    const may = ROWS.filter(({ statuses }) => ![401, 403].includes(statuses[caller] ?? 0)).map((row) => row.endpoint)
    const all = operationsIn(await documentOf('first'))
    expect(operationsIn(await documentOf(caller)).toSorted()).toEqual(all.filter((op) => may.includes(op)).toSorted())
  })

  const ADDRESSES = ['/openapi.json', '/docs/json', '/docs/yaml']
  const wordsIn = async (url: string, caller: string, words: readonly string[]) => {
    const { text } = await cast.world.door.get(url, cast.credentials.get(caller))
    return words.filter((word) => text.includes(word))
  }

  it.each(ADDRESSES)('at %s tells a tenant of no admin operation', async (url) => {
    const words = ['createKey', 'revokeKey', '/v1/keys', 'withdraw', 'Publish business days', 'x-roles']
    expect(await wordsIn(url, 'admin', words)).toEqual(words)
    expect(await wordsIn(url, 'tenant', words)).toEqual([])
  })

  it.each(ADDRESSES)('at %s shows a tenant no form that only an admin fills in', async (url) => {
    const words = ['NewKey', 'PublishRequest']
    expect(await wordsIn(url, 'admin', words)).toEqual(words)
    expect(await wordsIn(url, 'tenant', words)).toEqual([])
  })
})
