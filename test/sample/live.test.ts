import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { formatDay, parseDay, startOfDay } from '../../src/base/time.ts'
import { ZONE } from '../../src/sample/day.ts'
import { keepGoing } from '../../src/sample/live.ts'
import { prepareSample } from '../../src/sample/seed.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'
import { memoryPublisher } from './memoryPublisher.ts'
import { empty, fingerprint, numbersOf } from './storeUnderTest.ts'

const TODAY = parseDay('2026-11-20') ?? 0
const BEFORE_MIDNIGHT = startOfDay(TODAY + 1, ZONE) - 30_000

let store: Store

beforeAll(async () => {
  store = await openStore('realtime', 'pglite://memory')
}, 60_000)
afterAll(() => store.close())
afterEach(() => empty(store))

/** A living sample with a clock that the test moves, and a store that can be told to fail. */
async function live() {
  const clock = { now: BEFORE_MIDNIGHT, failing: false }
  const publisher = memoryPublisher()
  const errors: unknown[] = []
  const context = { offline: store, realtime: store, publisher, now: () => clock.now, firstDays: 2 }
  await prepareSample({ ...context, progress: () => {} })
  const fragile: Store = {
    ...{ name: 'realtime', engine: store.engine, dialect: store.dialect },
    ...{ query: (statement, options) => store.query(statement, options), describe: (table) => store.describe(table) },
    ...{ execute: (text) => store.execute(text), close: () => store.close() },
    async load(table, columns, rows) {
      await store.load(table, columns, rows)
      if (clock.failing) throw new Error('the store went away')
    },
  }
  const going = keepGoing({ ...context, realtime: fragile, onError: (error) => errors.push(error) }, 5)
  return { clock, publisher, errors, going }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (await holds()) return
    await sleep(10)
  }
  throw new Error('it did not come about')
}

async function filledTo(instant: number): Promise<boolean> {
  return (await numbersOf(store, "SELECT value FROM sample_state WHERE key = 'stream_through'"))[0] === instant
}

describe('a sample that goes on', { timeout: 60_000 }, () => {
  it('appends what arrives, and crosses the day', async () => {
    const { clock, publisher, errors, going } = await live()
    const [before = 0] = await numbersOf(store, 'SELECT count(*) FROM ad_event')
    clock.now += 20_000
    await until(() => filledTo(clock.now))
    const [after = 0] = await numbersOf(store, 'SELECT count(*) FROM ad_event')
    expect(after).toBeGreaterThan(before)
    expect(publisher.days.get(`ad_delivery_day ${formatDay(TODAY)}`)).toBeUndefined()

    clock.now += 20_000
    await until(() => publisher.published.length === 2)
    await going.stop()
    expect(errors).toEqual([])
    expect(publisher.days.get(`ad_delivery_day ${formatDay(TODAY)}`)?.state).toBe('staged')
    expect(publisher.days.get(`ad_delivery_day ${formatDay(TODAY - 1)}`)?.state).toBe('published')

    const lived = await fingerprint(store)
    await empty(store)
    const stores = { offline: store, realtime: store, publisher: memoryPublisher() }
    await prepareSample({ ...stores, now: () => clock.now, firstDays: 3, progress: () => {} })
    expect(lived).toEqual(await fingerprint(store))
  })

  it('reports a failed tick and makes up for it', async () => {
    const { clock, errors, going } = await live()
    clock.failing = true
    clock.now += 15_000
    await until(() => errors.length >= 2)
    clock.failing = false
    await until(() => filledTo(clock.now))
    await going.stop()
    const lived = await numbersOf(store, 'SELECT count(*), count(DISTINCT event_id) FROM ad_event')
    expect(lived[0]).toBe(lived[1])
  })

  it('does nothing after stop', async () => {
    const { clock, going } = await live()
    await going.stop()
    clock.now += 15_000
    await sleep(50)
    expect(await filledTo(clock.now)).toBe(false)
  })
})
