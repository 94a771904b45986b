import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatDay } from '../../src/base/time.ts'
import { ADMIN_KEY, openShed, type Shed } from './shed.ts'

let shed: Shed
beforeAll(async () => {
  shed = await openShed()
  await shed.writeEvents('2026-11-17T04:00:00Z', 1, 'web', ['1.00', '1.00'])
  await shed.writeEvents(
    '2026-11-18T04:00:00Z',
    1,
    'web',
    Array.from({ length: 96 }, () => '10.00'),
  )
  await shed.writeEvents('2026-11-18T05:00:00Z', 2, 'app', ['5.00', '5.00'])
  await shed.writeDays([
    ['2026-11-17', 1, 1, 'web', 2, '2.00'],
    ['2026-11-18', 1, 1, 'web', 98, '980.00'],
    ['2026-11-18', 1, 2, 'app', 2, '10.00'],
    ['2026-11-18', 2, 1, 'web', 99, '990.00'],
  ])
})
afterAll(() => shed.stop())

const publish = (version: number, days = ['2026-11-18']) => shed.publish({ source: 'sale_day', days, version })
const QUESTION = { metrics: ['sales', 'sales_3d'], time: { range: 'last 3 days', grain: 'day' } }
const ask = async () => (await shed.ask('POST', '/v1/query?shape=rows', QUESTION)).body
const replay = (receipt: unknown) => shed.ask('POST', '/v1/replay?shape=rows', { receipt })

describe('the drift record', () => {
  it('says how far real time was off on the day that landed, in total and by the main dimension', async () => {
    expect((await shed.ask('GET', '/v1/metrics/sales')).body).not.toHaveProperty('drift')
    await publish(1)
    const { drift } = (await shed.ask('GET', '/v1/metrics/sales')).body
    expect(drift).toMatchObject({
      summary: 'Real time usually understates by 2 %, on the one day that landed.',
      median: -0.02,
      worst: -0.02,
      days: 1,
      history: [{ day: '2026-11-18', realtime: '98', offline: '100', difference: -0.02 }],
      groups: [{ dimension: 'channel', value: 'web', days: 1 }],
    })
    expect((await shed.ask('GET', '/v1/metrics/sales_3d')).body).not.toHaveProperty('drift')
  })

  it('is in GraphQL too, and takes the newest landing of a day', async () => {
    await publish(2)
    const query =
      '{ metric(name: "sales") { drift { summary median history { day realtime offline } groups { value } } } }'
    const { body } = await shed.ask('POST', '/graphql', { query })
    expect(body.data.metric.drift).toMatchObject({
      summary: 'Real time usually understates by 1 %, on the one day that landed.',
      history: [{ day: '2026-11-18', realtime: '98', offline: '99' }],
    })
  })
})

