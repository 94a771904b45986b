import { getIntrospectionQuery } from 'graphql'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Fault } from '../../../src/base/faults.ts'
import { ADMIN_KEY, openWorld, toldOf, type World } from './world.ts'

let world: World

beforeAll(async () => {
  world = await openWorld()
})
afterEach(() => {
  world.fail = undefined
})
afterAll(() => world.close())

const ROWS = 'rows { channel clicks }'
const DAY = 'time: {range: "2026-11-19"}'

describe('one document, one batch', () => {
  it('reads once what its fields share', async () => {
    const whole = `advertising(time: {range: ["2026-11-17", "2026-11-19"]})`
    const top = `advertising(time: {range: ["2026-11-17", "2026-11-19"]}, orderBy: [{field: "clicks"}], limit: 1)`
    world.forget()
    await world.graphql(`{ ${whole} { ${ROWS} } }`)
    const alone = world.statements.length
    expect(alone).toBeGreaterThan(0)
    world.forget()
    const { body } = await world.graphql(
      `{ a: ${whole} { ${ROWS} } b: ${whole} { ${ROWS} } c: ${top} { rows { c: clicks x: channel } } }`,
    )
    expect(body.errors).toBeUndefined()
    expect(body.data.c.rows).toHaveLength(1)
    expect(body.data.a).toEqual(body.data.b)
    expect(world.statements).toHaveLength(alone)
  })

  it('lets each field have its own outcome', async () => {
    const { status, body } = await world.graphql(`{
      good: advertising(${DAY}) { rows { clicks } }
      bad: advertising(${DAY}, where: {channel: {eq: null}}) { rows { clicks } }
      none: trade(${DAY}) { rows { advertiser { key } } }
      metric(name: "exposure") { name }
      metrics(search: "${'x'.repeat(201)}") { name } }`)
    expect(status).toBe(200)
    expect(body.data).toEqual({ good: { rows: [{ clicks: 7 }] }, bad: null, none: null, metric: null, metrics: null })
    const errors = Object.fromEntries(body.errors.map((error: { path: string[] }) => [error.path.join('.'), error]))
    expect(errors.bad.extensions).toMatchObject({
      code: 'INVALID_VALUE',
      status: 400,
      errors: [{ pointer: '/where/channel/eq' }],
    })
    expect(errors.bad.extensions.requestId).toMatch(/^[\w-]{18}-\d+$/)
    expect(errors.none.message).toMatch(/Select at least one metric of trade under rows or totals: orders, gmv/)
    expect(errors.metric.extensions).toMatchObject({ code: 'NOT_FOUND', errors: [{ suggestions: ['exposures'] }] })
    expect(errors.metrics.extensions).toMatchObject({ code: 'INVALID_REQUEST', errors: [{ pointer: '/search' }] })
  })

  it('answers the others when a store fails one of them, and says nothing of what the store said', async () => {
    world.fail = ({ text }) =>
      text.includes('order_fact')
        ? new Fault('STORE_FAILED', 'A store refused a statement.', { cause: new Error('secret at 10.0.0.1') })
        : undefined
    const { status, body, text } = await world.graphql(
      `{ advertising(${DAY}) { rows { clicks } } trade(${DAY}) { rows { orders } } }`,
    )
    expect(status).toBe(200)
    expect(body.data).toEqual({ advertising: { rows: [{ clicks: 7 }] }, trade: null })
    expect(body.errors[0]).toMatchObject({ path: ['trade'], extensions: { code: 'STORE_FAILED', status: 502 } })
    expect(text).not.toContain('secret')
  })

  it('tells of what broke inside as INTERNAL', async () => {
    world.fail = () => new Error('secret of the gateway')
    const { status, body, text } = await world.graphql(`{ advertising(${DAY}) { rows { clicks } } }`)
    expect(status).toBe(200)
    expect(body.errors[0].extensions).toMatchObject({ code: 'INTERNAL', status: 500, errors: [] })
    expect(text).not.toContain('secret')
  })

  it('ends its statements when the client hangs up', async () => {
    const url = await world.app.listen({ host: '127.0.0.1', port: 0 })
    const client = new AbortController()
    const aborted = new Promise<void>((resolve) => {
      world.fail = (_, options) =>
        new Promise((failed) => {
          options?.signal?.addEventListener('abort', () => {
            resolve()
            failed(new Fault('CLIENT_CLOSED', 'gone'))
          })
          client.abort()
        })
    })
    const query = `{ advertising(${DAY}) { rows { clicks } } }`
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) }
    await expect(fetch(`${url}/graphql`, { ...init, signal: client.signal })).rejects.toThrow()
    await aborted
  })
})

