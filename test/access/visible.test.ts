import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HIDDEN, SEEN } from './cinema.ts'
import type { Reply, Request } from './door.ts'
import { makeKey, tenantKey } from './keyring.ts'
import { openWorld, PLENTY, type World } from './world.ts'

let world: World
let tenant: string
let analyst: string
beforeAll(async () => {
  world = await openWorld(PLENTY)
  tenant = await tenantKey(world.door, 1)
  analyst = (await makeKey(world.door)).key
})
afterAll(() => world.stop())

const explain = (question: object): Request => ({ url: '/v1/explain', body: question })
const graphql = (query: string): Request => ({ url: '/graphql', body: { query } })
const RANGE = { time: { range: 'last 3 days and today' } }

/** Everything that tells of the catalog. */
const SURFACES: readonly (readonly [string, Request])[] = [
  ['metrics', { url: '/v1/metrics' }],
  ['dimensions', { url: '/v1/dimensions' }],
  ['processes', { url: '/v1/processes' }],
  ['a process', { url: '/v1/processes/ticket' }],
  ['a metric', { url: '/v1/metrics/tickets' }],
  ['a dimension', { url: '/v1/dimensions/film' }],
  ['publications', { url: '/v1/publications?limit=10000' }],
  ['the plan of a question', explain({ metrics: ['tickets', 'average_price'], dimensions: ['film'], ...RANGE })],
  ['the plan of one that few sources answer', explain({ metrics: ['takings'], dimensions: ['daypart'], ...RANGE })],
  ['introspection', graphql(getIntrospectionQuery())],
  [
    'the catalog over GraphQL',
    graphql(`{ metrics { name label dimensions sources { source } } dimensions { name processes }
      processes { name metrics modifiers { name } sources { source } } publications { source rowCount } }`),
  ],
]

/** In a text or a type name: `house_record`, `HouseRecord`. */
const flat = (text: string): string => text.replaceAll('_', '').toLowerCase()
const namesIn = (text: string): string[] => HIDDEN.filter((name) => flat(text).includes(flat(name)))
const send = (request: Request, credential: string | undefined): Promise<Reply> =>
  world.door.send({ ...request, credential })

describe('what a tenant may not see', () => {
  it.each(SURFACES)('is not in %s', async (_, request) => {
    const { status, text } = await send(request, tenant)
    expect([status, namesIn(text)]).toEqual([200, []])
  })

  it.each([
    ['an analyst', () => analyst],
    ['who asks on loopback', () => undefined],
  ])('is there for %s', async (_, credential) => {
    const told = await Promise.all(SURFACES.map(async ([, request]) => (await send(request, credential())).text))
    expect(namesIn(told.join('\n')).toSorted()).toEqual(HIDDEN.toSorted())
  })

  it('does not take with it what it may', async () => {
    const told = await Promise.all(SURFACES.map(async ([, request]) => (await send(request, tenant)).text))
    expect(SEEN.filter((name) => !told.join('\n').includes(name))).toEqual([])
  })

  it.each(HIDDEN)('is not found by the words of %s', async (name) => {
    for (const kind of ['metrics', 'dimensions', 'processes']) {
      const { status, body } = await send({ url: `/v1/${kind}?search=${name}` }, tenant)
      expect([status, body[kind]]).toEqual([200, []])
    }
  })
})