describe('a receipt', () => {
  it('replays the published rows of its epoch, whatever was published since, and says what it does not promise', async () => {
    await publish(1, ['2026-11-17'])
    const before = await ask()
    expect(before.rows.slice(0, 2).map(([day, sales, , finality]: unknown[]) => [day, sales, finality])).toEqual([
      ['2026-11-17', 2, 'provisional'],
      ['2026-11-18', 99, 'provisional'],
    ])
    expect(before.receipt.versions).toEqual([
      { source: 'sale_day', from: '2026-11-17', to: '2026-11-17', version: 1 },
      { source: 'sale_day', from: '2026-11-18', to: '2026-11-18', version: 2 },
    ])
    await publish(1)
    expect((await ask()).rows[1][1]).toBe(100)
    const { status, body } = await replay(before.receipt)
    expect([status, body.rows]).toEqual([200, before.rows])
    expect(body.receipt.epoch).toBe(before.receipt.epoch)
    expect(body.notices.filter(({ code }: { code: string }) => code === 'NOT_REPLAYED')).toMatchObject([
      {
        from: '2026-11-15',
        to: '2026-11-16',
        message: expect.stringMatching(/real-time data \(sale_event\): read anew/),
      },
      { from: '2026-11-19', to: '2026-11-19' },
    ])
  })

  it('is the same from a kept answer, from a page, and from GraphQL', async () => {
    const first = await ask()
    const kept = await ask()
    expect(kept.receipt.question).toEqual(first.receipt.question)
    expect((await replay(kept.receipt)).body.rows).toEqual(first.rows)
    const paged = (await shed.ask('POST', '/v1/query?shape=rows', { ...QUESTION, limit: 1 })).body
    const second = (await shed.ask('POST', '/v1/query?shape=rows', { ...QUESTION, limit: 1, cursor: paged.nextCursor }))
      .body
    expect((await replay(second.receipt)).body.rows).toEqual(second.rows)
    const query =
      '{ shed(time: {range: "last 3 days", grain: DAY}) { rows { time sales finality } receipt { epoch catalogVersion asOf scope question } } }'
    const { rows, receipt } = (await shed.ask('POST', '/graphql', { query })).body.data.shed
    const replayed = (await replay(receipt)).body
    expect(replayed.rows).toEqual(
      rows.map(({ time, sales, finality }: Record<string, unknown>) => [time, sales, finality]),
    )
  })

  it('comes in every format it was asked in', async () => {
    const { receipt, rows } = await ask()
    const reply = await shed.app.inject({
      method: 'POST',
      url: '/v1/replay',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json', accept: 'text/csv' },
      payload: JSON.stringify({ receipt }),
    })
    expect(reply.payload.split('\r\n')[1]).toBe(rows[0].join(','))
  })

  it('is refused when it belongs to another scope, another catalog or no epoch of here', async () => {
    const { receipt } = await ask()
    const { body: tenant } = await shed.ask('POST', '/v1/keys', {
      name: 'shop 1',
      role: 'tenant',
      tenant: { shop: [1] },
    })
    const foreign = await shed.app.inject({
      method: 'POST',
      url: '/v1/replay',
      headers: { authorization: `Bearer ${tenant.key}`, 'content-type': 'application/json' },
      payload: JSON.stringify({ receipt }),
    })
    expect(foreign.json()).toMatchObject({ status: 403, code: 'FORBIDDEN' })
    expect(await replay({ ...receipt, catalogVersion: 'older' })).toMatchObject({
      status: 410,
      body: { code: 'GONE', detail: expect.stringMatching(/catalog older/) },
    })
    expect(await replay({ ...receipt, epoch: 999 })).toMatchObject({ status: 410, body: { code: 'GONE' } })
    expect(await replay({ ...receipt, question: { metrics: ['nothing'] } })).toMatchObject({ status: 400 })
  })
})

describe('dropping', () => {
  const rowsOf = async (version: number) => {
    const text = `select count(*) from sale_day where day = '2026-11-18' and pv = ${version}`
    const { rows } = await shed.composed.offline.query({ dialect: 'clickhouse', text, params: [] })
    return Number(rows[0]?.[0])
  }

  it('leaves what was superseded just now, whatever is asked for', async () => {
    expect(
      (await shed.ask('POST', '/v1/publications/drop', { source: 'sale_day', olderThan: '1 minute' })).body,
    ).toEqual({
      dropped: [],
    })
    expect(await rowsOf(2)).toBe(1)
  })

  it('takes away what is old enough; it is then neither published nor replayed, and 410 says so', async () => {
    await publish(2)
    const pinned = await ask()
    await publish(1)
    await age(2)
    const { body } = await shed.ask('POST', '/v1/publications/drop', {})
    expect(body.dropped).toEqual([{ source: 'sale_day', day: '2026-11-18', version: 2, removed: true }])
    expect([await rowsOf(1), await rowsOf(2)]).toEqual([2, 0])
    expect(await publish(2)).toMatchObject({ status: 409, body: { detail: expect.stringMatching(/was dropped/) } })
    expect(await replay(pinned.receipt)).toMatchObject({
      status: 410,
      body: { code: 'GONE', detail: expect.stringMatching(/sale_day of 2026-11-18 in version 2/) },
    })
    const { publications } = (await shed.ask('GET', '/v1/publications?from=2026-11-18&to=2026-11-18')).body
    expect(
      publications.map(({ version, droppedAt }: Record<string, unknown>) => [version, droppedAt === null]),
    ).toEqual([
      [2, false],
      [1, true],
    ])
    expect((await shed.ask('POST', '/v1/publications/drop', {})).body).toEqual({ dropped: [] })
  })

  /** As if a version had been superseded an hour ago. */
  async function age(version: number): Promise<void> {
    await shed.composed.realtime.execute(
      `update oneservice.publication set superseded_at = superseded_at - interval '1 hour' where version = ${version}`,
    )
  }
})

