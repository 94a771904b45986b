import { afterAll, beforeAll, expect, it } from 'vitest'
import { prepareSample } from '../../src/sample/seed.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'
import { memoryPublisher } from './memoryPublisher.ts'
import { dyingAfter, empty, fingerprint, numbersOf } from './storeUnderTest.ts'

// The mirror of seed.test.ts: one ClickHouse plays both stores.

const NOW = Date.parse('2026-11-20T10:31:07+08:00')
const DAY = 86_400_000
/** CREATE statements at every start: 6 batch and 4 stream tables, and 3 dimension tables for each of the two roles. */
const CREATING = 16

let store: Store

beforeAll(async () => {
  store = await openStore('realtime', 'chdb://memory')
}, 60_000)
afterAll(() => store.close())

async function run(now: number, firstDays: number, through: Store = store): Promise<void> {
  const stores = { offline: through, realtime: through, publisher: memoryPublisher() }
  await prepareSample({ ...stores, now: () => now, firstDays, progress: () => {} })
}

it('fills a gap and survives kills in ClickHouse alone', { timeout: 120_000 }, async () => {
  await run(NOW, 4)
  const clean = await fingerprint(store)
  await run(NOW, 4)
  expect(await fingerprint(store)).toEqual(clean)

  for (const nth of [1, 2, 3]) {
    await empty(store)
    await run(NOW - DAY, 3)
    // Nothing is created any more, so the first writes are those of the stream and then of the batch.
    const writes = { writes: 0 }
    await expect(run(NOW, 4, dyingAfter(store, CREATING + nth * 4, writes))).rejects.toThrow('killed')
    await run(NOW, 4)
    expect(await fingerprint(store)).toEqual(clean)
  }
})

it('drops days that are too old', { timeout: 60_000 }, async () => {
  await empty(store)
  await run(NOW - 5 * DAY, 7)
  await run(NOW, 7)
  const days = "SELECT count(DISTINCT toDate(occurred_at, 'Asia/Shanghai')) FROM order_event"
  expect(await numbersOf(store, days)).toEqual([8])
})
