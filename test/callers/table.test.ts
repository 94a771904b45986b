import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildServer } from '../../src/api/server.ts'
import type { NewKey } from '../../src/control/keys.ts'
import { type Composed, composed } from '../support/composed.ts'
import { ADMIN_KEY, openShop, type Shop } from '../support/shop.ts'
import { SHOP } from '../support/shopCatalog.ts'
import { type Provider, startProvider, tokenVariables } from './provider.ts'

/** Who asks, in the order of the columns below. */
const CALLERS = [
  'nobody, on loopback',
  'nobody, elsewhere',
  'a wrong key',
  'a revoked key',
  'an expired key',
  'a tenant',
  'a service',
  'an analyst',
  'an admin by key',
  'the admin of the environment',
  'a tenant by token',
  'an admin by token',
] as const

const QUESTION = { metrics: ['clicks'], time: { range: 'yesterday' } }
const DOCUMENT = { query: '{ advertising(time: {range: "yesterday"}) { rows { clicks } } }' }
const ADDRESS = `/v1/query?q=${encodeURIComponent(JSON.stringify(QUESTION))}`
const GRAPHQL = `/graphql?query=${encodeURIComponent(DOCUMENT.query)}`
const NEW_KEY = { name: 'made in the table', role: 'service' }
// The same run may repeat itself.
const PUBLISH = { source: 'click_day', days: ['2026-11-19'], runId: 'of the table' }
const DETAIL = '/v1/publications/click_detail/2026-11-19'

const READ = [200, 401, 401, 401, 401, 200, 200, 200, 200, 200, 200, 200]
const WRITE = [401, 401, 401, 401, 401, 403, 403, 403, 200, 200, 403, 200]
const FREE = [200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]
/** Sums over all callers are not for tenants. */
const SUMS = [200, 401, 401, 401, 401, 403, 200, 200, 200, 200, 403, 200]
const missing = (statuses: readonly number[]) => statuses.map((status) => (status === 200 ? 404 : status))

/** Every operation of the API document, and what stands beside it. */
const TABLE: readonly (readonly [string, string, object | undefined, readonly number[]])[] = [
  ['POST', '/v1/query', QUESTION, READ],
  ['GET', ADDRESS, undefined, READ],
  ['POST', '/v1/explain', QUESTION, READ],
  ['GET', '/v1/metrics', undefined, READ],
  ['GET', '/v1/metrics/clicks', undefined, READ],
  ['GET', '/v1/metrics/nothing', undefined, missing(READ)],
  ['GET', '/v1/dimensions', undefined, READ],
  ['GET', '/v1/dimensions/channel', undefined, READ],
  ['GET', '/v1/dimensions/nothing', undefined, missing(READ)],
  ['GET', '/v1/dimensions/channel/values', undefined, READ],
  ['GET', '/v1/dimensions/nothing/values', undefined, missing(READ)],
  ['GET', '/v1/processes', undefined, READ],
  ['GET', '/v1/processes/click', undefined, READ],
  ['GET', '/v1/processes/nothing', undefined, missing(READ)],
  ['GET', '/v1/publications', undefined, READ],
  ['POST', '/v1/publications', PUBLISH, WRITE],
  ['DELETE', DETAIL, undefined, WRITE],
  ['POST', '/v1/keys', NEW_KEY, WRITE],
  ['GET', '/v1/keys', undefined, WRITE],
  ['DELETE', '/v1/keys/000000000000', undefined, missing(WRITE)],
  ['DELETE', '/v1/keys/jti:nobody', undefined, WRITE],
  ['GET', '/metrics', undefined, SUMS],
  ['GET', '/healthz', undefined, FREE],
  ['GET', '/readyz', undefined, FREE],
  ['GET', '/openapi.json', undefined, READ],
  ['GET', '/docs', undefined, READ],
  ['GET', '/docs/json', undefined, READ],
  ['POST', '/graphql', DOCUMENT, READ],
  ['GET', GRAPHQL, undefined, READ],
  ['GET', '/nothing', undefined, FREE.map(() => 404)],
]