describe('the retention guard', () => {
  const guard = async (before: string) =>
    (await shed.ask('GET', `/v1/retention?source=sale_event&before=${before}`)).body

  it('lets go what is published, and holds what is not', async () => {
    expect(await guard('2026-11-19')).toMatchObject({
      mayPurge: true,
      days: { from: '2026-11-17', to: '2026-11-18' },
      unprotected: [],
    })
    await shed.writeEvents('2026-11-12T04:00:00Z', 1, 'web', ['1.00'])
    expect(await guard('2026-11-13')).toMatchObject({
      mayPurge: false,
      unprotected: [{ day: '2026-11-12', lacking: ['sale_day'] }],
    })
    expect(await guard('2026-11-12')).toMatchObject({ mayPurge: true, days: null })
  })

  it.each([
    ['sale_day', 400, /batch source/],
    ['sale_evnt', 400, /Did you mean "sale_day"|There is no source/],
  ])('refuses %s', async (source, status, message) => {
    const reply = await shed.ask('GET', `/v1/retention?source=${source}`)
    expect([reply.status, reply.body.detail]).toEqual([status, expect.stringMatching(message)])
  })

  it('warns in readiness of days that leave the retention unpublished', async () => {
    const { body } = await shed.ask('GET', '/readyz')
    expect(body.status).toBe('ready')
    const days = body.warnings.map(({ day }: { day: string }) => day)
    // The 14th leaves within a day, the 15th does not; both are read from real time still.
    expect(days).toContain('2026-11-14')
    expect(days).not.toContain('2026-11-15')
    expect(body.warnings[0]).toMatchObject({ code: 'REALTIME_RETENTION', source: 'sale_event' })
  })
})

describe('a watermark that lists its days', () => {
  it('makes those days final, with the weaker promise said, and the others missing', async () => {
    const { offline, composition } = shed.composed
    await offline.load(
      'refund_day',
      ['day', 'channel', 'refunds'],
      [
        ['2026-11-17', 'web', '3'],
        ['2026-11-19', 'web', '5'],
      ],
    )
    await offline.load(
      'refund_load',
      ['day', 'loaded'],
      [
        ['2026-11-17', '1'],
        ['2026-11-19', '1'],
      ],
    )
    const days = async () => {
      const { body } = await shed.ask('POST', '/v1/query?shape=rows', {
        metrics: ['refunds'],
        time: { range: ['2026-11-17', '2026-11-19'], grain: 'day' },
      })
      return body
    }
    await expect
      .poll(async () => (await days()).rows, { timeout: 9000, interval: 300 })
      .toEqual([
        ['2026-11-17', 3, 'final'],
        ['2026-11-18', null, 'missing'],
        ['2026-11-19', 5, 'final'],
      ])
    expect((await days()).notices).toMatchObject([
      { code: 'WATERMARK', from: '2026-11-17', message: expect.stringMatching(/weaker promise/) },
      { code: 'NO_REALTIME_SOURCE', from: '2026-11-18' },
      { code: 'WATERMARK', from: '2026-11-19' },
    ])
    expect(
      [...(composition.gateway.snapshot().sources.get('refund_day')?.versions.keys() ?? [])].map(formatDay),
    ).toHaveLength(2)
  })
})
