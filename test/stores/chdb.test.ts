import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'
import { faultOf, statement, storeContract } from './contract.ts'

const parent = mkdtempSync(join(tmpdir(), 'oneservice-test-'))
const url = `chdb://${parent}/offline`
afterAll(() => rmSync(parent, { recursive: true, force: true }))

const ask = (text: string, ...params: string[]) => statement('clickhouse', text, ...params)
const ENDLESS = ask('SELECT count() FROM numbers(1000000000000) WHERE number % 7 = {p1:UInt8}', '3')
const RUNNING = ask(
  `SELECT count() FROM system.processes WHERE query LIKE '%numbers(1000000000000)%' AND query NOT LIKE '%processes%'`,
)

describe('chDB in memory', { timeout: 30_000 }, () => {
  storeContract('clickhouse', () => openStore('offline', 'chdb://memory'))
})

describe('chDB in a folder', { timeout: 30_000 }, () => {
  const withStore = async (work: (store: Store) => Promise<void>) => {
    const store = await openStore('offline', url)
    try {
      await work(store)
    } finally {
      await store.close()
    }
  }

  it('ends the statement inside the engine, at the deadline and on abort', () =>
    withStore(async (store) => {
      const running = async (count: string) =>
        expect.poll(async () => (await store.query(RUNNING)).rows, { timeout: 3000 }).toEqual([[count]])
      const late = faultOf(store.query(ENDLESS, { timeout: 1000 }))
      await running('1')
      expect((await late).code).toBe('DEADLINE')
      await running('0')
      const caller = new AbortController()
      const given = faultOf(store.query(ENDLESS, { signal: caller.signal }))
      await running('1')
      caller.abort()
      expect((await given).code).toBe('CLIENT_CLOSED')
      await running('0')
    }))

  it('is not held up by a slow question of another caller', () =>
    withStore(async (store) => {
      let isOver = false
      const slow = faultOf(store.query(ENDLESS, { timeout: 3000 })).finally(() => {
        isOver = true
      })
      expect((await store.query(ask('SELECT {p1:String}', 'quick'))).rows).toEqual([['quick']])
      expect(isOver).toBe(false)
      await slow
    }))

  it('never reads a value that an earlier statement left', () =>
    withStore(async (store) => {
      await store.query(ask('SELECT {p1:String}, {p2:String}', 'mine', 'secret'))
      expect((await faultOf(store.query(ask('SELECT {p1:String}, {p2:String}', 'yours')))).code).toBe('STORE_FAILED')
    }))

  it('respects the settings a statement names itself', () =>
    withStore(async (store) => {
      const text = `SELECT getSetting('max_threads'), getSetting('max_execution_time') SETTINGS max_threads = 1`
      const [row] = (await store.query(ask(text), { timeout: 5000 })).rows
      expect([String(row?.[0]), Math.ceil(Number(row?.[1]))]).toEqual(['1', 5])
    }))

  it('loads over more than a hundred partitions at once', () =>
    withStore(async (store) => {
      await store.execute('CREATE TABLE days (day Date) ENGINE = MergeTree PARTITION BY day ORDER BY day')
      const day = (index: number) => [new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10)]
      await store.load(
        'days',
        ['day'],
        Array.from({ length: 150 }, (_, index) => day(index)),
      )
      expect((await store.query(ask('SELECT count() FROM days'))).rows).toEqual([['150']])
    }))

  it('keeps its rows when it is closed and opened again', () =>
    withStore(async (store) => {
      expect((await store.query(ask('SELECT count() FROM days'))).rows).toEqual([['150']])
    }))

  it('waits for what runs before it closes', async () => {
    const store = await openStore('offline', url)
    const running = store.query(ask('SELECT sleep(0.5)'))
    await store.close()
    expect((await running).rows).toEqual([[0]])
    await withStore(async (again) => {
      expect((await again.query(ask('SELECT 1'))).rows).toEqual([[1]])
    })
  })

  it('shares a folder and refuses a second one', () =>
    withStore(async (store) => {
      await withStore(async (same) => {
        expect((await same.query(ask('SELECT count() FROM days'))).rows).toEqual([['150']])
      })
      const fault = await faultOf(openStore('other', `chdb://${parent}/other`))
      expect(fault.code).toBe('INVALID_CONFIG')
      expect(fault.message).toContain(`${parent}/offline`)
      expect((await store.query(ask('SELECT 1'))).rows).toEqual([[1]])
    }))
})
