import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DAY, formatDay, parseDay } from '../../src/base/time.ts'
import { prepareSample, type SampleContext } from '../../src/sample/seed.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'
import { type MemoryPublisher, memoryPublisher } from './memoryPublisher.ts'
import { dyingAfter, empty, fingerprint, numbersOf, rowsOf } from './storeUnderTest.ts'

// One PostgreSQL plays both stores here; first.test.ts has the two engines that the sample is served from.

const NOW = Date.parse('2026-11-20T10:31:07+08:00')
const TODAY = parseDay('2026-11-20') ?? 0
const SLOW = { timeout: 60_000 }

let store: Store

beforeAll(async () => {
  store = await openStore('offline', 'pglite://memory')
}, 60_000)
afterAll(() => store.close())
afterEach(() => empty(store))

interface Run {
  readonly publisher?: MemoryPublisher
  readonly now?: number
  readonly progress?: SampleContext['progress']
  readonly through?: Store
}

async function run({ publisher = memoryPublisher(), now = NOW, progress = () => {}, through = store }: Run = {}) {
  await prepareSample({ offline: through, realtime: through, publisher, now: () => now, firstDays: 3, progress })
  return publisher
}

describe('the first start', SLOW, () => {
  it('writes whole days, publishes all but yesterday, and stages that', async () => {
    const publisher = await run()
    const days = await rowsOf(store, 'SELECT day, count(*) FROM dwd_ad_event GROUP BY day ORDER BY day')
    expect(days.map(([day]) => day)).toEqual([TODAY - 3, TODAY - 2, TODAY - 1].map(formatDay))
    const states = [...publisher.days].filter(([key]) => key.startsWith('ad_event_detail'))
    expect(states.map(([, { state }]) => state)).toEqual(['published', 'published', 'staged'])
    expect(states.map(([, { rowCount }]) => rowCount)).toEqual(days.map(([, count]) => Number(count)))
    expect(publisher.published).toEqual([{ sources: 6, days: 12 }])
    expect(publisher.days.size).toBe(18)
  })

  it('holds in real time what has arrived by now, of the same business days', async () => {
    await run()
    const [latest, oldest, days] = await numbersOf(
      store,
      `SELECT extract(epoch FROM max(arrived_at)) * 1000, extract(epoch FROM min(occurred_at)) * 1000,
        count(DISTINCT (occurred_at AT TIME ZONE 'Asia/Shanghai')::date) FROM ad_event`,
    )
    expect(latest).toBeLessThanOrEqual(NOW)
    expect(latest).toBeGreaterThan(NOW - 120_000)
    expect(oldest).toBeGreaterThanOrEqual(NOW - 4 * DAY)
    expect(days).toBe(4)
  })

  it('differs a little between the stores, and only where it should', async () => {
    await run()
    const past = formatDay(TODAY - 2)
    const onDay = `(occurred_at AT TIME ZONE 'Asia/Shanghai')::date = '${past}'`
    const exposed = "SELECT count(*) FROM %t WHERE kind = 'exposure' AND "
    const [offline = 0] = await numbersOf(store, `${exposed.replace('%t', 'dwd_ad_event')} day = '${past}'`)
    const [realtime = 0] = await numbersOf(store, `${exposed.replace('%t', 'ad_event')} ${onDay}`)
    expect(realtime).not.toBe(offline)
    expect(Math.abs(realtime / offline - 1)).toBeLessThan(0.03)
    const inBoth = 'SELECT count(*), sum(amount), sum(order_id) FROM'
    expect(await numbersOf(store, `${inBoth} order_event WHERE ${onDay}`)).toEqual(
      await numbersOf(store, `${inBoth} dwd_order WHERE day = '${past}'`),
    )
  })

  it('files every batch row under the business day it happened on', async () => {
    await run()
    for (const table of ['dwd_ad_event', 'dwd_consultation', 'dwd_order', 'dwd_payment']) {
      const wrong = `SELECT count(*) FROM ${table} WHERE day <> (occurred_at AT TIME ZONE 'Asia/Shanghai')::date`
      expect(await numbersOf(store, wrong)).toEqual([0])
    }
  })

  it('aggregates days to what the events say', async () => {
    await run()
    const events = `SELECT sum(CASE WHEN kind = 'exposure' THEN 1 END), sum(CASE WHEN kind = 'click' THEN 1 END),
      sum(cost) FROM dwd_ad_event`
    const days = 'SELECT sum(exposures), sum(clicks), sum(cost) FROM dws_ad_delivery_day'
    expect(await rowsOf(store, days)).toEqual(await rowsOf(store, events))
    const orders = "SELECT count(*), sum(amount), max(amount), min(amount) FROM dwd_order WHERE attribution = 'direct'"
    const orderDays = `SELECT sum(orders), sum(gmv), max(largest_amount), min(smallest_amount)
      FROM dws_order_day WHERE attribution = 'direct'`
    expect(await rowsOf(store, orderDays)).toEqual(await rowsOf(store, orders))
  })

  it('leaves a table alone that somebody else has made', async () => {
    await store.execute('CREATE TABLE dwd_order (id integer)')
    await expect(run()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('dwd_order') })
    expect((await store.describe('dwd_order'))?.map((column) => column.name)).toEqual(['id'])
    await empty(store)
    await store.execute('CREATE TABLE sample_state (id integer)')
    await expect(run()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('sample_state') })
  })
})

