import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Door } from './door.ts'
import { makeKey, tenantKey } from './keyring.ts'
import { type Provider, signed, signingKey, startProvider } from './provider.ts'
import { FIRST_KEY, openWorld, type World } from './world.ts'

const MARK = 'XxMarkxX'
let provider: Provider
let world: World
/** What /metrics says after the requests below. */
let text: string
/** Credentials, ids and values that were shown or asked for. */
const told: string[] = [MARK, FIRST_KEY, 'Astra', 'Odeon', 'solaris', 'ada', 'cinema']

beforeAll(async () => {
  const signing = await signingKey('one', 'ES256')
  provider = await startProvider([signing])
  world = await openWorld(provider.environment)
  const { door } = world
  const limited = await makeKey(door, { name: MARK, contract: { rate: { perSecond: 0.01, burst: 1 } } })
  const token = await signed(signing, { sub: `ada ${MARK}` })
  const tenant = await tenantKey(door, 1, 4)
  told.push(limited.id, limited.key, tenant, token, ...token.split('.'))
  await ask(door, limited.key, tenant, token)
  await refuse(door)
  text = (await door.get('/metrics', FIRST_KEY)).text
})
afterAll(async () => {
  await world.stop()
  await provider.stop()
})

const QUESTION = { metrics: ['tickets'], dimensions: ['film'], time: { range: '2026-11-18' } }

async function ask(door: Door, limited: string, tenant: string, token: string): Promise<void> {
  for (const credential of [undefined, undefined, tenant, token, limited, limited]) await door.ask(QUESTION, credential)
  await door.graphql('{ box_office(time: {range: "2026-11-20"}) { rows { takings } } }', tenant)
  await door.get('/v1/dimensions/cinema/values?search=Odeon', tenant)
  await door.ask({ ...QUESTION, filters: [{ field: 'film', op: 'eq', values: [MARK] }] }, token)
}

async function refuse(door: Door): Promise<void> {
  await door.ask({ metrics: [MARK] })
  await door.ask({ ...QUESTION, time: { range: '2026-11-20' }, finality: 'final' })
  await door.get(`/${MARK}`)
  await door.get(`/v1/metrics/${MARK}`, 'wrong')
  await door.get(`/v1/metrics/${MARK}?search=${MARK}`, FIRST_KEY)
  // The store refuses this one.
  const realtime = door.composition.stores.get('realtime')
  await realtime?.execute('alter table snack_sale rename cinema_id to moved')
  await door.ask({ metrics: ['snacks'], dimensions: ['cinema'], time: { range: '2026-11-18' } })
}

/** The value of a series; undefined where there is none. */
function seriesOf(name: string, labels: Readonly<Record<string, string>>): number | undefined {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`))
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  const line = lines.find((each) => wanted.every((part) => each.includes(part)))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

describe('/metrics', () => {
  it.each([
    ['/v1/query', 'POST', '200', 'open', 2],
    ['/v1/query', 'POST', '200', 'tenant', 1],
    ['/v1/query', 'POST', '200', 'analyst', 3],
    ['/v1/query', 'POST', '429', 'analyst', 1],
    ['/v1/query', 'POST', '400', 'open', 1],
    ['/v1/query', 'POST', '422', 'open', 1],
    ['/v1/query', 'POST', '502', 'open', 1],
    ['/graphql', 'POST', '200', 'tenant', 1],
    ['/v1/dimensions/:name/values', 'GET', '200', 'tenant', 1],
    ['/v1/metrics/:name', 'GET', '401', 'none', 1],
    ['/v1/metrics/:name', 'GET', '404', 'admin', 1],
    ['/v1/keys', 'POST', '200', 'admin', 2],
    ['none', 'GET', '404', 'none', 1],
  ])('counts %s %s %s of %s', (route, method, status, role, count) => {
    expect(seriesOf('oneservice_http_request_seconds_count', { route, method, status, role })).toBe(count)
  })

  it.each([
    ['miss', 'open'],
    ['hit', 'open'],
    ['miss', 'tenant'],
    ['hit', 'analyst'],
    ['UNKNOWN_METRIC', 'open'],
    ['NOT_FINAL', 'open'],
    ['STORE_FAILED', 'open'],
  ])('counts questions by outcome: %s of %s', (outcome, role) => {
    expect(seriesOf('oneservice_questions_total', { outcome, role })).toBeGreaterThan(0)
  })

  it.each([
    ['offline', 'ok'],
    ['realtime', 'ok'],
    ['realtime', 'STORE_FAILED'],
  ])('counts statements by store: %s, %s', (store, outcome) => {
    const labels = { store, engine: 'postgres', outcome }
    expect(seriesOf('oneservice_statement_seconds_count', labels)).toBeGreaterThan(0)
  })

  it('tells of limits, of what is kept, of the epoch and of the process', () => {
    expect(seriesOf('oneservice_rate_limited_total', { role: 'analyst' })).toBe(1)
    const gauge = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
    expect(gauge('oneservice_cache_entries')).toBeGreaterThan(0)
    expect(gauge('oneservice_cache_bytes')).toBeGreaterThan(0)
    expect(gauge('oneservice_epoch')).toBe(1)
    expect(gauge('process_resident_memory_bytes')).toBeGreaterThan(0)
    expect(text).not.toContain('oneservice_redis_up ')
  })

  it('holds no credential, no id, no value and no text of a caller', () => {
    const routes = /route="[^"]*"/g
    const shown = text.replaceAll(routes, '')
    expect(told.filter((each) => shown.includes(each))).toEqual([])
    const named = new Set([...text.matchAll(routes)].map(([route]) => route))
    expect([...named].filter((route) => told.some((each) => each !== 'cinema' && route.includes(each)))).toEqual([])
  })

  it('is text that Prometheus reads, each series once', async () => {
    const { headers } = await world.door.get('/metrics', FIRST_KEY)
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    for (const line of lines) expect(line).toMatch(/^[a-z_]\w*(\{[^}]*\})? (-?[\d.e+-]+|NaN|\+Inf)$/)
    const series = lines.map((line) => line.slice(0, line.lastIndexOf(' ')))
    expect(new Set(series).size).toBe(series.length)
  })
})
