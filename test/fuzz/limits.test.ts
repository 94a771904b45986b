import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LIVE_DAY, openWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.stop())

const ask = (question: object) =>
  world.app.inject({
    method: 'POST',
    url: '/v1/query?shape=rows',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(question),
  })
const texts = (count: number): string[] => Array.from({ length: count }, (_, i) => `t${i}`)
const time = { range: LIVE_DAY, zone: 'UTC' }

describe.each(['parcels', 'beacons', 'visits'])('%s: a question as large as its body may be', (metric) => {
  const lists = (count: number) =>
    Array.from({ length: count }, () => ({ field: 'label', op: 'notIn', values: texts(10_000) }))
  const wide = (inner: number) =>
    Array.from({ length: 100 }, (_, i) => ({
      or: Array.from({ length: inner }, (_, j) => ({ field: 'label', op: 'ne', values: [`${i}-${j}`] })),
    }))

  it.each([
    ['one list of 10,000 values', { filters: lists(1) }],
    ['two', { filters: lists(2) }],
    // PostgreSQL takes 65,535 bound values at most.
    ['seven', { filters: lists(7) }],
    ['ten', { filters: lists(10) }],
    ['5,000 comparisons', { filters: wide(50) }],
    ['10,000 comparisons', { filters: wide(100) }],
    [
      '10,000 comparisons of a finished metric',
      { having: [{ field: metric, op: 'notIn', values: texts(10_000).map((_, i) => -i) }] },
    ],
    [
      '100 columns',
      {
        metrics: Array.from({ length: 100 }, (_, i) => ({
          metric,
          modifiers: i % 2 === 0 ? ['plain'] : ['plain', 'solid'],
          as: `c${i}`,
        })),
      },
    ],
  ])('%s: is answered or refused with a reason', async (_, part) => {
    const response = await ask({ metrics: [metric], time, ...part })
    expect([200, 400, 422], response.body.slice(0, 300)).toContain(response.statusCode)
  })

  it('does no harm to the next question', async () => {
    await ask({ metrics: [metric], time, filters: lists(7) })
    const response = await ask({ metrics: [metric], time })
    expect(response.json().rows[0][0]).toBeGreaterThan(0)
  })
})

describe('offsets and zones', () => {
  it.each(['+24:00', '+99:99', '-99:99', '+08:60', '-23:60'])('refuses the offset %s', async (offset) => {
    const response = await ask({ metrics: ['parcels'], time: { range: `2026-11-19T10:00${offset}` } })
    expect([response.statusCode, response.json().code]).toEqual([400, 'INVALID_RANGE'])
  })

  // Zones that the tz database has renamed; Intl still gives some of them their old names.
  it.each([
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Europe/Kyiv',
    'Asia/Ho_Chi_Minh',
    'Asia/Yangon',
    'America/Nuuk',
    'Pacific/Kanton',
    'US/Eastern',
  ])('knows %s in both engines', async (zone) => {
    for (const metric of ['parcels', 'beacons']) {
      const response = await ask({
        metrics: [metric],
        time: { range: ['2026-11-18', '2026-11-20'], zone, grain: 'hour' },
      })
      expect(response.statusCode, response.body.slice(0, 200)).toBe(200)
      expect(response.json().rows).toHaveLength(1)
    }
  })

  it('gives every zone that it offers to both engines', async () => {
    const refused: string[] = []
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      for (const metric of ['parcels', 'beacons']) {
        const response = await ask({ metrics: [metric], time: { range: '2026-11-19', zone, grain: 'hour' } })
        if (response.statusCode !== 200) refused.push(`${zone} ${metric} ${response.statusCode}`)
      }
    }
    expect(refused).toEqual([])
  })
})

describe('texts that no store can hold, outside of questions', () => {
  it.each([
    '/v1/dimensions/site/values?search=%00',
    '/v1/dimensions/code/values?search=a%00b',
    `/v1/dimensions/code/values?cursor=${Buffer.from('["x\\u0000"]').toString('base64url')}`,
    `/v1/dimensions/code/values?cursor=${Buffer.from('["\\ud800"]').toString('base64url')}`,
    '/v1/publications?source=%00',
    '/v1/publications?from=0000-01-01',
    '/v1/publications?to=0000-12-31',
  ])('GET %s is no 5xx', async (url) => {
    const response = await world.app.inject(url)
    expect(response.statusCode, response.body).toBeLessThan(500)
  })
})

it('takes the cursor that it gave for a long key', async () => {
  const cursor = Buffer.from(JSON.stringify(['x'.repeat(1000)])).toString('base64url')
  const response = await world.app.inject(`/v1/dimensions/code/values?cursor=${cursor}`)
  expect(response.statusCode, response.body).toBe(200)
})
