import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_KEY, openShop, type Shop } from '../support/shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.stop())

const json = { 'content-type': 'application/json' }
const admin = { ...json, authorization: `Bearer ${ADMIN_KEY}` }
const send = (options: InjectOptions) => shop.app.inject(options)
const post = (url: string, body: unknown, headers: Record<string, string> = json) =>
  send({ method: 'POST', url, headers, payload: typeof body === 'string' ? body : JSON.stringify(body) })
const ask = (question: unknown, shape = 'rows') => post(`/v1/query?shape=${shape}`, question)
const rowsOf = async (question: unknown): Promise<unknown> => (await ask(question)).json().rows

describe('an answer', () => {
  it('tells where each day came from, and that yesterday is not out yet', async () => {
    const response = await ask(
      { metrics: ['clicks', 'cpc'], time: { range: 'last 2 days and today', grain: 'day' } },
      'records',
    )
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({
      columns: [
        { name: 'time', role: 'time', type: 'date', grain: 'day' },
        { name: 'clicks', role: 'metric', type: 'int64' },
        { name: 'cpc', role: 'metric', type: 'float64' },
        { name: 'finality', role: 'finality', type: 'string' },
      ],
      rows: [
        { time: '2026-11-18', clicks: 8, cpc: 3.1, finality: 'final' },
        { time: '2026-11-19', clicks: 10, cpc: 2.5, finality: 'provisional' },
        { time: '2026-11-20', clicks: 2, cpc: 5, finality: 'provisional' },
      ],
      freshness: {
        asOf: '2026-11-20T10:31:07+08:00',
        finalThrough: '2026-11-18',
        sources: [
          { source: 'click_day', from: '2026-11-18', to: '2026-11-18', finality: 'final' },
          {
            source: 'click_event',
            from: '2026-11-19',
            to: '2026-11-20',
            finality: 'provisional',
            reason: 'offline_not_published',
          },
        ],
      },
      notices: [{ code: 'OFFLINE_NOT_PUBLISHED', from: '2026-11-19', to: '2026-11-19' }, { code: 'TODAY' }],
      truncated: false,
      nextCursor: null,
      receipt: { cache: 'miss', epoch: 1, approximate: [] },
    })
  })

  it('comes in three shapes', async () => {
    const question = {
      metrics: ['clicks'],
      dimensions: ['channel'],
      time: { range: ['2026-11-18', '2026-11-18'] },
      limit: 2,
    }
    expect((await ask(question, 'records')).json().rows[0]).toEqual({ channel: 'feed', clicks: 2, finality: 'final' })
    expect((await ask(question, 'rows')).json().rows).toEqual([
      ['feed', 2, 'final'],
      ["o'brien; --", 2, 'final'],
    ])
    expect((await ask(question, 'columns')).json().rows).toEqual({
      channel: ['feed', "o'brien; --"],
      clicks: [2, 2],
      finality: ['final', 'final'],
    })
    expect((await ask(question)).json().truncated).toBe(true)
  })

  it('carries every digit', async () => {
    const { body } = await ask({
      metrics: ['gmv'],
      dimensions: ['advertiser'],
      time: { range: ['2026-11-18', '2026-11-19'] },
      totals: true,
    })
    expect(body).toContain('[1,9007199254740993.75,"final"]')
    expect(body).toContain('"totals":[{"gmv":9007199254741000.75,"finality":"final"}]')
  })

  it('recounts distinct keys across both stores', async () => {
    // v0..v3 on every day, one viewer of its own a place and day, and the late one.
    expect(await rowsOf({ metrics: ['viewers'], time: { range: 'last 4 days and today' } })).toEqual([
      [4 + 16 + 1, 'provisional'],
    ])
  })

  it('joins attributes; a key without a row and a null key are one group of null', async () => {
    expect(
      await rowsOf({ metrics: ['clicks'], dimensions: ['advertiser.industry'], time: { range: 'last 4 days' } }),
    ).toEqual([
      ['books', 9, 'provisional'],
      [null, 25, 'provisional'],
    ])
  })

  it('filters by text literally, and by null only where it is listed', async () => {
    const clicks = async (op: string, ...values: unknown[]) =>
      rowsOf({
        metrics: ['clicks'],
        time: { range: ['2026-11-18', '2026-11-18'] },
        filters: [{ field: 'channel', op, values }],
      })
    expect(await clicks('eq', "o'brien; --")).toEqual([[2, 'final']])
    expect(await clicks('contains', "'")).toEqual([[2, 'final']])
    expect(await clicks('notIn', 'feed')).toEqual([[4, 'final']])
    expect(await clicks('notIn', 'feed', null)).toEqual([[6, 'final']])
    expect(await clicks('in', null)).toEqual([[2, 'final']])
    expect(await clicks('eq', 'nobody')).toEqual([[0, 'final']])
  })

  it('gives null and not 0 for a sum of nothing', async () => {
    const filters = [{ field: 'channel', op: 'eq', values: ['nobody'] }]
    expect(
      await rowsOf({ metrics: ['cost', 'clicks'], time: { range: ['2026-11-18', '2026-11-20'] }, filters }),
    ).toEqual([[null, 0, 'provisional']])
    expect(await rowsOf({ metrics: ['cost'], dimensions: ['channel'], time: { range: 'yesterday' }, filters })).toEqual(
      [],
    )
  })

  it('keeps what is final apart', async () => {
    const time = { range: ['2026-11-18', '2026-11-19'], grain: 'day' }
    const refused = await ask({ metrics: ['clicks'], time, finality: 'final' })
    expect(refused.statusCode).toBe(422)
    expect(refused.json()).toMatchObject({ code: 'NOT_FINAL', errors: [{ pointer: '/finality' }] })
    expect(refused.json().detail).toContain('2026-11-19')
    const withheld = (await ask({ metrics: ['clicks'], time, finality: 'finalOnly' })).json()
    expect(withheld.rows).toEqual([['2026-11-18', 8, 'final']])
    expect(withheld.notices.map((notice: { code: string }) => notice.code)).toContain('WITHHELD')
  })

  it('names a bucket whose day nobody has', async () => {
    expect(await rowsOf({ metrics: ['clicks'], time: { range: ['2026-11-12', '2026-11-13'], grain: 'day' } })).toEqual([
      ['2026-11-12', null, 'missing'],
      ['2026-11-13', null, 'missing'],
    ])
  })
})