describe('a hidden name is unknown', () => {
  const near = (name: string): string => `${name.slice(0, 2)}${name.slice(3)}`
  const told = ({ status, body }: Reply) => {
    const { code, errors = [] } = body
    const suggestions = errors.flatMap((each: { suggestions: string[] }) => each.suggestions)
    return { status, code, suggestions }
  }

  it.each([
    ['metrics', 'wages'],
    ['metrics', 'wages_per_ticket'],
    ['metrics', 'screenings'],
    ['metrics', 'occupancy'],
    ['metrics', 'flagship_tickets'],
    ['metrics', 'flagship_share'],
    ['metrics', 'odeon_takings'],
    ['processes', 'payroll'],
    ['dimensions', 'paygrade'],
  ])('at /v1/%s/%s, and not suggested to who writes it almost right', async (kind, name) => {
    expect((await send({ url: `/v1/${kind}/${name}` }, analyst)).status).toBe(200)
    const exact = told(await send({ url: `/v1/${kind}/${name}` }, tenant))
    const almost = told(await send({ url: `/v1/${kind}/${near(name)}` }, tenant))
    for (const each of [exact, almost]) {
      expect([each.status, each.code, namesIn(each.suggestions.join(' '))]).toEqual([404, 'NOT_FOUND', []])
    }
    expect(told(await send({ url: `/v1/${kind}/${near(name)}` }, analyst)).suggestions).toContain(name)
  })

  it('at /v1/dimensions/paygrade/values', async () => {
    expect((await send({ url: '/v1/dimensions/paygrade/values' }, analyst)).status).toBe(200)
    expect((await send({ url: '/v1/dimensions/paygrade/values' }, tenant)).status).toBe(404)
  })

  it.each([
    [{ metrics: ['wages'] }, 'UNKNOWN_METRIC'],
    [{ metrics: ['tickets', 'wages_per_ticket'] }, 'UNKNOWN_METRIC'],
    [{ metrics: ['screenings'] }, 'UNKNOWN_METRIC'],
    [{ metrics: ['flagship_share'] }, 'UNKNOWN_METRIC'],
    [{ metrics: ['tickets'], having: [{ field: 'wages', op: 'gt', values: [1] }] }, 'UNKNOWN_COLUMN'],
    [{ metrics: ['tickets'], dimensions: ['paygrade'] }, 'UNKNOWN_DIMENSION'],
    [{ metrics: ['tickets'], filters: [{ field: 'paygrade', op: 'eq', values: ['a'] }] }, 'UNKNOWN_DIMENSION'],
    [{ metrics: [{ metric: 'tickets', modifiers: ['flagship'] }] }, 'UNKNOWN_MODIFIER'],
    [{ metrics: [{ metric: 'takings', modifiers: ['odeon'] }] }, 'UNKNOWN_MODIFIER'],
  ])('to the question %j', async (question, code) => {
    for (const url of ['/v1/query', '/v1/explain']) {
      const given = told(await send({ url, body: { ...RANGE, ...question } }, tenant))
      expect([given.status, given.code, namesIn(given.suggestions.join(' '))]).toEqual([400, code, []])
    }
  })

  it.each([
    '{ backstag { rows { tickets } } }',
    '{ box_office { rows { wags_per_ticket } } }',
    '{ box_office { rows { screening } } }',
    '{ box_office { rows { flagshp_tickets } } }',
    '{ box_office { rows { tickets(modifiers: ["flagshp"]) } } }',
    '{ box_office { rows { paygrad } } }',
    '{ box_office(where: {paygrad: {eq: "a"}}) { rows { tickets } } }',
    '{ metric(name: "wage") { name } }',
    '{ process(name: "payrol") { name } }',
    '{ dimension(name: "paygrad") { name } }',
    '{ __type(name: "BackstageRow") { name } }',
  ])('to the document %s', async (document) => {
    const told = await send(graphql(document), tenant)
    expect(namesIn(told.text.split('Did you mean').slice(1).join(''))).toEqual([])
    expect(namesIn(JSON.stringify(told.body.errors ?? []))).toEqual([])
    const { text } = await send(graphql(document), analyst)
    expect(namesIn(text).length).toBeGreaterThan(0)
  })
})

describe('of what is published a tenant sees', () => {
  const listed = async (parameters: string, credential: string) => {
    const { body } = await send({ url: `/v1/publications?${parameters}` }, credential)
    return body.publications.map(({ source, day, rowCount }: Record<string, unknown>) => [source, day, rowCount])
  }

  it('its sources alone, and not how many rows all tenants have together', async () => {
    expect(await listed('from=2026-11-18&to=2026-11-18', tenant)).toEqual([['ticket_day', '2026-11-18', null]])
    expect(await listed('from=2026-11-18&to=2026-11-18', analyst)).toHaveLength(2)
    expect((await listed('source=ticket_day&limit=1', analyst))[0]).toEqual(['ticket_day', '2026-11-19', 5])
  })

  it('nothing of a source that it names itself, nor that it is there', async () => {
    expect(await listed('source=house_record', tenant)).toEqual([])
    expect(await listed('source=nobody_knows', tenant)).toEqual([])
    expect(await listed('source=house_record&limit=1', analyst)).toHaveLength(1)
  })

  it('as many as it asked for, though others lie between', async () => {
    expect(await listed('limit=4', tenant)).toHaveLength(4)
  })
})

describe('a tenant of another dimension', () => {
  const metricsOf = async (bound: object): Promise<string[]> => {
    const { key } = await makeKey(world.door, { role: 'tenant', tenant: bound })
    return (await world.door.get('/v1/metrics', key)).body.metrics.map(({ name }: { name: string }) => name)
  }

  it('sees what can be cut to that', async () => {
    expect(await metricsOf({ paygrade: ['a'] })).toEqual(['wages'])
    expect(await metricsOf({ supplier: ['maize1'] })).toEqual(['snacks'])
    const ofFilms = await metricsOf({ film: ['dune'] })
    expect(ofFilms).toEqual(expect.arrayContaining(['screenings', 'occupancy', 'flagship_tickets', 'tickets']))
    expect(ofFilms.filter((name) => /wages|snacks/.test(name))).toEqual([])
  })

  it('and of two what can be cut to both', async () => {
    expect((await metricsOf({ film: ['dune'], cinema: [1] })).toSorted()).toEqual(
      ['average_price', 'evening_tickets', 'takings', 'tickets'].toSorted(),
    )
  })
})