describe('faults', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    [
      'a modifier',
      `advertising(${DAY}) { rows { x: clicks(modifiers: ["in_fed"]) } }`,
      'UNKNOWN_MODIFIER',
      '/rows/x/modifiers',
    ],
    [
      'a value in a list',
      `advertising(${DAY}, where: {or: [{channel: {eq: "a"}}, {channel: {in: ["b", "\\u0000"]}}]}) { rows { clicks } }`,
      'INVALID_VALUE',
      '/where/or/1/channel/in/1',
    ],
    [
      'a value of an attribute',
      `advertising(${DAY}, where: {channel: {eq: "a"}, advertiser: {name: {eq: "x", ne: "\\u0000"}}}) { rows { clicks } }`,
      'INVALID_VALUE',
      '/where/advertiser/name/ne',
    ],
    [
      'two ends',
      `advertising(${DAY}, where: {campaign: {between: [1]}}) { rows { clicks } }`,
      'INVALID_VALUE',
      '/where/campaign/between',
    ],
    [
      'an empty branch',
      `advertising(${DAY}, where: {or: [{}, {channel: {eq: "a"}}]}) { rows { clicks } }`,
      'INVALID_VALUE',
      '/where/or/0',
    ],
    ['an empty list', `advertising(${DAY}, where: {and: []}) { rows { clicks } }`, 'INVALID_VALUE', '/where/and'],
    [
      'null for a dimension',
      `advertising(${DAY}, where: {channel: null}) { rows { clicks } }`,
      'INVALID_VALUE',
      '/where/channel',
    ],
    ['a range', 'advertising(time: {range: "last 7 dayz"}) { rows { clicks } }', 'INVALID_RANGE', '/time/range'],
    ['a zone', 'advertising(time: {zone: "Asia/Shanghia"}) { rows { clicks } }', 'INVALID_ZONE', '/time/zone'],
    ['time without a grain', `advertising(${DAY}) { rows { time clicks } }`, 'INVALID_QUESTION', '/time/grain'],
    [
      'an order',
      `advertising(${DAY}, orderBy: [{field: "clicks"}, {field: "clik"}]) { rows { clicks } }`,
      'UNKNOWN_COLUMN',
      '/orderBy/1/field',
    ],
    [
      'having',
      `advertising(${DAY}, having: [{field: "channel", gt: 1}]) { rows { channel clicks } }`,
      'UNKNOWN_COLUMN',
      '/having/0/field',
    ],
    [
      'having without a field',
      `advertising(${DAY}, having: [{gt: 1}]) { rows { clicks } }`,
      'INVALID_VALUE',
      '/having/0',
    ],
    ['a limit', `advertising(${DAY}, limit: -1) { rows { clicks } }`, 'INVALID_QUESTION', '/limit'],
    ['finality', `advertising(${DAY}, finality: FINAL) { rows { clicks } }`, 'NOT_FINAL', '/finality'],
    [
      'a dimension of another process',
      `trade(${DAY}) { rows { advertiser { key } paid roi } }`,
      'NOT_ANSWERABLE',
      '/rows/paid',
    ],
    [
      'a filter on such a dimension',
      `trade(${DAY}, where: {paid: {eq: true}}) { rows { roi } }`,
      'NOT_ANSWERABLE',
      '/where/paid/eq',
    ],
    ['nothing to compute', `advertising(${DAY}) { freshness { asOf } }`, 'INVALID_QUESTION', '/rows'],
    [
      'a limit of values',
      'dimension(name: "channel") { values(limit: 0) { nextCursor } }',
      'INVALID_REQUEST',
      '/limit',
    ],
  ]
  it.each(cases)('point at %s', async (_, field, code, pointer) => {
    const { status, body } = await world.graphql(`{ ${field} }`)
    expect(status).toBe(200)
    expect(body.errors).toHaveLength(1)
    expect(body.errors[0].extensions).toMatchObject({ code, errors: [{ pointer }] })
  })

  const refused: readonly (readonly [string, string, string, RegExp])[] = [
    ['syntax', '{ advertising(', 'INVALID_REQUEST', /Syntax Error/],
    ['an empty document', '# nothing', 'INVALID_REQUEST', /Syntax Error/],
    ['a document as JSON', '{"kind":"Document","definitions":[]}', 'INVALID_REQUEST', /Syntax Error/],
    ['JSON null', 'null', 'INVALID_REQUEST', /Syntax Error/],
    ['a metric', '{ advertising { rows { exposure } } }', 'UNKNOWN_METRIC', /Did you mean "exposures"/],
    ['a domain', '{ advertizing { rows { exposures } } }', 'UNKNOWN_KEY', /Did you mean "advertising"/],
    ['an operator', '{ advertising(where: {channel: {equals: "a"}}) { rows { exposures } } }', 'UNKNOWN_KEY', /equals/],
    ['an argument', '{ advertising(filter: 1) { rows { exposures } } }', 'UNKNOWN_KEY', /filter/],
    [
      'a number that is none',
      '{ advertising(where: {campaign: {eq: "1; drop table x"}}) { rows { exposures } } }',
      'INVALID_VALUE',
      /Int64 is an integer/,
    ],
    ['a day that is none', '{ publications(from: "2026-02-30") { day } }', 'INVALID_VALUE', /Date is a day/],
    ['no selection', '{ advertising }', 'INVALID_QUESTION', /must have a selection of subfields/],
    ['a mutation', 'mutation { publish }', 'INVALID_QUESTION', /mutation/],
  ]
  it.each(refused)('refuse %s with 400, three times over', async (_, query, code, message) => {
    for (let time = 0; time < 3; time++) {
      const { status, body } = await world.graphql(query)
      expect(status).toBe(400)
      expect(body.data).toBeUndefined()
      expect(body.errors[0].message).toMatch(message)
      expect(body.errors[0].extensions).toMatchObject({ code, status: 400 })
    }
  })

  it('refuse missing and wrong variables alike, cold and warm', async () => {
    const query = `query ($id: Int64!) { advertising(${DAY}, where: {campaign: {eq: $id}}) { rows { clicks } } }`
    for (const variables of [undefined, {}, { id: null }, { id: 'one' }, undefined, { id: 1.5 }, {}]) {
      const { status, body } = await world.graphql(query, variables)
      expect(status).toBe(400)
      expect(body.data).toBeUndefined()
      expect(body.errors[0].extensions.code).toBe('INVALID_VALUE')
    }
    expect((await world.graphql(query, { id: 7 })).body.data.advertising.rows).toEqual([{ clicks: 7 }])
    expect((await world.graphql(query)).status).toBe(400)
  })

  it('let no text become anything but a value', async () => {
    for (const evil of [
      `'; drop table ad_event; --`,
      `" or 1=1`,
      '$1',
      '{p1:String}',
      `\\'`,
      '$x',
      '\u202e',
      '%',
      '_',
    ]) {
      const query =
        'query ($x: [String]) { advertising(time: {range: "2026-11-19"}, where: {channel: {in: $x}}) { totals { clicks } } }'
      const { body } = await world.graphql(query, { x: [evil] })
      expect(body.errors).toBeUndefined()
      const named = await world.graphql(
        'query ($f: String!) { advertising(orderBy: [{field: $f}]) { rows { clicks } } }',
        { f: evil },
      )
      expect(named.body.errors[0].extensions.code).toBe('UNKNOWN_COLUMN')
    }
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const { body } = await world.graphql(
        `{ advertising(${DAY}) { rows { ${name === '__proto__' ? 'x' : name}: clicks } } metric(name: "${name}") { name } }`,
      )
      expect(body.errors).toHaveLength(1)
      expect(body.data.advertising.rows[0]).toEqual({ [name === '__proto__' ? 'x' : name]: 7 })
    }
    expect((await world.graphql(`{ advertising(${DAY}) { rows { clicks } } }`)).body.data.advertising.rows).toEqual([
      { clicks: 7 },
    ])
  })
})

