import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'
import { listen } from '../../src/stores/postgres/listen.ts'
import { freePort, startPostgres, type TestServer } from '../support/servers.ts'
import { faultOf, statement, storeContract } from './contract.ts'

let server: TestServer
let admin: Store

beforeAll(async () => {
  server = await startPostgres()
  admin = await openStore('admin', server.url)
}, 60_000)

afterAll(async () => {
  await admin?.close()
  await server?.stop()
}, 60_000)

const rowsOf = async (text: string) => (await admin.query(statement('postgres', text))).rows
const RUNNING = `SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%endless%'
                 AND pid <> pg_backend_pid()`
const SLEEP = statement('postgres', `SELECT pg_sleep(60), $1::text /* endless */`, 'x')

describe('a PostgreSQL server', () => {
  storeContract('postgres', () => openStore('realtime', server.url))

  it('ends the statement inside the server, at the deadline and on abort', async () => {
    const running = async (count: string) => expect.poll(() => rowsOf(RUNNING)).toEqual([[count]])
    const late = faultOf(admin.query(SLEEP, { timeout: 500 }))
    await running('1')
    expect((await late).code).toBe('DEADLINE')
    await running('0')
    const caller = new AbortController()
    const given = faultOf(admin.query(SLEEP, { signal: caller.signal }))
    await running('1')
    caller.abort()
    expect((await given).code).toBe('CLIENT_CLOSED')
    await running('0')
  })

  it('has the server stop statements even when no cancel request comes', async () => {
    const text = `SELECT current_setting('statement_timeout')`
    const asked = async (timeout?: number) =>
      (await admin.query(statement('postgres', text), timeout === undefined ? {} : { timeout })).rows[0]?.[0]
    expect(await asked(30_000)).toBe('30s')
    expect(await asked(28_400)).toBe('30s')
    expect(await asked(2_100)).toBe('3s')
    expect(await asked()).toBe('0')
  })

  it('waits for a connection no longer than the deadline', async () => {
    const store = await openStore('busy', server.url)
    let over = 0
    const sleepers = Array.from({ length: 10 }, () =>
      faultOf(store.query(SLEEP, { timeout: 3000 })).finally(() => {
        over++
      }),
    )
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await faultOf(store.query(SLEEP, { timeout: 100 }))).code).toBe('DEADLINE')
    expect(over).toBe(0)
    await Promise.all(sleepers)
    await store.close()
  })

  it('survives the loss of connections, idle and in use', async () => {
    const store = await openStore('lossy', server.url)
    const kill = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
                  AND query LIKE '%lossy%'`
    const lost = faultOf(store.query(statement('postgres', `SELECT pg_sleep(60), $1 /* lossy */`, 'x')))
    await new Promise((resolve) => setTimeout(resolve, 300))
    await rowsOf(kill)
    expect((await lost).code).toBe('STORE_DOWN')
    await store.query(statement('postgres', 'SELECT 1 /* lossy */'))
    await rowsOf(kill)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await store.query(statement('postgres', 'SELECT 1'))).rows).toEqual([['1']])
    await store.close()
  })

  it('is down when nobody listens', async () => {
    const store = await openStore('away', `postgres://tester:secret@127.0.0.1:${await freePort()}/postgres`)
    const fault = await faultOf(store.query(statement('postgres', 'SELECT 1'), { timeout: 5000 }))
    expect(fault.code).toBe('STORE_DOWN')
    expect(fault.message).toContain('"away"')
    expect(fault.message).not.toContain('secret')
    await store.close()
  })

  it('hears notifications, also after its connection was lost', async () => {
    const heard: string[] = []
    const onReconnect = vi.fn()
    const listening = listen(server.url, 'Publications', (payload) => heard.push(payload), onReconnect)
    const isHeard = async (text: string) => {
      await admin.query(statement('postgres', `SELECT pg_notify('Publications', $1)`, text))
      return heard.includes(text)
    }
    await vi.waitUntil(() => isHeard('one'), 5000)
    expect(onReconnect).not.toHaveBeenCalled()
    await rowsOf(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`)
    await vi.waitUntil(() => isHeard('two'), 5000)
    expect(onReconnect).toHaveBeenCalledTimes(1)
    await listening.close()
  }, 15_000)
})
