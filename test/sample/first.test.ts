import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatDay, parseDay } from '../../src/base/time.ts'
import { prepareSample } from '../../src/sample/seed.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'
import { memoryPublisher } from './memoryPublisher.ts'
import { fingerprint, numbersOf, rowsOf } from './storeUnderTest.ts'

const NOW = Date.parse('2026-11-20T10:31:07+08:00')
const TODAY = parseDay('2026-11-20') ?? 0

let folder: string
let offline: Store
let realtime: Store
const publisher = memoryPublisher()
const heard: number[] = []

function prepare(now: number): Promise<void> {
  return prepareSample({ offline, realtime, publisher, now: () => now, progress: (done) => heard.push(done) })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oneservice-sample-'))
  offline = await openStore('offline', `chdb://${folder}/offline`)
  realtime = await openStore('realtime', 'pglite://memory')
  await prepare(NOW)
}, 120_000)

afterAll(async () => {
  await offline.close()
  await realtime.close()
  await rm(folder, { recursive: true, force: true })
})

describe('the first start in the embedded engines', { timeout: 60_000 }, () => {
  it('makes 90 days of more than a million facts', async () => {
    const [rows = 0, days] = await numbersOf(offline, 'SELECT count(*), count(DISTINCT day) FROM dwd_ad_event')
    expect(rows).toBeGreaterThan(1_000_000)
    expect(days).toBe(90)
  })

  it('tells how far it is, from 0 to 1', () => {
    expect(heard[0]).toBe(0)
    expect(heard.at(-1)).toBe(1)
    expect(heard).toEqual(heard.toSorted((a, b) => a - b))
    expect(heard.length).toBeGreaterThan(15)
  })

  it('aggregates days to what the events say, group by group', async () => {
    const events = `SELECT day, channel, region_code, countIf(kind = 'exposure'), countIf(kind = 'click'), sum(cost)
      FROM dwd_ad_event GROUP BY day, channel, region_code ORDER BY day, channel, region_code`
    const days = `SELECT day, channel, region_code, sum(exposures), sum(clicks), sum(cost)
      FROM dws_ad_delivery_day GROUP BY day, channel, region_code ORDER BY day, channel, region_code`
    expect(await rowsOf(offline, days)).toEqual(await rowsOf(offline, events))
  })

  it('files every batch row under the business day it happened on', async () => {
    for (const table of ['dwd_ad_event', 'dwd_consultation', 'dwd_order', 'dwd_payment']) {
      const wrong = `SELECT count(*) FROM ${table} WHERE day != toDate(occurred_at, 'Asia/Shanghai')`
      expect(await numbersOf(offline, wrong)).toEqual([0])
    }
  })

  it('says the same of a past day in both stores, but for what was sent twice', async () => {
    const past = formatDay(TODAY - 3)
    const [exact = 0] = await numbersOf(
      offline,
      `SELECT sum(exposures) FROM dws_ad_delivery_day WHERE (day, pv) IN (('${past}', 1))`,
    )
    const [fresh = 0] = await numbersOf(
      realtime,
      `SELECT count(*) FROM ad_event WHERE kind = 'exposure'
        AND (occurred_at AT TIME ZONE 'Asia/Shanghai')::date = '${past}'`,
    )
    expect(fresh).toBeGreaterThan(exact)
    expect(fresh / exact - 1).toBeLessThan(0.03)
    const offlineOrders = `SELECT count(*), sum(amount) FROM dwd_order WHERE day = '${past}'`
    const realtimeOrders = `SELECT count(*), sum(amount) FROM order_event
      WHERE (occurred_at AT TIME ZONE 'Asia/Shanghai')::date = '${past}'`
    expect(await numbersOf(offline, offlineOrders)).toEqual(await numbersOf(realtime, realtimeOrders))
  })

  it('keeps eight business days of events', async () => {
    const days = "SELECT count(DISTINCT (occurred_at AT TIME ZONE 'Asia/Shanghai')::date) FROM ad_event"
    expect(await numbersOf(realtime, days)).toEqual([8])
  })

  it('has the same dimension tables in both', async () => {
    for (const table of ['dim_advertiser', 'dim_campaign', 'dim_product']) {
      const text = `SELECT * FROM ${table} ORDER BY 1`
      const rows = await rowsOf(offline, text)
      expect(rows.length).toBeGreaterThanOrEqual(300)
      expect(rows.map((row) => row.map(String))).toEqual((await rowsOf(realtime, text)).map((row) => row.map(String)))
    }
  })

  it('writes a day again, and not twice, that was not recorded', async () => {
    const before = await fingerprint(offline)
    // As a kill between the rows of the last days and their mark leaves it.
    await offline.execute(`INSERT INTO sample_state (key, value) VALUES ('batch_through', '${formatDay(TODAY - 4)}')`)
    await prepare(NOW)
    expect(await fingerprint(offline)).toEqual(before)
  })

  it('a day later takes over that day alone', async () => {
    await prepare(NOW + 86_400_000)
    const [written, last] = await rowsOf(offline, 'SELECT count(DISTINCT day), max(day) FROM dws_order_day').then(
      ([r]) => r ?? [],
    )
    expect([Number(written), last]).toEqual([91, formatDay(TODAY)])
    expect(publisher.days.get(`ad_delivery_day ${formatDay(TODAY - 1)}`)?.state).toBe('published')
    expect(publisher.days.get(`ad_delivery_day ${formatDay(TODAY)}`)?.state).toBe('staged')
    expect(publisher.published.length).toBe(2)
    const days = "SELECT count(DISTINCT (occurred_at AT TIME ZONE 'Asia/Shanghai')::date) FROM ad_event"
    expect(await numbersOf(realtime, days)).toEqual([8])
  })
})
