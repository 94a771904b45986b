import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openShed, type Shed } from './shed.ts'

let shed: Shed
beforeAll(async () => {
  shed = await openShed()
  await shed.writeEvents('2026-11-18T04:00:00Z', 1, 'web', ['10.00', '10.00'])
  await shed.writeDays([
    ['2026-11-18', 1, 1, 'web', 2, '20.50'],
    ['2026-11-18', 2, 1, 'web', 2, '22.00'],
    ['2026-11-18', 3, 1, 'web', 200, '9.99'],
    ['2026-11-17', 1, 1, 'web', 5, '5.00'],
  ])
})
afterAll(() => shed.stop())

const day = async (of: string) => {
  const { body } = await shed.ask('POST', '/v1/query?shape=rows', { metrics: ['sales', 'amount'], time: { range: of } })
  return body.rows[0]
}
const SALE = { source: 'sale_day', days: ['2026-11-18'] }
const stage = (body: object) => shed.ask('POST', '/v1/publications/stage', { ...SALE, ...body })

describe('staging', () => {
  it('tells what it found, and shows nobody the rows', async () => {
    const { status, body } = await stage({ version: 1, rowCount: 1, runId: 'night' })
    expect([status, body.staged]).toEqual([
      200,
      [
        {
          source: 'sale_day',
          day: '2026-11-18',
          version: 1,
          rowCount: 1,
          checksum: expect.stringMatching(/^clickhouse:\d+$/),
        },
      ],
    ])
    expect(await day('2026-11-18')).toEqual([2, 20, 'provisional'])
  })

  it.each([
    ['another number of rows', { version: 1, rowCount: 7 }, /has 1 rows and should have 7/],
    ['other rows', { version: 1, checksum: 'clickhouse:12' }, /has other rows than when it was staged/],
    ['no rows', { version: 9 }, /has no rows/],
  ])('refuses %s', async (_, body, message) => {
    const reply = await stage(body)
    expect([reply.status, reply.body.code]).toEqual([422, 'AUDIT_FAILED'])
    expect(reply.body.detail).toMatch(message)
  })

  it('refuses counts of several days at once', async () => {
    const reply = await stage({ days: ['2026-11-17', '2026-11-18'], version: 1, rowCount: 2 })
    expect([reply.status, reply.body.errors[0].pointer]).toEqual([400, '/rowCount'])
  })
})