describe('explain', () => {
  it('shows plan, source map and statements with bound values, and reads nothing', async () => {
    const response = await post('/v1/explain', {
      metrics: ['clicks'],
      time: { range: 'yesterday' },
      filters: [{ field: 'channel', op: 'eq', values: ["x' or 1=1"] }],
    })
    const { plan, sourceMap, statements } = response.json()
    expect(plan).toContain('aggregate clicks of click')
    expect(sourceMap[0].days).toEqual([
      {
        from: '2026-11-19',
        to: '2026-11-19',
        read: 'realtime',
        source: 'click_event',
        version: null,
        finality: 'provisional',
        reason: 'offline_not_published',
      },
    ])
    expect(statements[0].text).not.toContain('or 1=1')
    expect(statements[0].params).toContain("x' or 1=1")
  })
})

describe('the catalog', () => {
  it('describes a metric, and finds it by any of its words', async () => {
    expect((await send({ url: '/v1/metrics/cpc' })).json()).toMatchObject({
      name: 'cpc',
      type: 'composite',
      formula: 'cost / clicks',
      process: 'click',
      domain: 'advertising',
      dimensions: ['advertiser', 'channel'],
      sources: [
        { source: 'click_day', kind: 'batch', store: 'offline', layer: 'DWS' },
        { source: 'click_detail', kind: 'batch', store: 'offline', layer: 'DWD' },
        { source: 'click_event', kind: 'stream', store: 'realtime', layer: 'DWD' },
      ],
    })
    expect((await send({ url: '/v1/dimensions?search=行业' })).json().dimensions).toEqual([])
    const found = (await send({ url: '/v1/dimensions?search=广告主' })).json().dimensions
    expect(found.map((dimension: { name: string }) => dimension.name)).toEqual(['advertiser'])
    expect((await send({ url: '/v1/processes/click' })).json()).toMatchObject({
      zone: 'Asia/Shanghai',
      modifiers: [{ name: 'feed' }],
    })
  })

  it('lists values page by page, from the table or from recent facts', async () => {
    const first = (await send({ url: '/v1/dimensions/advertiser/values?limit=1' })).json()
    expect(first).toEqual({ values: [{ value: 1, label: 'Amber' }], nextCursor: expect.any(String) })
    const second = (await send({ url: `/v1/dimensions/advertiser/values?limit=1&cursor=${first.nextCursor}` })).json()
    expect(second).toEqual({ values: [{ value: 2, label: 'Birch' }], nextCursor: null })
    expect((await send({ url: '/v1/dimensions/advertiser/values?search=bIR' })).json().values).toEqual([
      { value: 2, label: 'Birch' },
    ])
    expect(
      (await send({ url: '/v1/dimensions/channel/values' })).json().values.map((each: { value: string }) => each.value),
    ).toEqual(['feed', "o'brien; --", 'search'])
  })
})

