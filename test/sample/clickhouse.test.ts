import { afterAll, beforeAll, expect, it } from 'vitest'
import { prepareSample } from '../../src/sample/seed.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'
import { memoryPublisher } from './memoryPublisher.ts'
import { dyingAfter, empty, fingerprint } from './storeUnderTest.ts'

// The mirror of seed.test.ts: one ClickHouse plays both stores.

const NOW = Date.parse('2026-11-20T10:31:07+08:00')
const DAY = 86_400_000

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
  const count = { writes: 0 }
  await run(NOW, 4, dyingAfter(store, 0, count))
  const clean = await fingerprint(store)
  await run(NOW, 4)
  expect(await fingerprint(store)).toEqual(clean)

  for (const part of [0.6, 0.8, 0.95]) {
    await empty(store)
    await run(NOW - DAY, 3)
    const dying = dyingAfter(store, Math.floor(count.writes * (part - 0.5)), { writes: 0 })
    await run(NOW, 4, dying).catch(() => {})
    await run(NOW, 4)
    expect(await fingerprint(store)).toEqual(clean)
  }
})