describe('publishing', () => {
  it('refuses rows that have changed since they were staged', async () => {
    await stage({ version: 2 })
    await shed.writeDays([['2026-11-18', 2, 2, 'web', 1, '1.00']])
    const reply = await shed.publish({ ...SALE, version: 2 })
    expect([reply.status, reply.body.code, await day('2026-11-18')]).toEqual([
      422,
      'AUDIT_FAILED',
      [2, 20, 'provisional'],
    ])
    await shed.composed.offline.execute(
      'alter table sale_day delete where pv = 2 and shop_id = 2 settings mutations_sync = 1',
    )
  })

  it('refuses what is further from real time than its tolerance, unless that is accepted', async () => {
    const reply = await shed.publish({ ...SALE, version: 3 })
    expect([reply.status, reply.body.code]).toEqual([422, 'AUDIT_FAILED'])
    expect(reply.body.detail).toMatch(
      /sales of 2026-11-18 is 200 in sale_day and was 2 in real time: 99.00 % apart, and 10.00 %/,
    )
    expect(await day('2026-11-18')).toEqual([2, 20, 'provisional'])
  })

  it('refuses a day that real time holds nothing of, where a tolerance is declared', async () => {
    const wanted = { source: 'sale_day', days: ['2026-11-17'], version: 1 }
    const reply = await shed.publish(wanted)
    expect([reply.status, reply.body.detail]).toEqual([
      422,
      expect.stringMatching(/is 5 in sale_day and was 0 in real time/),
    ])
    expect((await shed.publish({ ...wanted, acceptDifference: true })).status).toBe(200)
  })

  it('shows the day final, and answers the same run alike', async () => {
    const body = { ...SALE, version: 1, runId: 'run-1' }
    const first = await shed.publish(body)
    expect(first).toMatchObject({ status: 200, body: { published: [{ ...nameOf(SALE), version: 1 }] } })
    expect(await day('2026-11-18')).toEqual([2, 20.5, 'final'])
    expect(await shed.publish(body)).toEqual(first)
    expect(await shed.publish({ ...body, version: undefined })).toEqual(first)
  })

  it('does not let the same run publish something else', async () => {
    const reply = await shed.publish({ ...SALE, version: 2, runId: 'run-1' })
    expect([reply.status, reply.body.code]).toEqual([409, 'CONFLICT'])
  })

  it('restates a day; a late repetition of the first run does not bring the old version back', async () => {
    expect((await shed.publish({ ...SALE, version: 2, runId: 'run-2' })).status).toBe(200)
    expect(await day('2026-11-18')).toEqual([2, 22, 'final'])
    const late = await shed.publish({ ...SALE, version: 1, runId: 'run-1' })
    expect([late.status, await day('2026-11-18')]).toEqual([200, [2, 22, 'final']])
  })

  it('does not go back by itself: without a version only a newer one is taken', async () => {
    // Version 3 is staged and newer, and its audit refuses it as before; version 1 is older than what is out.
    const again = await shed.publish(SALE)
    expect([again.status, again.body.code]).toEqual([422, 'AUDIT_FAILED'])
    await shed.composed.realtime.execute("delete from oneservice.publication where version = 3 and state = 'staged'")
    const nothing = await shed.publish(SALE)
    expect([nothing.status, nothing.body.code]).toEqual([409, 'NOTHING_STAGED'])
    expect(await day('2026-11-18')).toEqual([2, 22, 'final'])
  })

  it('publishes an older version that is named, although the table has got a column since', async () => {
    await shed.composed.offline.execute('alter table sale_day add column note String')
    expect((await shed.publish({ ...SALE, version: 1 })).status).toBe(200)
    expect((await shed.publish({ ...SALE, version: 2 })).status).toBe(200)
    // With the new column its rows are other ones than those that were shown.
    const staged = await stage({ version: 1 })
    expect([staged.status, staged.body.detail]).toEqual([409, expect.stringMatching(/was shown to readers/)])
  })

  it('says what a day shows by now when a run is repeated after a withdrawal, and does not bring it back', async () => {
    const wanted = { source: 'sale_day', days: ['2026-11-14'], empty: true, runId: 'run-14' }
    expect((await shed.publish({ ...wanted, acceptDifference: true })).status).toBe(200)
    await shed.ask('DELETE', '/v1/publications/sale_day/2026-11-14')
    const repeated = await shed.publish(wanted)
    expect(repeated.body.published).toEqual([{ source: 'sale_day', day: '2026-11-14', version: 0, live: null }])
    const other = await shed.publish({ ...wanted, empty: undefined, version: 1 })
    expect([other.status, other.body.code]).toEqual([409, 'CONFLICT'])
    expect((await shed.publish({ days: ['2026-11-14'] })).body.code).toBe('NOTHING_STAGED')
  })

  it('lets one of two publishers win', async () => {
    const both = await Promise.all([1, 3].map((version) => shed.publish({ ...SALE, version, acceptDifference: true })))
    const statuses = both.map(({ status }) => status).toSorted()
    expect(statuses).toEqual([200, 409])
    const won = both.findIndex(({ status }) => status === 200) === 0 ? [2, 20.5, 'final'] : [200, 9.99, 'final']
    expect(await day('2026-11-18')).toEqual(won)
    expect(both.find(({ status }) => status === 409)?.body.detail).toMatch(/Another publisher was faster/)
  })

  it('publishes days without rows, several sources in one transaction, and refuses all when one is refused', async () => {
    const wanted = (days: string[]) => ({
      publications: [
        { source: 'sale_day', days, empty: true },
        { source: 'visit_day', days, empty: true },
      ],
    })
    const { epoch } = shed.composed.composition.gateway.snapshot()
    await shed.writeVisits('2026-11-15', 4)
    const refused = await shed.publish(wanted(['2026-11-15', '2026-11-16']))
    expect([refused.status, refused.body.code]).toEqual([422, 'AUDIT_FAILED'])
    expect(refused.body.errors[0]).toMatchObject({ pointer: '/publications/1/days/0' })
    expect(shed.composed.composition.gateway.snapshot().epoch).toBe(epoch)
    expect((await shed.publish(wanted(['2026-11-16']))).body).toMatchObject({ epoch: epoch + 1 })
    expect(await day('2026-11-16')).toEqual([null, null, 'final'])
  })

  it('refuses to publish a day as empty that has rows without a version', async () => {
    const reply = await shed.publish({ source: 'visit_day', days: ['2026-11-15'], empty: true })
    expect([reply.status, reply.body.code]).toEqual([422, 'AUDIT_FAILED'])
  })

  it.each([
    [{ days: ['2026-11-18'], publications: [] }, '/publications'],
    [{ publications: [{ source: 'sale_day', days: ['2026-11-18'] }], source: 'sale_day' }, '/source'],
    [{ runId: 'x' }, '/days'],
    [{ ...SALE, version: 1, empty: true }, '/version'],
    [{ days: ['2026-11-18'], version: 4 }, '/version'],
    [{ publications: [{ ...SALE, version: 1, empty: true }] }, '/publications/0/version'],
  ])('refuses %j', async (body, pointer) => {
    const reply = await shed.publish(body)
    expect([reply.status, reply.body.errors[0].pointer]).toEqual([400, pointer])
  })
})

describe('a table without versions', () => {
  it('is published anew only when its rows have changed, and tells what they were', async () => {
    const visits = async () =>
      (await shed.ask('POST', '/v1/query?shape=rows', { metrics: ['visits'], time: { range: '2026-11-15' } })).body
        .rows[0]
    const first = await shed.publish({ source: 'visit_day', days: ['2026-11-15'] })
    expect([first.status, await visits()]).toEqual([200, [4, 'final']])
    expect((await shed.publish({ source: 'visit_day', days: ['2026-11-15'] })).body.epoch).toBe(first.body.epoch)
    await shed.writeVisits('2026-11-15', 6)
    const second = await shed.publish({ source: 'visit_day', days: ['2026-11-15'] })
    expect(second.body).toMatchObject({ epoch: first.body.epoch + 1, published: [{ version: 2 }] })
    expect(await visits()).toEqual([6, 'final'])
    const { body } = await shed.ask('GET', `/v1/restatements?since=${first.body.epoch}&metric=visits`)
    expect(body.restatements).toMatchObject([{ metric: 'visits', day: '2026-11-15', old: 4, new: 6 }])
  })
})

function nameOf({ source, days }: typeof SALE) {
  return { source, day: days[0] }
}