describe('refusals', () => {
  it.each([
    ['/v1/query', '{"metrics":', 400, 'MALFORMED_JSON'],
    ['/v1/query', '['.repeat(100), 400, 'TOO_DEEP'],
    ['/v1/query', '{"metrics":["clicks"],"limit":9007199254740993}', 400, 'UNSAFE_INTEGER'],
    ['/v1/query', { metrics: [] }, 400, 'INVALID_QUESTION'],
    ['/v1/query', { metrics: ['clicks'], metricz: 1 }, 400, 'UNKNOWN_KEY'],
    ['/v1/query', { metrics: ['click'] }, 400, 'UNKNOWN_METRIC'],
    ['/v1/query', { metrics: ['clicks'], dimensions: ['chanel'] }, 400, 'UNKNOWN_DIMENSION'],
    ['/v1/query', { metrics: [{ metric: 'clicks', modifiers: ['fed'] }] }, 400, 'UNKNOWN_MODIFIER'],
    ['/v1/query', { metrics: ['clicks'], order: [{ field: 'cost' }] }, 400, 'UNKNOWN_COLUMN'],
    ['/v1/query', { metrics: ['clicks', 'clicks'] }, 400, 'DUPLICATE_COLUMN'],
    ['/v1/query', { metrics: ['clicks'], time: { range: ['2026-11-20', '2026-11-01'] } }, 400, 'INVALID_RANGE'],
    ['/v1/query', { metrics: ['clicks'], time: { zone: 'Mars' } }, 400, 'INVALID_ZONE'],
    [
      '/v1/query',
      { metrics: ['clicks'], filters: [{ field: 'advertiser', op: 'eq', values: ['x'] }] },
      400,
      'INVALID_VALUE',
    ],
    ['/v1/query', { metrics: ['roi'], dimensions: ['channel'] }, 422, 'NOT_ANSWERABLE'],
    ['/v1/query?shape=pie', { metrics: ['clicks'] }, 400, 'INVALID_REQUEST'],
  ])('POST %s %j', async (url, body, status, code) => {
    const response = await post(url, body)
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(response.json()).toMatchObject({ status, code, requestId: response.headers['x-request-id'] })
    expect(response.statusCode).toBe(status)
    expect(response.json().detail.length).toBeGreaterThan(10)
  })

  it('are the same for what the server itself refuses', async () => {
    const statuses = await Promise.all([
      post('/v1/query', `{"metrics":["${'x'.repeat(2_000_000)}"]}`),
      post('/v1/query', 'metrics=clicks', { 'content-type': 'application/x-www-form-urlencoded' }),
      post('/v1/query', { metrics: ['clicks'] }, { ...json, accept: 'text/html' }),
      send({ url: '/v1/metrics/clikcs' }),
      send({ url: '/v1/nothing' }),
      send({ url: `/v1/metrics?search=${'x'.repeat(9000)}` }),
    ])
    expect(statuses.map((response) => [response.statusCode, response.json().code])).toEqual([
      [413, 'BODY_TOO_LARGE'],
      [415, 'UNSUPPORTED_MEDIA_TYPE'],
      [406, 'NOT_ACCEPTABLE'],
      [404, 'NOT_FOUND'],
      [404, 'NOT_FOUND'],
      [414, 'URI_TOO_LONG'],
    ])
    expect(statuses[3]?.json().errors[0].suggestions).toEqual(['clicks'])
  })
})