describe('a later start', SLOW, () => {
  it('at the same moment changes nothing', async () => {
    const publisher = await run()
    const before = await fingerprint(store)
    await run({ publisher })
    expect(await fingerprint(store)).toEqual(before)
    expect(publisher.published.length).toBe(1)
  })

  it('fills the gap, as if it had never been away', async () => {
    const publisher = await run({ now: NOW - 2 * DAY })
    await run({ publisher })
    const { ad_event, order_event, payment_event, ...rest } = await fingerprint(store)
    const days = await numbersOf(store, 'SELECT count(DISTINCT day), max(day) - min(day) + 1 FROM dws_ad_delivery_day')
    expect(days).toEqual([5, 5])
    const states = [...publisher.days].filter(([key]) => key.startsWith('order_day')).map(([, { state }]) => state)
    expect(states).toEqual(['published', 'published', 'published', 'published', 'staged'])

    await empty(store)
    await prepareSample({
      ...{ offline: store, realtime: store, publisher: memoryPublisher(), progress: () => {} },
      ...{ now: () => NOW, firstDays: 5 },
    })
    const clean = await fingerprint(store)
    expect({ ad_event, order_event, payment_event, ...rest }).toEqual(clean)
  })

  it('goes on where somebody has published yesterday by hand', async () => {
    const publisher = await run({ now: NOW - DAY })
    await publisher.publish([{ source: 'order_day', days: [formatDay(TODAY - 2)] }])
    await run({ publisher })
    const staged = [...publisher.days].flatMap(([key, { state }]) => (state === 'staged' ? [key] : []))
    expect(staged.every((key) => key.endsWith(formatDay(TODAY - 1)))).toBe(true)
    expect(staged.length).toBe(6)
  })

  it('with a clock before the last run does nothing', async () => {
    const publisher = await run()
    const before = await fingerprint(store)
    await run({ publisher, now: NOW - 3 * DAY })
    expect(await fingerprint(store)).toEqual(before)
  })
})

describe('a kill', { timeout: 120_000 }, () => {
  it('at any step leaves what the next start makes whole', async () => {
    const count = { writes: 0 }
    await run({ through: dyingAfter(store, 0, count) })
    const clean = await fingerprint(store)
    const writes = count.writes
    for (const part of [0.02, 0.5, 0.62, 0.75, 0.85, 0.93, 1]) {
      await empty(store)
      const publisher = memoryPublisher()
      const nth = Math.max(1, Math.floor(writes * part))
      await expect(run({ publisher, through: dyingAfter(store, nth, { writes: 0 }) })).rejects.toThrow('killed')
      await run({ publisher })
      expect(await fingerprint(store), `write ${nth} of ${writes}`).toEqual(clean)
      const states = [...publisher.days.values()].map(({ state }) => state)
      expect(states.filter((state) => state === 'published').length, `write ${nth}`).toBe(12)
    }
  })

  it('in the middle of progress too', async () => {
    await run()
    const clean = await fingerprint(store)
    await empty(store)
    const progress = (_: number, text: string) => {
      if (text.startsWith('writing')) throw new Error('killed')
    }
    await expect(run({ progress })).rejects.toThrow('killed')
    await run()
    expect(await fingerprint(store)).toEqual(clean)
  })
})
