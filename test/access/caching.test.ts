import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reply, Request } from './door.ts'
import { holding } from './hold.ts'
import { openWorld, PLENTY, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld(PLENTY)
})
afterAll(() => world.stop())

const FINAL = { metrics: ['tickets', 'takings'], dimensions: ['film'], time: { range: '2026-11-18' } }
const post = (question: object): Promise<Reply> => world.door.send({ url: '/v1/query', body: question })
const get = (question: object): Promise<Reply> =>
  world.door.get(`/v1/query?q=${encodeURIComponent(JSON.stringify(question))}`)
const etagOf = ({ headers }: Reply): string => String(headers.etag)
const statusOf = ({ headers }: Reply): unknown => headers['cache-status']

describe('what caches are told', () => {
  it('is that an answer is for its caller and asked for again', async () => {
    const { headers } = await post(FINAL)
    expect(headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'authorization, accept' })
  })

  it('is miss, then hit, over both doors of REST and GraphQL', async () => {
    const question = { metrics: ['tickets'], dimensions: ['film', 'daypart'], time: { range: '2026-11-16' } }
    const [first, again] = [await post(question), await get(question)]
    expect([first, again].map(statusOf)).toEqual(['OneService; fwd=miss; stored', 'OneService; hit'])
    expect([first, again].map(({ body }) => body.receipt.cache)).toEqual(['miss', 'hit'])
    expect(again.body.receipt.queryId).toBe(first.body.receipt.queryId)
    const document = '{ box_office(time: {range: "2026-11-16"}) { rows { film { key } daypart tickets } } }'
    expect(statusOf(await world.door.graphql(document))).toBe('OneService; hit')
  })

  it('is that one execution served two who asked at once', async () => {
    const question = { metrics: ['snacks'], time: { range: '2026-11-17' } }
    await post({ ...question, time: { range: '2026-11-16' } })
    const told = await holding(world.url, 'snack_sale', () => Promise.all([post(question), post(question)]))
    expect(told.map(statusOf)).toEqual(['OneService; fwd=miss; stored', 'OneService; fwd=miss; collapsed'])
    expect(told[0]?.body).toEqual(told[1]?.body)
  })

  it('is how old a live answer is, and that it is read anew when its caller takes an older one', async () => {
    const question = { metrics: ['takings'], time: { range: '2026-11-20' }, maxStaleness: 60 }
    const first = await post(question)
    await pause(1100)
    const stale = await post(question)
    expect([first.headers.age, stale.headers.age]).toEqual(['0', expect.stringMatching(/^[1-9]\d*$/)])
    expect(statusOf(stale)).toBe('OneService; hit; fwd=stale; detail=revalidating')
    expect([stale.body.receipt.cache, etagOf(stale)]).toEqual(['stale', etagOf(first)])
    const strict = await post({ ...question, maxStaleness: 0 })
    expect(strict.headers.age).toBe('0')
    expect(strict.body.receipt.queryId).not.toBe(first.body.receipt.queryId)
  })
})

describe('maxStaleness', () => {
  it.each([
    [0, 'private, no-cache'],
    [60, 'private, max-age=60'],
    [86_400, 'private, max-age=86400'],
    ['5 minutes', 'private, max-age=300'],
    ['1 second', 'private, max-age=1'],
    ['24 hours', 'private, max-age=86400'],
    ['2 days', 'private, max-age=86400'],
  ])('of %j is %s', async (maxStaleness, control) => {
    for (const reply of [await post({ ...FINAL, maxStaleness }), await get({ ...FINAL, maxStaleness })])
      expect([reply.status, reply.headers['cache-control']]).toEqual([200, control])
  })

  it.each([
    -1,
    0.5,
    86_401,
    1e300,
    '60',
    '5',
    'minutes',
    '0 minutes',
    '-5 minutes',
    '5 fortnights',
    '',
    null,
    true,
    [60],
  ])('is not %j', async (maxStaleness) => {
    const { status, body } = await post({ ...FINAL, maxStaleness })
    expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'INVALID_QUESTION', '/maxStaleness'])
    expect((await get({ ...FINAL, maxStaleness })).body.errors[0].pointer).toBe('/q/maxStaleness')
  })
})

describe('a request id', () => {
  const DOORS: readonly Request[] = [
    { url: '/healthz' },
    { url: '/v1/query', body: FINAL },
    { url: '/v1/query', body: { metrics: [] } },
    { url: '/graphql', body: { query: '{ nothing }' } },
    { url: '/nothing' },
    { url: '/v1/metrics', credential: 'wrong' },
  ]

  it.each(['panel-7', 'a', 'A_1.2:3-4', 'x'.repeat(100)])('%s is sent back', async (id) => {
    for (const request of DOORS) {
      const { headers, body } = await world.door.send({ ...request, headers: { 'x-request-id': id } })
      expect(headers['x-request-id']).toBe(id)
      if (body.code !== undefined) expect(body.requestId).toBe(id)
      if (body.errors?.[0]?.extensions !== undefined) expect(body.errors[0].extensions.requestId).toBe(id)
    }
  })

  it.each(['', ' ', 'a b', 'x'.repeat(101), 'a"b', "a'b", 'a/b', '票', '{"a":1}'])('%j is replaced', async (id) => {
    const told = await Promise.all(
      DOORS.map((request) => world.door.send({ ...request, headers: { 'x-request-id': id } })),
    )
    const ids = told.map(({ headers }) => String(headers['x-request-id']))
    for (const each of ids) expect(each).toMatch(/^[0-9a-f-]{18}-\d+$/)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
