import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BIG, PRECISE } from './business.ts'
import { openWorld, type World } from './world.ts'

let world: World

beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const RANGE = '["2026-11-17", "2026-11-19"]'

describe('the selection is the question', () => {
  it('gives the rows, freshness and notices that REST gives', async () => {
    const graphql = await world.graphql(`{
      advertising(time: {range: ${RANGE}, grain: DAY}, where: {channel: {in: ["feed", null]}}) {
        rows { time channel exposures cost ctr finality }
        freshness { asOf finalThrough sources { source from to finality reason } }
        notices { code from to message }
        totals { exposures cost ctr finality }
        truncated
        columns { name role type unit format grain }
        receipt { queryId catalogVersion epoch cache approximate }
      } }`)
    const rest = await world.rest({
      metrics: ['exposures', 'cost', 'ctr'],
      dimensions: ['channel'],
      time: { range: ['2026-11-17', '2026-11-19'], grain: 'day' },
      filters: [{ field: 'channel', op: 'in', values: ['feed', null] }],
      totals: true,
    })
    expect(graphql.status).toBe(200)
    expect(graphql.type).toBe('application/json; charset=utf-8')
    expect(graphql.body.errors).toBeUndefined()
    const { rows, freshness, notices, totals, truncated, columns, receipt } = graphql.body.data.advertising
    expect(rows).toEqual(rest.body.rows)
    expect(rows).toHaveLength(4)
    expect(totals).toEqual(rest.body.totals[0])
    expect(notices).toEqual(rest.body.notices)
    expect(truncated).toBe(false)
    expect(withoutNulls(freshness)).toEqual(rest.body.freshness)
    expect(withoutNulls(columns)).toEqual(rest.body.columns)
    expect(Object.keys(receipt)).toEqual(['queryId', 'catalogVersion', 'epoch', 'cache', 'approximate'])
    expect(rows.map((row: { finality: string }) => row.finality)).toEqual(['final', 'final', 'final', 'provisional'])
  })

  it('keeps every digit', async () => {
    const { text, body } = await world.graphql(`{
      advertising(time: {range: "2026-11-18"}, orderBy: [{field: "exposures"}]) {
        rows { advertiser { key } exposures cost } totals { exposures cost } } }`)
    expect(body.errors).toBeUndefined()
    expect(text).toContain(
      `"rows":[{"advertiser":{"key":${BIG}},"exposures":50,"cost":0},{"advertiser":{"key":1},"exposures":${BIG},"cost":${PRECISE}}]`,
    )
    expect(text).toContain(`"totals":{"exposures":9007199254741043,"cost":${PRECISE}}`)
  })

  it('groups by keys and attributes, and filters on them', async () => {
    const { body } = await world.graphql(`{
      advertising(time: {range: ${RANGE}}, where: {advertiser: {industry: {eq: "cars"}, in: {eq: true}, key: {lt: 100}}, campaign: {ne: ${BIG}}}) {
        rows { who: advertiser { id: key industry insider: in name } clicks } } }`)
    expect(body).toEqual({
      data: {
        advertising: {
          rows: [{ who: { id: 1, industry: 'cars', insider: true, name: 'Ann "the" Shop' }, clicks: 26 }],
        },
      },
    })
  })

  it('takes 64-bit values as literals, texts and variables', async () => {
    const ask = (where: string, variables?: object) =>
      world.graphql(
        `query ${variables === undefined ? '' : 'id' in variables ? '($id: Int64)' : '($ids: [Int64])'} { advertising(time: {range: ${RANGE}}, where: {campaign: ${where}}) { totals { exposures } } }`,
        variables,
      )
    for (const told of [
      await ask(`{eq: ${BIG}}`),
      await ask(`{eq: "${BIG}"}`),
      await ask(`{in: [${BIG}]}`),
      await ask('{eq: $id}', { id: BIG }),
      await ask('{in: $ids}', { ids: [BIG] }),
    ]) {
      expect(told.body).toEqual({ data: { advertising: { totals: { exposures: 100 } } } })
    }
    const unsafe = await world.send(`{"query":"query ($id: Int64) { __typename }","variables":{"id":${BIG}}}`)
    expect(unsafe.status).toBe(400)
    expect(unsafe.body.errors[0].extensions.code).toBe('UNSAFE_INTEGER')
  })

  it('nests and, or, not', async () => {
    const { body } = await world.graphql(`{
      a: advertising(time: {range: ${RANGE}}, where: {or: [{channel: {isNull: true}}, {channel: {eq: "search"}, campaign: {between: [1, 7]}}]}) { totals { exposures } }
      b: advertising(time: {range: ${RANGE}}, where: {not: {channel: {eq: "feed"}}}) { totals { exposures } }
      c: advertising(time: {range: ${RANGE}}, where: {and: [{channel: {startsWith: "se"}}, {channel: {contains: "arch", notNull: true}}]}) { totals { exposures } }
      d: trade(time: {range: ${RANGE}}, where: {paid: {eq: true}}) { totals { orders gmv } }
    }`)
    expect(body).toEqual({
      data: {
        a: { totals: { exposures: 290 } },
        b: { totals: { exposures: 240 } },
        c: { totals: { exposures: 240 } },
        d: { totals: { orders: 2, gmv: 15.15 } },
      },
    })
  })

  it('orders and limits by aliases, names and attributes, and filters finished metrics', async () => {
    const ask = (limit: number) =>
      world.graphql(`{
        advertising(time: {range: ${RANGE}}, where: {channel: {notNull: true}}, having: [{field: "inFeed", gte: 0}, {not: {field: "exposures", lt: 0.5}}],
          orderBy: [{field: "advertiser.industry", direction: DESC}, {field: "shown"}], limit: ${limit}) {
          rows { advertiser { industry } shown: exposures inFeed: clicks(modifiers: ["in_feed"]) } truncated } }`)
    const one = `{"advertiser":{"industry":"cars"},"shown":9007199254741123,"inFeed":36}`
    expect((await ask(1)).text).toBe(`{"data":{"advertising":{"rows":[${one}],"truncated":false}}}`)
    expect((await ask(0)).text).toBe('{"data":{"advertising":{"rows":[],"truncated":true}}}')
  })

  it('computes one metric under several modifiers, each under its alias', async () => {
    const { body } = await world.graphql(`{
      advertising(time: {range: ${RANGE}}) {
        rows { clicks inFeed: clicks(modifiers: ["in_feed"]) again: clicks _under: ctr time_: cost channel: feed_clicks }
        columns { name } } }`)
    expect(body.data.advertising.rows[0]).toMatchObject({ clicks: 40, inFeed: 36, again: 40, channel: 36 })
    const names = body.data.advertising.columns.map(({ name }: { name: string }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('reads a domain named like a field of the catalog, and composites over domains', async () => {
    const { body } = await world.graphql(`{
      domain_metrics(time: {range: ${RANGE}}) { rows { readings } }
      metrics(search: "exposures") { name }
      trade(time: {range: "2026-11-19"}) { rows { advertiser { name } roi } } }`)
    expect(body).toEqual({
      data: {
        domain_metrics: { rows: [{ readings: 3 }] },
        metrics: [{ name: 'exposures' }],
        trade: {
          rows: [
            { advertiser: { name: 'Ann "the" Shop' }, roi: 6.733333333333333 },
            { advertiser: { name: 'Bob' }, roi: 1.2625 },
          ],
        },
      },
    })
  })
})

describe('aliases, fragments, variables, skip and include', () => {
  const QUERY = `query Panel($range: [String!], $channels: [String], $more: Boolean!, $less: Boolean = true, $in: [String!]) {
      ...Root
      advertising(time: {range: $range}, where: {channel: {in: $channels}}) { rows { channel ... { clicks } } }
      advertising(time: {range: $range}, where: {channel: {in: $channels}}) { rows { ...Shown } __typename }
    }
    fragment Root on Query { other: advertising(time: {range: $range}) { ...Answer @include(if: $more) totals { clicks } } }
    fragment Answer on AdvertisingAnswer { rows { ...Shown } }
    fragment Shown on AdvertisingRow {
      __typename
      exposures @skip(if: $less)
      inFeed: clicks(modifiers: $in)
      advertiser @include(if: $more) { __typename industry }
      advertiser @include(if: $more) { in }
    }`
  const variables = { range: ['2026-11-19', '2026-11-19'], channels: ['feed'], in: ['in_feed'] }

  it('work the same three times over', async () => {
    for (let time = 0; time < 3; time++) {
      const { body } = await world.graphql(QUERY, { ...variables, more: true })
      const advertiser = { __typename: 'AdvertiserDimension', industry: 'cars', in: true }
      expect(body).toEqual({
        data: {
          other: {
            rows: [
              {
                __typename: 'AdvertisingRow',
                inFeed: null,
                advertiser: { ...advertiser, industry: 'books', in: false },
              },
              { __typename: 'AdvertisingRow', inFeed: 6, advertiser },
            ],
            totals: { clicks: 7 },
          },
          advertising: {
            rows: [{ channel: 'feed', clicks: 6, __typename: 'AdvertisingRow', inFeed: 6, advertiser }],
            __typename: 'AdvertisingAnswer',
          },
        },
      })
      const less = await world.graphql(QUERY, { ...variables, more: false, less: false })
      expect(less.body).toEqual({
        data: {
          other: { totals: { clicks: 7 } },
          advertising: {
            rows: [{ channel: 'feed', clicks: 6, __typename: 'AdvertisingRow', exposures: 30, inFeed: 6 }],
            __typename: 'AdvertisingAnswer',
          },
        },
      })
    }
  })

  it('leave a filter out whose variable is not given', async () => {
    const query = `query ($channels: [String]) { advertising(time: {range: "2026-11-19"}, where: {channel: {in: $channels}}) { rows { clicks } } }`
    expect((await world.graphql(query)).body.data.advertising.rows).toEqual([{ clicks: 7 }])
    const refused = await world.graphql(query, { channels: null })
    expect(refused.body.errors[0].extensions).toMatchObject({
      code: 'INVALID_VALUE',
      errors: [{ pointer: '/where/channel/in' }],
    })
  })

  it('ask nothing when everything is left out', async () => {
    world.forget()
    const { body } = await world.graphql('{ advertising { __typename rows @skip(if: true) { exposures } } }')
    expect(body).toEqual({ data: { advertising: { __typename: 'AdvertisingAnswer' } } })
    expect(world.statements).toHaveLength(0)
  })

  it('run each operation of a document by its name', async () => {
    const query = `query One { advertising(time: {range: "2026-11-19"}) { rows { clicks } } }
      query Two { trade(time: {range: "2026-11-19"}) { rows { orders } } }`
    for (let time = 0; time < 3; time++) {
      expect((await world.graphql(query, {}, 'One')).body).toEqual({ data: { advertising: { rows: [{ clicks: 7 }] } } })
      expect((await world.graphql(query, {}, 'Two')).body).toEqual({ data: { trade: { rows: [{ orders: 2 }] } } })
      for (const name of [undefined, 'Three']) {
        const refused = await world.graphql(query, {}, name)
        expect(refused.status).toBe(400)
        expect(refused.body.data).toBeUndefined()
        expect(refused.body.errors[0].extensions.code).toBe('INVALID_QUESTION')
      }
    }
  })
})

/** REST leaves out what GraphQL writes as null. */
function withoutNulls(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, each) => (each === null && key !== 'finalThrough' ? undefined : each)))
}