describe('limits', () => {
  const deep = (levels: number) => `{ __typename ${'{ a '.repeat(levels)}${'}'.repeat(levels)} }`
  const bomb = Array.from({ length: 40 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join('\n')
  const cases: readonly (readonly [string, string, number, string])[] = [
    ['text', `{ __typename } # ${'x'.repeat(100_000)}`, 413, 'BODY_TOO_LARGE'],
    ['brackets', deep(15_000), 400, 'TOO_DEEP'],
    ['lists', `{ advertising(where: ${'['.repeat(20_000)}`, 400, 'TOO_DEEP'],
    ['depth', `{ advertising { rows ${'{ advertiser '.repeat(12)} { key } ${'}'.repeat(12)} } }`, 400, 'TOO_DEEP'],
    ['root fields', `{ ${Array.from({ length: 21 }, (_, i) => `a${i}: __typename`).join(' ')} }`, 422, 'OVER_BUDGET'],
    ['fields', `{ advertising { rows { ${'clicks '.repeat(500)} } } }`, 422, 'OVER_BUDGET'],
    ['fragments in fragments', `{ ...F0 } ${bomb} fragment F40 on Query { __typename }`, 422, 'OVER_BUDGET'],
    [
      'definitions',
      `{ __typename } ${Array.from({ length: 100 }, (_, i) => `fragment F${i} on Query { __typename }`).join(' ')}`,
      422,
      'OVER_BUDGET',
    ],
  ]
  it.each(cases)('hold for %s', async (_, query, expected, code) => {
    const began = performance.now()
    const { status, body } = await world.graphql(query)
    expect(status).toBe(expected)
    expect(body.errors[0].extensions.code).toBe(code)
    expect(performance.now() - began).toBeLessThan(1000)
  })

  it('hold for values that are looked up', async () => {
    const many = Array.from({ length: 7 }, (_, i) => `d${i}: dimensions { values { nextCursor } }`).join(' ')
    const { body } = await world.graphql(`{ ${many} }`)
    expect(body.errors).toHaveLength(7 * 4 - 20)
    expect(body.errors[0].extensions.code).toBe('OVER_BUDGET')
  })

  it('survive fragments that hold themselves', async () => {
    const { status, body } = await world.graphql('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }')
    expect(status).toBe(400)
    expect(body.errors[0].message).toMatch(/spread/)
  })
})

describe('the door', () => {
  it('lets introspection through', async () => {
    const { status, body } = await world.graphql(getIntrospectionQuery())
    expect(status).toBe(200)
    expect(body.errors).toBeUndefined()
    const names: string[] = body.data.__schema.types.map(({ name }: { name: string }) => name)
    expect(names).toContain('AdvertisingRow')
    expect(names).not.toContain('Written')
    for (let time = 0; time < 2; time++) {
      const both = await world.graphql('{ metric(name: "gmv") { name } __type(name: "Written") { name } }')
      expect(both.body).toEqual({ data: { metric: { name: 'gmv' }, __type: null } })
      const mixed = await world.graphql(
        '{ __schema { description } ...A } fragment A on Query { trade { rows { gmv } } }',
      )
      expect(mixed.status).toBe(400)
      expect(mixed.body.errors[0].message).toBe('Ask for the schema and for figures in two documents.')
    }
    const { body: row } = await world.graphql(
      '{ __type(name: "AdvertisingRow") { fields(includeDeprecated: true) { name description isDeprecated type { name } } } }',
    )
    expect(row.data.__type.fields).toContainEqual({
      name: 'exposures',
      description: 'Exposures (count). Times shown.',
      isDeprecated: false,
      type: { name: 'Int64' },
    })
    expect(row.data.__type.fields).toContainEqual(expect.objectContaining({ name: 'clicks', isDeprecated: true }))
  })

  it('asks for the credential that REST asks for', async () => {
    const query = '{ __typename }'
    expect((await world.send({ query }, { authorization: `Bearer ${ADMIN_KEY}` })).status).toBe(200)
    const { status, body } = await world.send({ query }, { authorization: 'Bearer wrong' })
    expect(status).toBe(401)
    expect(body.errors[0].extensions).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 })
  })

  it('tells of bad requests in its own form', async () => {
    const cases: readonly (readonly [unknown, number, string])[] = [
      ['{"query":', 400, 'MALFORMED_JSON'],
      ['null', 400, 'INVALID_REQUEST'],
      [[{ query: '{ __typename }' }], 400, 'INVALID_REQUEST'],
      [{}, 400, 'INVALID_REQUEST'],
      [{ query: 1 }, 400, 'INVALID_REQUEST'],
      [{ query: '{ __typename }', variables: [] }, 400, 'INVALID_REQUEST'],
      [{ query: '{ __typename }', operationName: 'a b' }, 400, 'INVALID_REQUEST'],
      [{ query: '{ __typename }', operationName: 'Absent' }, 400, 'INVALID_QUESTION'],
      [JSON.stringify({ query: ' '.repeat(1024 * 1024) }), 413, 'BODY_TOO_LARGE'],
    ]
    for (const [sent, status, code] of cases) {
      const told = await world.send(sent)
      expect([told.status, told.body.errors?.[0]?.extensions?.code]).toEqual([status, code])
    }
    expect((await world.send('{ __typename }', { 'content-type': 'text/plain' })).status).toBe(415)
  })

  it('answers GET, and the newer media type', async () => {
    const get = async (search: string, headers = {}) =>
      toldOf(await world.app.inject({ method: 'GET', url: `/graphql?${search}`, headers }))
    const query = encodeURIComponent('query A ($x: String!) { metric(name: $x) { name unit } } query B { __typename }')
    const variables = encodeURIComponent('{"x":"gmv"}')
    const told = await get(`query=${query}&operationName=A&variables=${variables}`, {
      accept: 'application/graphql-response+json',
    })
    expect(told.body).toEqual({ data: { metric: { name: 'gmv', unit: 'CNY' } } })
    expect(told.type).toBe('application/graphql-response+json; charset=utf-8')
    expect((await get(`query=${query}&operationName=C`)).status).toBe(400)
    expect((await get(`query=${query}&operationName=C`)).status).toBe(400)
    expect((await get('')).body.errors[0].extensions.code).toBe('INVALID_REQUEST')
    expect((await get(`query=${query}&variables=x`)).body.errors[0].extensions.code).toBe('MALFORMED_JSON')
  })

  it('tells of the catalog what REST tells', async () => {
    const { body } = await world.graphql(`{
      metric(name: "ctr") { name label aliases type formula process processes domain dimensions unit format status modifiers sources { source kind store layer } }
      feed: metric(name: "feed_clicks") { from modifiers }
      metrics(search: "曝光") { name }
      dimension(name: "advertiser") { name label type nameAttribute attributes { name type } operators processes values(search: "b", limit: 1) { values { value label } nextCursor } }
      channel: dimension(name: "channel") { values { values { value label } nextCursor } }
      processes { name domain zone modifiers { name filters { field op values } } sources { source complete } }
      process(name: "order") { metrics }
      publications(source: "ad_day", from: "2026-11-18") { source day version state rowCount publishedAt }
    }`)
    expect(body.errors).toBeUndefined()
    const rest = toldOf(await world.app.inject({ url: '/v1/metrics/ctr' })).body
    expect(body.data.metric).toEqual({
      ...body.data.metric,
      ...pick(rest, Object.keys(body.data.metric)),
      modifiers: [],
    })
    expect(body.data.feed).toEqual({ from: 'clicks', modifiers: ['in_feed'] })
    expect(body.data.metrics).toEqual([{ name: 'exposures' }])
    expect(body.data.dimension.values).toEqual({ values: [{ value: 2, label: 'Bob' }], nextCursor: expect.any(String) })
    expect(body.data.channel.values).toEqual({
      values: [
        { value: 'feed', label: 'Feed' },
        { value: 'search', label: 'search' },
      ],
      nextCursor: null,
    })
    expect(body.data.processes[0].modifiers).toEqual([
      { name: 'in_feed', filters: [{ field: 'channel', op: 'eq', values: ['feed'] }] },
    ])
    expect(body.data.process.metrics).toEqual(['orders', 'gmv'])
    expect(body.data.publications).toMatchObject([
      { source: 'ad_day', day: '2026-11-18', version: 1, state: 'published' },
    ])
  })
})

function pick(of: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.filter((key) => key in of).map((key) => [key, of[key]]))
}