let provider: Provider
let shop: Shop
let other: Composed
let elsewhere: FastifyInstance
let credentials: Map<string, string>

beforeAll(async () => {
  provider = await startProvider()
  shop = await openShop(tokenVariables(provider))
  const { ONESERVICE_STORE_REALTIME: url = '' } = shop.environment
  other = await composed(SHOP, url, { ONESERVICE_STORE_OFFLINE: url, HOST: '0.0.0.0' })
  elsewhere = await buildServer(other.composition.api, { version: '0', logLevel: 'silent' })
  const { keys } = shop.composition.api
  const make = async (key: Pick<NewKey, 'role'> & Partial<NewKey>) =>
    keys.create({ name: 'of the table', tenant: undefined, contract: {}, expiresAt: undefined, ...key })
  const revoked = await make({ role: 'admin' })
  await keys.revoke(revoked.id)
  const tenant = { advertiser: ['1'] }
  credentials = new Map([
    ['a wrong key', revoked.key.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['a revoked key', revoked.key],
    ['an expired key', (await make({ role: 'admin', expiresAt: '2026-01-01T00:00:00Z' })).key],
    ['a tenant', (await make({ role: 'tenant', tenant })).key],
    ['a service', (await make({ role: 'service' })).key],
    ['an analyst', (await make({ role: 'analyst' })).key],
    ['an admin by key', (await make({ role: 'admin' })).key],
    ['the admin of the environment', ADMIN_KEY],
    ['a tenant by token', await provider.sign({ access: { role: 'merchant' }, advertiser_id: 1 })],
    ['an admin by token', await provider.sign({ access: { role: 'root' } })],
  ])
})

afterAll(async () => {
  await elsewhere.close()
  await other.close()
  await shop.stop()
  await provider.stop()
})

async function statusOf(caller: string, method: string, url: string, body: object | undefined): Promise<number> {
  const app = caller === 'nobody, elsewhere' ? elsewhere : shop.app
  const credential = credentials.get(caller)
  const response = await app.inject({
    method: method === 'POST' ? 'POST' : method === 'DELETE' ? 'DELETE' : 'GET',
    url,
    headers: {
      ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  })
  return response.statusCode
}

describe('every endpoint and every caller', () => {
  it.each(TABLE)('%s %s', async (method, url, body, wanted) => {
    const got: Record<string, number> = {}
    for (const caller of CALLERS) got[caller] = await statusOf(caller, method, url, body)
    expect(got).toEqual(Object.fromEntries(CALLERS.map((caller, i) => [caller, wanted[i]])))
  })

  it('holds every operation of the API document', async () => {
    const document = (await shop.app.inject({ url: '/openapi.json' })).json<{ paths: Record<string, object> }>()
    const told = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const untold = told.filter((operation) => {
      const [method = '', path = ''] = operation.split(' ')
      const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
      return !TABLE.some(([of, url]) => of === method && pattern.test(url.split('?')[0] ?? ''))
    })
    expect(untold).toEqual([])
  })

  it('shows a caller the operations that it may call', async () => {
    const pathsFor = async (caller: string) => {
      const headers = { authorization: `Bearer ${credentials.get(caller)}` }
      const document = (await shop.app.inject({ url: '/openapi.json', headers })).json<{ paths: object }>()
      return document.paths
    }
    expect(await pathsFor('an admin by key')).toHaveProperty('/v1/keys')
    const tenant = await pathsFor('a tenant')
    expect(Object.keys(tenant).filter((path) => path.startsWith('/v1/keys'))).toEqual([])
    expect(tenant).not.toHaveProperty('/v1/publications.post')
    expect(tenant).toHaveProperty('/v1/query')
  })

  it('needs a key on loopback too, where a request names another host', async () => {
    const statuses = [
      'localhost:4000',
      '127.0.0.1',
      '[::1]:4000',
      'metrics.example.com',
      'localhost.example.com',
      '127.0.0.1.example.com',
    ]
    const got = await Promise.all(statuses.map((host) => shop.app.inject({ url: '/v1/metrics', headers: { host } })))
    expect(got.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 401, 401, 401])
  })
})
