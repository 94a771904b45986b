import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { httpUrl } from '../../src/stores/clickhouse/driver.ts'
import { openStore } from '../../src/stores/open.ts'
import { freePort, startClickHouse, type TestServer } from '../support/servers.ts'
import { faultOf, statement, storeContract } from './contract.ts'

let server: TestServer

beforeAll(async () => {
  server = await startClickHouse()
}, 60_000)

afterAll(() => server?.stop(), 60_000)

const ask = (text: string, ...params: string[]) => statement('clickhouse', text, ...params)
const ENDLESS = ask('SELECT count() FROM numbers(1000000000000) WHERE number % 7 = {p1:UInt8}', '3')
const RUNNING = ask(
  `SELECT count() FROM system.processes WHERE query LIKE '%numbers(1000000000000)%' AND query NOT LIKE '%processes%'`,
)

describe('a ClickHouse server', { timeout: 30_000 }, () => {
  storeContract('clickhouse', () => openStore('offline', server.url))

  it('has the server stop the statement when its caller has gone', async () => {
    const store = await openStore('offline', server.url)
    const running = async (count: string) =>
      expect.poll(async () => (await store.query(RUNNING)).rows, { timeout: 3000 }).toEqual([[count]])
    const caller = new AbortController()
    const given = faultOf(store.query(ENDLESS, { signal: caller.signal }))
    await running('1')
    caller.abort()
    expect((await given).code).toBe('CLIENT_CLOSED')
    await running('0')
    await store.close()
  })

  it('tells the server the deadline', async () => {
    const store = await openStore('offline', server.url)
    const [row] = (await store.query(ask(`SELECT getSetting('max_execution_time')`), { timeout: 2500 })).rows
    expect(Number(row?.[0])).toBeGreaterThan(2)
    expect(Number(row?.[0])).toBeLessThanOrEqual(2.5)
    await store.close()
  })

  it('sends values that are too long for an address', async () => {
    const store = await openStore('offline', server.url)
    const long = 'é\'\\"'.repeat(20_000)
    expect((await store.query(ask('SELECT {p1:String}', long))).rows).toEqual([[long]])
    await store.close()
  })

  it('is down when nobody listens', async () => {
    const store = await openStore('away', `clickhouse://user:secret@127.0.0.1:${await freePort()}/default`)
    const fault = await faultOf(store.query(ask('SELECT 1'), { timeout: 5000 }))
    expect(fault.code).toBe('STORE_DOWN')
    expect(fault.message).not.toContain('secret')
    await store.close()
  })

  it.each([
    ['clickhouse://u:p@host/db', 'http://u:p@host:8123/db'],
    ['clickhouse://host:9999/db?secure=true', 'https://host:9999/db'],
    ['clickhouse://host?secure=1', 'https://host:8443/'],
    ['https://host/db', 'https://host/db'],
  ])('reads %s as %s', (url, http) => {
    expect(httpUrl(url).href).toBe(http)
  })
})
