import { request } from 'node:http'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShop, type Shop } from '../../support/shop.ts'
import { fromArrow, fromCsv, fromJson, fromNdjson } from './readBack.ts'

const CSV = 'text/csv'
const NDJSON = 'application/x-ndjson'
const ARROW = 'application/vnd.apache.arrow.stream'

let shop: Shop
let url: string
beforeAll(async () => {
  shop = await openShop()
  await clickManyChannels(shop)
  url = await shop.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => shop.stop())

/** A published day of 50,001 channels, one of them without a name; costs of digits beyond a double. */
async function clickManyChannels({ composition: { stores, publications } }: Shop): Promise<void> {
  const day = '2026-10-01'
  await stores
    .get('offline')
    ?.execute(
      `insert into dws_click_day select '${day}', 1, 1, if(number = 7, null, concat('channel ', toString(number))), 1, ` +
        "toDecimal64('9007199254740993.00', 2) + toDecimal64(number, 2) / 100 from numbers(50001)",
    )
  await publications.stage([{ source: 'click_day', day, version: 1, rowCount: 50_001 }])
  await publications.publish([{ source: 'click_day', days: [day] }])
}

const ask = (question: object, headers: Record<string, string> = {}, query = '') =>
  shop.app.inject({
    method: 'POST',
    url: `/v1/query${query}`,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(question),
  })
const get = (q: object, options: InjectOptions = {}) =>
  shop.app.inject({ url: `/v1/query?q=${encodeURIComponent(JSON.stringify(q))}`, ...options })

const clicks = { metrics: ['clicks', 'cost', 'cpc'], dimensions: ['channel'], time: { range: 'last 3 days' } }
const daily = {
  metrics: ['clicks', 'gmv', 'cpc'],
  dimensions: ['advertiser.vip', 'advertiser.industry', 'advertiser'],
  time: { range: 'last 4 days', grain: 'day' },
}
const channels = {
  metrics: ['cost', 'clicks'],
  dimensions: ['channel'],
  time: { range: ['2026-10-01', '2026-10-01'] },
  order: [{ field: 'cost' }],
}

describe('one question in every format', () => {
  it('gives the same rows, digit for digit', async () => {
    const json = await ask(daily, {}, '?shape=rows&numbers=string')
    const rows = fromJson(json.body)
    const names: string[] = json.json().columns.map((column: { name: string }) => column.name)
    expect(rows.length).toBeGreaterThan(5)
    expect(rows.flat()).toEqual(expect.arrayContaining([null, 'true', '9007199254740993.25', 'provisional']))

    const csv = await ask(daily, { accept: CSV })
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8; header=present')
    expect(fromCsv(csv.body)).toEqual({ names, rows })

    const lines = await ask(daily, { accept: NDJSON })
    expect(lines.headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
    expect(fromNdjson(lines.body, names)).toEqual(rows)

    const arrow = await ask(daily, { accept: ARROW })
    expect(arrow.headers['content-type']).toBe(ARROW)
    const table = fromArrow(arrow.rawPayload)
    expect([table.names, table.rows]).toEqual([names, rows])
    expect(table.types).toEqual([
      'date32',
      'bool',
      'dictionary<utf8>',
      'int64',
      'int64',
      'decimal128(38, 2)',
      'float64',
      'dictionary<utf8>',
    ])
    expect(table.fields[0]).toEqual({ 'oneservice.role': 'time', 'oneservice.type': 'date', 'oneservice.grain': 'day' })
    expect(table.fields[5]).toMatchObject({ 'oneservice.role': 'metric', 'oneservice.unit': 'CNY' })
  })

  it('keeps the offset of hours', async () => {
    const hourly = { metrics: ['clicks'], time: { range: ['2026-11-18', '2026-11-18'], grain: 'hour' } }
    const { types, rows } = fromArrow((await ask(hourly, { accept: ARROW })).rawPayload)
    expect([types[0], rows[0]?.[0]]).toEqual(['utf8', '2026-11-18T09:00:00+08:00'])
  })

  it('is an answer without rows too', async () => {
    const none = { ...clicks, filters: [{ field: 'channel', op: 'eq', values: ['nobody'] }] }
    expect((await ask(none, { accept: CSV })).body).toBe('channel,clicks,cost,cpc,finality\r\n')
    expect((await ask(none, { accept: NDJSON })).body).toBe('')
    expect(fromArrow((await ask(none, { accept: ARROW })).rawPayload)).toMatchObject({
      names: ['channel', 'clicks', 'cost', 'cpc', 'finality'],
      rows: [],
    })
  })

  it('writes numbers as texts where that is asked for', async () => {
    const totalled = { ...channels, filters: [{ field: 'channel', op: 'in', values: ['channel 1'] }], totals: true }
    const { rows, totals } = (await ask(totalled, {}, '?numbers=string')).json()
    expect(rows).toEqual([{ channel: 'channel 1', cost: '9007199254740993.01', clicks: '1', finality: 'final' }])
    expect(totals).toEqual([{ cost: '9007199254740993.01', clicks: '1', finality: 'final' }])
    const lines = await ask(totalled, { accept: NDJSON }, '?numbers=string')
    expect(lines.body).toBe('{"channel":"channel 1","cost":"9007199254740993.01","clicks":"1","finality":"final"}\n')
    expect(lines.headers['x-oneservice-totals']).toBe('{"cost":"9007199254740993.01","clicks":"1","finality":"final"}')
    expect((await ask(totalled)).body).toContain('"cost":9007199254740993.01,')
  })

  it.each(['', 'number', 'String', '1'])('refuses numbers=%s', async (numbers) => {
    for (const accept of [CSV, 'application/json']) {
      const refused = await ask(clicks, { accept }, `?numbers=${numbers}`)
      expect([refused.statusCode, refused.json().code]).toEqual([400, 'INVALID_REQUEST'])
      expect(refused.json().errors[0].pointer).toBe('/numbers')
    }
  })
})

describe('what a table has no room for', () => {
  const question = { ...clicks, time: { range: 'last 3 days and today' }, totals: true, limit: 1 }

  it.each([CSV, NDJSON])('stands in the headers of %s', async (accept) => {
    const json = (await ask(question)).json()
    const { headers } = await ask(question, { accept })
    expect(headers).toMatchObject({
      'x-oneservice-rows': '1',
      'x-oneservice-truncated': 'true',
      'x-oneservice-finality': 'provisional',
    })
    const parsed = (name: string): unknown => JSON.parse(String(headers[`x-oneservice-${name}`]))
    expect(parsed('freshness')).toEqual(json.freshness)
    expect(parsed('notices')).toEqual(json.notices)
    expect(parsed('totals')).toEqual(json.totals[0])
    const { catalogVersion, epoch } = json.receipt
    expect(parsed('receipt')).toMatchObject({ catalogVersion, epoch, queryId: headers['x-oneservice-query-id'] })
  })

  it('stands in the metadata of an Arrow schema as well', async () => {
    const { headers, rawPayload } = await ask(question, { accept: ARROW })
    const { metadata } = fromArrow(rawPayload)
    const names = Object.keys(metadata).map((name) => name.replace('oneservice.', ''))
    expect(names).toEqual([
      'query-id',
      'receipt',
      'rows',
      'truncated',
      'finality',
      'freshness',
      'notices',
      'totals',
      'next-cursor',
    ])
    for (const name of names) expect(metadata[`oneservice.${name}`]).toBe(headers[`x-oneservice-${name}`])
  })

  it('is final when the rows are, and says so when there was no more', async () => {
    const { headers } = await ask(
      { metrics: ['clicks'], time: { range: ['2026-11-16', '2026-11-18'] } },
      { accept: CSV },
    )
    expect(headers).toMatchObject({ 'x-oneservice-truncated': 'false', 'x-oneservice-finality': 'final' })
    expect(headers['x-oneservice-notices']).toBe('[]')
    expect(headers['x-oneservice-totals']).toBeUndefined()
  })

  it('names the execution that gave the figures, as the receipt of JSON does', async () => {
    const published = { ...clicks, time: { range: ['2026-11-16', '2026-11-17'] } }
    const { receipt } = (await ask(published)).json()
    const { headers } = await ask(published, { accept: CSV })
    expect(headers['x-oneservice-query-id']).toBe(receipt.queryId)
    expect(JSON.parse(String(headers['x-oneservice-receipt']))).toEqual({ ...receipt, cache: 'hit' })
  })

  it('is missing when a day is', async () => {
    const { headers } = await ask({ metrics: ['clicks'], time: { range: '2026-11-12' } }, { accept: CSV })
    expect(headers['x-oneservice-finality']).toBe('missing')
  })
})

describe('HTTP', () => {
  it('tells every representation by an ETag of its own, and knows it again', async () => {
    const question = { ...clicks, time: { range: ['2026-11-16', '2026-11-18'] } }
    const asked = ['application/json', CSV, NDJSON, ARROW].flatMap((accept) =>
      ['', '?numbers=string'].map((query) => ({ accept, query })),
    )
    const etags = []
    for (const { accept, query } of asked) {
      const first = await ask(question, { accept }, query)
      const etag = String(first.headers.etag)
      etags.push(etag)
      expect(first.headers).toMatchObject({ vary: 'authorization, accept', age: expect.stringMatching(/^\d+$/) })
      expect(first.headers['cache-status']).toMatch(/^OneService; (hit|fwd=miss; stored)$/)
      const again = await ask(question, { accept, 'if-none-match': etag }, query)
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag])
      expect(again.headers).toMatchObject({ vary: 'authorization, accept', 'cache-status': 'OneService; hit' })
      const same = await ask(question, { accept }, query)
      if (accept !== 'application/json' && accept !== ARROW) expect(same.rawPayload).toEqual(first.rawPayload)
    }
    expect(new Set(etags).size).toBe(asked.length)
    const other = await ask(question, { accept: CSV, 'if-none-match': etags[0] ?? '' })
    expect(other.statusCode).toBe(200)
  })

  it('answers GET in every format, and HEAD with the same headers', async () => {
    const csv = await get(clicks, { headers: { accept: CSV } })
    expect(fromCsv(csv.body).rows).toHaveLength(4)
    expect((await get(clicks, { headers: { accept: ARROW } })).statusCode).toBe(200)
    const head = await get(clicks, { method: 'HEAD', headers: { accept: CSV } })
    expect([head.statusCode, head.body, head.headers.etag]).toEqual([200, '', csv.headers.etag])
    expect(head.headers['content-length']).toBe(String(csv.rawPayload.length))
  })

  it('refuses what no format fits, with the list of them', async () => {
    for (const accept of ['text/html', 'application/json;q=0', `${CSV};q=0`]) {
      const refused = await ask(clicks, { accept })
      expect(refused.statusCode).toBe(406)
      expect(refused.headers['content-type']).toBe('application/problem+json; charset=utf-8')
      expect(refused.json()).toMatchObject({
        code: 'NOT_ACCEPTABLE',
        detail: `Answers come as application/json, ${CSV}, ${NDJSON}, ${ARROW}; accept one of them.`,
        errors: [{ suggestions: ['application/json', CSV, NDJSON, ARROW] }],
      })
    }
    const catalog = await shop.app.inject({ url: '/v1/metrics', headers: { accept: CSV } })
    expect([catalog.statusCode, catalog.json().errors[0].suggestions]).toEqual([406, ['application/json']])
  })

  it.each([CSV, NDJSON, ARROW])('refuses a wrong question as a problem, whoever asks for %s', async (accept) => {
    const refused = await ask({ metrics: ['clikcs'] }, { accept })
    expect(refused.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(refused.json()).toMatchObject({ status: 400, code: 'UNKNOWN_METRIC', errors: [{ suggestions: ['clicks'] }] })
    expect(Object.keys(refused.headers).filter((name) => name.startsWith('x-oneservice'))).toEqual([])
  })

  it('is told by the API document', async () => {
    const { paths } = (await shop.app.inject({ url: '/openapi.json' })).json()
    for (const operation of [paths['/v1/query'].post, paths['/v1/query'].get]) {
      expect(Object.keys(operation.responses[200].content)).toEqual(['application/json', CSV, NDJSON, ARROW])
      expect(operation.responses[200].content['application/json'].schema.$ref).toBe('#/components/schemas/Answer')
      const names = operation.parameters.map((parameter: { name: string }) => parameter.name)
      expect(names).toEqual(expect.arrayContaining(['shape', 'numbers']))
    }
    expect(Object.keys(paths['/v1/explain'].post.responses[200].content)).toEqual(['application/json'])
  })
})

/** Asks over a socket; how the body came, and in how many pieces. */
function overSocket(question: object, accept: string, query = '') {
  const { promise, resolve, reject } = Promise.withResolvers<{
    readonly body: Buffer
    readonly pieces: number
    readonly headers: Record<string, unknown>
  }>()
  const headers = { 'content-type': 'application/json', accept }
  request(`${url}/v1/query${query}`, { method: 'POST', headers }, (response) => {
    const pieces: Buffer[] = []
    response.on('data', (piece: Buffer) => pieces.push(piece))
    response.on('end', () => resolve({ body: Buffer.concat(pieces), pieces: pieces.length, headers: response.headers }))
    response.on('error', reject)
  })
    .on('error', reject)
    .end(JSON.stringify(question))
  return promise
}

describe('50,000 rows', () => {
  it('are streamed, and are the same in every format', async () => {
    const json = await overSocket(channels, 'application/json', '?shape=rows&numbers=string')
    const rows = fromJson(json.body.toString())
    expect(rows).toHaveLength(50_000)
    expect(rows[7]).toEqual([null, '9007199254740993.07', '1', 'final'])
    expect(rows).toContainEqual(['channel 49999', '9007199254741492.99', '1', 'final'])
    const names = ['channel', 'cost', 'clicks', 'finality']
    const csv = await overSocket(channels, CSV)
    expect(fromCsv(csv.body.toString())).toEqual({ names, rows })
    const lines = await overSocket(channels, NDJSON)
    expect(fromNdjson(lines.body.toString(), names)).toEqual(rows)
    const arrow = await overSocket(channels, ARROW)
    const table = fromArrow(arrow.body)
    expect(table.rows).toEqual(rows)
    expect(table.types).toEqual(['dictionary<utf8>', 'decimal128(38, 2)', 'int64', 'dictionary<utf8>'])
    expect(table.batches).toBeGreaterThan(10)
    for (const { headers, pieces } of [json, csv, lines, arrow]) {
      expect(headers).toMatchObject({ 'transfer-encoding': 'chunked' })
      expect(headers['content-length']).toBeUndefined()
      expect(pieces).toBeGreaterThan(10)
    }
    expect(csv.headers).toMatchObject({ 'x-oneservice-rows': '50000', 'x-oneservice-truncated': 'true' })
  })

  it('go out as the bytes they were when JSON is asked for again', async () => {
    const [streamed, kept] = [await overSocket(channels, '*/*'), await overSocket(channels, '*/*')]
    expect(kept.headers['content-length']).toBe(String(streamed.body.length))
    expect(kept.body.equals(streamed.body)).toBe(true)
    expect((await ask(channels, { 'if-none-match': String(kept.headers.etag) })).statusCode).toBe(304)
  })

  it('harm nobody when their reader goes away', async () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const asked = request(`${url}/v1/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: CSV },
    })
    asked.on('response', (response) => {
      response.once('data', () => response.destroy())
      response.on('error', () => undefined)
      response.on('close', resolve)
    })
    asked.on('error', reject).end(JSON.stringify(channels))
    await promise
    expect((await ask(clicks, { accept: CSV })).statusCode).toBe(200)
  })
})
