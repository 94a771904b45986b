import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/stores/open.ts'
import { faultOf, statement, storeContract } from './contract.ts'

const parent = mkdtempSync(join(tmpdir(), 'oneservice-test-'))
const url = `pglite://${parent}/realtime`
afterAll(() => rmSync(parent, { recursive: true, force: true }))

const ask = (text: string) => statement('postgres', text)
const ENDLESS = ask('SELECT count(*) FROM generate_series(1, 10000000000) AS g WHERE g % 7 = 3')

describe('PGlite', { timeout: 30_000 }, () => {
  storeContract('postgres', () => openStore('realtime', 'pglite://memory'))

  it('keeps committed rows through an abort and through closing', async () => {
    const store = await openStore('realtime', url)
    await store.execute('CREATE TABLE kept (id int); INSERT INTO kept VALUES (1), (2)')
    expect((await faultOf(store.query(ENDLESS, { timeout: 300 }))).code).toBe('DEADLINE')
    expect((await store.query(ask('SELECT count(*) FROM kept'))).rows).toEqual([['2']])
    await store.close()
    const again = await openStore('realtime', url)
    expect((await again.query(ask('SELECT count(*) FROM kept'))).rows).toEqual([['2']])
    await again.close()
  })

  it('sends the statements that waited behind an aborted one to the next worker', async () => {
    const store = await openStore('realtime', url)
    const aborted = faultOf(store.query(ENDLESS, { timeout: 300 }))
    const waiting = store.query(ask('SELECT 7'))
    const dropped = faultOf(store.query(ask('SELECT 8'), { timeout: 100 }))
    expect((await dropped).code).toBe('DEADLINE')
    expect((await aborted).code).toBe('DEADLINE')
    expect((await waiting).rows).toEqual([['7']])
    await store.close()
  })

  it('is one engine for all stores that name its folder, until the last closes', async () => {
    const [one, two] = await Promise.all([openStore('one', url), openStore('two', url)])
    await one.execute('CREATE TABLE shared (id int)')
    await one.close()
    expect(await two.describe('shared')).toEqual([{ name: 'id', type: 'integer', nullable: true }])
    await two.close()
    expect((await faultOf(two.query(ask('SELECT 1')))).code).toBe('STORE_DOWN')
  })
})
