import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Reply } from './door.ts'
import { makeKey, tenantKey } from './keyring.ts'
import { FIRST_KEY, openWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterEach(() => {
  vi.useRealTimers()
})
afterAll(() => world.stop())

const QUESTION = { metrics: ['tickets'], time: { range: '2026-11-18' } }
const ask = (key?: string): Promise<Reply> => world.door.ask(QUESTION, key)
const fields = (count: number): string =>
  Array.from({ length: count }, (_, i) => `f${i}: box_office(time: {range: "2026-11-1${i + 4}"}) { rows { tickets } }`)
    .join(' ')
    .replace(/.*/, '{ $& }')
/** So slow that nothing comes back while a test runs. */
const rated = async (burst?: number, perSecond = 0.01): Promise<string> =>
  (await makeKey(world.door, { contract: { rate: { perSecond, ...(burst && { burst }) } } })).key

const policyOf = ({ headers }: Reply): unknown => headers['ratelimit-policy']
const leftOf = ({ headers }: Reply): number => Number(/^"caller";r=(\d+);t=\d+$/.exec(String(headers.ratelimit))?.[1])

describe('a contract', () => {
  it('lets through what it promises, tells what is left, and then says when to come again', async () => {
    const key = await rated(2)
    const told = [await ask(key), await ask(key), await ask(key)]
    expect(told.map(({ status }) => status)).toEqual([200, 200, 429])
    expect(told.map(leftOf)).toEqual([1, 0, 0])
    expect(told.map(policyOf)).toEqual(Array(3).fill('"caller";q=2;w=200'))
    expect(told[2]?.body).toMatchObject({ code: 'RATE_LIMITED', status: 429 })
    expect(told[2]?.body.rows).toBeUndefined()
    expect(told.map(({ headers }) => headers['retry-after'])).toEqual([undefined, undefined, expect.anything()])
    const seconds = Number(told[2]?.headers['retry-after'])
    expect([seconds > 90, seconds <= 100, Number.isInteger(seconds)]).toEqual([true, true, true])
  })

  it('gives again after as long as it said, and not before', async () => {
    const key = await rated(1, 0.1)
    vi.useFakeTimers({ toFake: ['performance'] })
    const [first, second] = [await ask(key), await ask(key)]
    expect([first.status, second.status, second.headers['retry-after']]).toEqual([200, 429, '10'])
    vi.advanceTimersByTime(9000)
    expect((await ask(key)).headers['retry-after']).toBe('1')
    vi.advanceTimersByTime(1000)
    expect((await ask(key)).status).toBe(200)
  })

  it('without a burst has as much at once as in a second', async () => {
    expect(policyOf(await ask(await rated(undefined, 3)))).toBe('"caller";q=3;w=1')
  })

  it.each([
    [0.5, '"caller";q=1;w=2'],
    [0.01, '"caller";q=1;w=100'],
  ])('without a burst and of less than one a second (%d) has one', async (perSecond, policy) => {
    const key = await rated(undefined, perSecond)
    const told = [await ask(key), await ask(key)]
    expect(told.map(({ status }) => status)).toEqual([200, 429])
    expect(told.map(policyOf)).toEqual([policy, policy])
  })

  it('is told in whole numbers, as the header field wants', async () => {
    expect(policyOf(await ask(await rated(undefined, 2.5)))).toMatch(/^"caller";q=\d+;w=\d+$/)
  })

  it('counts refusals of questions too, and no request of someone else', async () => {
    const [key, other] = [await rated(2), await rated(2)]
    expect((await world.door.ask({ metrics: ['nothing'] }, key)).status).toBe(400)
    expect(leftOf(await world.door.get('/v1/metrics', key))).toBe(0)
    expect((await world.door.get('/healthz', key)).status).toBe(200)
    expect((await ask(`${key.slice(0, -1)}~`)).status).toBe(401)
    expect([(await ask(key)).status, (await ask(other)).status]).toEqual([429, 200])
  })
})

describe('one budget', () => {
  it('is over REST and GraphQL', async () => {
    const key = await rated(3)
    const told = [await ask(key), await world.door.graphql(fields(1), key), await ask(key)]
    expect(told.map(({ status }) => status)).toEqual([200, 200, 200])
    const refused = await world.door.graphql(fields(1), key)
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED', status: 429 } }] })
    expect([refused.body.data, leftOf(refused)]).toEqual([undefined, 0])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(90)
  })

  it('pays for each question of a document, the first time and when it is known', async () => {
    const key = await rated(12)
    const left: number[] = []
    for (let i = 0; i < 3; i++) left.push(leftOf(await world.door.graphql(fields(3), key)))
    expect(left).toEqual([9, 6, 3])
    expect(leftOf(await world.door.graphql('{ metrics { name } __typename }', key))).toBe(2)
    const refused = await world.door.graphql(fields(3), key)
    expect([refused.status, refused.body.data]).toEqual([429, undefined])
  })

  it('pays the same for a question asked twice in a document, known or not', async () => {
    const key = await rated(10)
    const twice = '{ a: $ b: $ }'.replaceAll('$', 'box_office(time: {range: "2026-11-17"}) { rows { takings } }')
    const left: number[] = []
    for (let i = 0; i < 2; i++) left.push(leftOf(await world.door.graphql(twice, key)))
    expect(left).toEqual([8, 6])
  })

  it.each([4, 5])(
    'refuses a document of %d questions, of 3 at once, as too large and not as too early',
    async (count) => {
      const { status, headers, body } = await world.door.graphql(fields(count), await rated(3))
      expect([status, body.errors[0].extensions.code, headers['retry-after']]).toEqual([422, 'OVER_BUDGET', undefined])
    },
  )

  it('lets a document through to whoever comes again when told, sooner or later', async () => {
    const key = await rated(3, 1)
    vi.useFakeTimers({ toFake: ['performance'] })
    expect((await world.door.graphql(fields(3), key)).status).toBe(200)
    const statuses: number[] = []
    while (statuses.length < 10 && !statuses.includes(200)) {
      const { status, headers } = await world.door.graphql(fields(3), key)
      statuses.push(status)
      vi.advanceTimersByTime(Number(headers['retry-after'] ?? 0) * 1000)
    }
    expect(statuses.at(-1)).toBe(200)
  })
})

describe('without a contract', () => {
  it.each([
    ['service', '"caller";q=1000;w=2'],
    ['analyst', '"caller";q=100;w=2'],
  ])('a %s has the budget of its role', async (role, policy) => {
    expect(policyOf(await ask((await makeKey(world.door, { role })).key))).toBe(policy)
  })

  it('a tenant has that of tenants, each its own', async () => {
    const [one, other] = [await tenantKey(world.door, 1), await tenantKey(world.door, 1)]
    const told = [await ask(one), await ask(one), await ask(other)]
    expect(told.map(policyOf)).toEqual(Array(3).fill('"caller";q=40;w=2'))
    expect(leftOf(told[2] ?? (await ask(other)))).toBe(39)
  })

  it('who shows no key shares one budget, which may be set', async () => {
    expect(policyOf(await ask())).toBe('"caller";q=100000;w=1')
    const rates = { open: { perSecond: 0.01, burst: 1 }, tenant: { perSecond: 0.01, burst: 2 } }
    const door = await world.open({ ONESERVICE_RATES: JSON.stringify(rates) })
    expect([(await door.ask(QUESTION)).status, (await door.get('/v1/metrics')).status]).toEqual([200, 429])
    expect(leftOf(await door.ask(QUESTION, await tenantKey(door, 1)))).toBe(1)
  })

  it.each([undefined, { rate: { perSecond: 0.01, burst: 1 } }])(
    'an admin is not limited (contract %j)',
    async (contract) => {
      const { key } = await makeKey(world.door, { role: 'admin', ...(contract && { contract }) })
      for (const credential of [key, FIRST_KEY]) {
        const told = [await ask(credential), await ask(credential), await world.door.graphql(fields(4), credential)]
        for (const { status, headers } of told) {
          expect(status).toBe(200)
          expect(headers['ratelimit-policy']).toMatch(/^"admin";q=\d+;w=1$/)
          expect(headers.ratelimit).toMatch(/^"admin";r=\d+;t=0$/)
        }
      }
    },
  )
})