describe('publications', () => {
  it('need the admin key to be written, and no wrong key ever works', async () => {
    const body = { source: 'click_day', days: ['2026-11-19'] }
    const codes = await Promise.all([
      post('/v1/publications', body),
      post('/v1/publications', body, { ...json, authorization: 'Bearer wrong-key-of-the-tests' }),
      send({ url: '/v1/metrics', headers: { authorization: 'Bearer wrong' } }),
      send({ url: '/v1/metrics', headers: { authorization: `Bearer ${ADMIN_KEY}` } }),
    ])
    expect(codes.map((response) => response.statusCode)).toEqual([401, 401, 401, 200])
  })

  it('refuse what can not be published, and say why', async () => {
    const publish = async (body: unknown) => {
      const response = await post('/v1/publications', body, admin)
      return [response.statusCode, response.json().code, response.json().errors[0].pointer]
    }
    expect(await publish({ source: 'click_day', days: ['2026-11-20'] })).toEqual([409, 'DAY_NOT_OVER', '/days/0'])
    expect(await publish({ source: 'click_day', days: ['2026-11-10'] })).toEqual([409, 'NOTHING_STAGED', '/days'])
    expect(await publish({ source: 'click_day', days: ['2026-11-18'], version: 7 })).toEqual([
      409,
      'NOTHING_STAGED',
      '/days',
    ])
    expect(await publish({ source: 'clik_day', days: ['2026-11-19'] })).toEqual([400, 'UNKNOWN_SOURCE', '/source'])
    expect(await publish({ source: 'click_event', days: ['2026-11-19'] })).toEqual([400, 'INVALID_VALUE', '/source'])
    expect(await publish({ source: 'click_day', days: ['2026-02-30'] })).toEqual([400, 'INVALID_REQUEST', '/days/0'])
  })

  it('turn yesterday final for the next question, and provisional again when withdrawn', async () => {
    const question = { metrics: ['clicks', 'viewers'], time: { range: 'yesterday' } }
    expect(await rowsOf(question)).toEqual([[10, 9, 'provisional']])
    const published = await post('/v1/publications', { days: ['yesterday'] }, admin)
    expect(published.json()).toEqual({
      published: expect.arrayContaining([
        { source: 'click_day', day: '2026-11-19', version: 1 },
        { source: 'click_detail', day: '2026-11-19', version: 1 },
      ]),
      epoch: 2,
    })
    expect(await rowsOf(question)).toEqual([[8, 8, 'final']])
    const again = await post('/v1/publications', { source: 'click_day', days: ['2026-11-19'] }, admin)
    expect([again.statusCode, again.json().detail]).toEqual([
      409,
      'click_day has no such staged version of 2026-11-19; version 1 of it is out. Write its rows and stage them first.',
    ])
    const listed = (await send({ url: '/v1/publications?from=2026-11-19&source=click_day' })).json().publications
    expect(listed).toEqual([
      {
        source: 'click_day',
        day: '2026-11-19',
        version: 1,
        state: 'published',
        rowCount: 4,
        checksum: expect.stringMatching(/^clickhouse:\d+$/),
        runId: null,
        publishedAt: expect.any(String),
        droppedAt: null,
      },
    ])
    for (const source of ['click_day', 'click_detail']) {
      const withdrawn = await send({
        method: 'DELETE',
        url: `/v1/publications/${source}/2026-11-19`,
        headers: { authorization: `Bearer ${ADMIN_KEY}` },
      })
      expect(withdrawn.json()).toMatchObject({ withdrawn: true })
    }
    expect(await rowsOf(question)).toEqual([[10, 9, 'provisional']])
  })
})

describe('a batch job', () => {
  it('may repeat itself: the same run publishes a day once', async () => {
    const body = { source: 'click_day', days: ['2026-11-19'], runId: 'night-1' }
    const first = (await post('/v1/publications', body, admin)).json()
    expect(first.published).toEqual([{ source: 'click_day', day: '2026-11-19', version: 1 }])
    expect((await post('/v1/publications', body, admin)).json()).toEqual(first)
  })
})

describe('operations', () => {
  it('answers health and readiness, and describes itself', async () => {
    expect((await send({ url: '/healthz' })).json()).toEqual({ status: 'ok' })
    const ready = (await send({ url: '/readyz' })).json()
    expect(ready.status).toBe('ready')
    // Days that have left the retention of the stream and were never published.
    expect(ready.warnings.map(({ day }: { day: string }) => day)).toContain('2026-11-13')
    const document = (await send({ url: '/openapi.json' })).json()
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths)).toEqual([
      '/v1/query',
      '/v1/explain',
      '/v1/replay',
      '/v1/metrics',
      '/v1/metrics/{name}',
      '/v1/dimensions',
      '/v1/dimensions/{name}',
      '/v1/processes',
      '/v1/processes/{name}',
      '/v1/dimensions/{name}/values',
      '/v1/publications',
      '/v1/publications/{source}/{day}',
      '/v1/publications/stage',
      '/v1/publications/drop',
      '/v1/restatements',
      '/v1/retention',
      '/v1/keys',
      '/v1/keys/{id}',
      '/healthz',
      '/readyz',
      '/metrics',
    ])
    expect((await send({ url: '/docs/' })).body).toContain('swagger-ui')
  })

  it("passes a caller's request id on, and makes one of its own otherwise", async () => {
    const given = await send({ url: '/healthz', headers: { 'x-request-id': 'panel-7' } })
    expect(given.headers['x-request-id']).toBe('panel-7')
    const odd = await send({ url: '/healthz', headers: { 'x-request-id': 'a b"c' } })
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f-]{18}-\d+$/)
  })
})
