import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fault, type FaultCode } from '../../src/base/faults.ts'
import type { DialectName, Parameter, Statement, Store } from '../../src/stores/port.ts'

/** What differs between the families of SQL in the tests that every engine has to pass. */
const SQL = {
  postgres: {
    create: `CREATE TABLE sample (id bigint NOT NULL, label text, price numeric(18, 2), paid boolean, day date,
             at timestamp with time zone)`,
    types: ['bigint', 'text', 'numeric(18,2)', 'boolean', 'date', 'timestamp with time zone'],
    values: 'SELECT $1::text, $2::bigint, $3::numeric, $4::boolean, $5::text, $6::date',
    echo: 'SELECT $1::text',
    // Waits or computes for minutes.
    endless: 'SELECT count(*) FROM generate_series(1, 10000000000) AS g WHERE g % 7 = $1::bigint',
    isTrue: (cell: unknown) => cell === true,
    at: '2026-11-20 02:00:00.123+00',
  },
  clickhouse: {
    create: `CREATE TABLE sample (id Int64, label Nullable(String), price Nullable(Decimal(18, 2)), paid Nullable(Bool),
             day Nullable(Date), at Nullable(DateTime64(3, 'UTC'))) ENGINE = MergeTree ORDER BY id`,
    types: [
      'Int64',
      'Nullable(String)',
      'Nullable(Decimal(18, 2))',
      'Nullable(Bool)',
      'Nullable(Date)',
      "Nullable(DateTime64(3, 'UTC'))",
    ],
    values: 'SELECT {p1:String}, {p2:Int64}, {p3:Decimal(38, 2)}, {p4:Bool}, {p5:Nullable(String)}, {p6:Date}',
    echo: 'SELECT {p1:String}',
    endless: 'SELECT count() FROM numbers(1000000000000) WHERE number % 7 = {p1:Int64}',
    isTrue: (cell: unknown) => cell === true || cell === 1,
    at: '2026-11-20 02:00:00.123',
  },
} as const

const TEXTS = ["it's", 'back\\slash', 'a\tb\nc\r\nd', 'é 漢字 🚀', '"quoted"', '{p1:String} $1 ; --', '\\N', '', 'NULL']
const COLUMNS = ['id', 'label', 'price', 'paid', 'day', 'at']

/** A statement of the dialect, with its values. */
export function statement(dialect: DialectName, text: string, ...params: Parameter[]): Statement {
  return { dialect, text, params }
}

/** The code of the fault that `work` ends in; anything else fails the test. */
export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error: unknown = await work.then(
    () => 'no fault',
    (reason: unknown) => reason,
  )
  if (error instanceof Fault) return error
  throw new Error(`Expected a fault, got ${String(error)}`, { cause: error })
}

async function codeOf(work: Promise<unknown>): Promise<FaultCode> {
  return (await faultOf(work)).code
}

/** Everything that a store promises (src/stores/port.ts), whichever engine stands behind it. */
export function storeContract(dialect: DialectName, open: () => Promise<Store>): void {
  const sql = SQL[dialect]
  let store: Store
  const ask = async (text: string, ...params: Parameter[]) =>
    (await store.query(statement(dialect, text, ...params))).rows
  const endless = statement(dialect, sql.endless, 3)

  beforeAll(async () => {
    store = await open()
  }, 60_000)
  afterAll(() => store?.close(), 60_000)

  describe('values', () => {
    it.each(TEXTS)('gives back the text %j', async (text) => {
      expect(await ask(sql.echo, text)).toEqual([[text]])
    })

    it('keeps exact numbers as text, booleans, nulls and dates', async () => {
      const [row] = await ask(sql.values, 'x', '9007199254740993', '12345678901234567890.12', true, null, '2026-11-20')
      expect(row?.slice(1, 3)).toEqual(['9007199254740993', '12345678901234567890.12'])
      expect(sql.isTrue(row?.[3])).toBe(true)
      expect(row?.slice(4)).toEqual([null, '2026-11-20'])
    })

    it('takes numbers and false as they are', async () => {
      const [row] = await ask(sql.values, 'x', 42, 1.5, false, 'y', '2026-01-01')
      expect(row?.slice(1, 3).map(Number)).toEqual([42, 1.5])
      expect(sql.isTrue(row?.[3])).toBe(false)
    })

    it('gives every caller its own values', async () => {
      const texts = Array.from({ length: 200 }, (_, index) => `caller ${index}`)
      expect(await Promise.all(texts.map((text) => ask(sql.echo, text)))).toEqual(texts.map((text) => [[text]]))
    })

    it('names the columns', async () => {
      expect((await store.query(statement(dialect, 'SELECT 1 AS one, 2 AS two'))).columns).toEqual(['one', 'two'])
    })
  })

  describe('tables', () => {
    beforeAll(async () => {
      await store.execute('DROP TABLE IF EXISTS sample')
      await store.execute(sql.create)
    })

    it('describes a table', async () => {
      const columns = await store.describe('sample')
      expect(columns?.map(({ name }) => name)).toEqual(COLUMNS)
      expect(columns?.map(({ type }) => type)).toEqual(sql.types)
      expect(columns?.map(({ nullable }) => nullable)).toEqual([false, true, true, true, true, true])
    })

    it('describes a table by its full name, and none that does not exist', async () => {
      const schema = dialect === 'postgres' ? 'public' : 'default'
      expect((await store.describe(`${schema}.sample`))?.length).toBe(COLUMNS.length)
      expect(await store.describe('no_such_table')).toBeUndefined()
      expect(await store.describe(`no'schema.sample`)).toBeUndefined()
    })

    it('loads text of every kind, and nulls', async () => {
      const rows = TEXTS.map((text, id) => [id, text, '1234567890.12', id % 2 === 0, '2026-11-20', sql.at] as const)
      await store.load('sample', COLUMNS, [...rows, [99, null, null, null, null, null]])
      const stored = await ask('SELECT id, label, price, paid, day, at FROM sample ORDER BY id')
      expect(stored.map((row) => row[1])).toEqual([...TEXTS, null])
      expect(stored[0]?.slice(2, 3)).toEqual(['1234567890.12'])
      expect(stored.map((row) => row[3] !== null && sql.isTrue(row[3])).slice(0, 2)).toEqual([true, false])
      expect(stored[0]?.slice(4)).toEqual(['2026-11-20', sql.at])
      expect(stored.at(-1)).toEqual(['99', null, null, null, null, null])
    })

    it('loads many rows quickly, in any order of the columns', async () => {
      const rows = Array.from({ length: 50_000 }, (_, index) => [`label ${index}`, index + 1000])
      const started = performance.now()
      await store.load('sample', ['label', 'id'], rows)
      expect(performance.now() - started).toBeLessThan(5000)
      expect((await ask('SELECT count(*) FROM sample WHERE id >= 1000'))[0]).toEqual(['50000'])
    })

    it('loads an instant in ISO form', async () => {
      await store.load('sample', ['id', 'at'], [[200, '2026-11-20T10:00:00.123+08:00']])
      expect(await ask('SELECT at FROM sample WHERE id = 200')).toEqual([[sql.at]])
    })

    it('loads all rows or none when one does not fit', async () => {
      const before = await ask('SELECT count(*) FROM sample')
      const fault = await faultOf(store.load('sample', ['id'], [[1], ['not a number']]))
      expect(fault.code).toBe('STORE_FAILED')
      expect(await ask('SELECT count(*) FROM sample')).toEqual(before)
    })
  })

  describe('faults', () => {
    it('keeps what the store says out of the message', async () => {
      const fault = await faultOf(ask('SELECT secret_column FROM sample'))
      expect(fault.code).toBe('STORE_FAILED')
      expect(fault.message).not.toContain('secret_column')
      expect(String(fault.cause)).toContain('secret_column')
    })

    it('ends a statement at its deadline, and goes on', async () => {
      const started = performance.now()
      expect(await codeOf(store.query(endless, { timeout: 300 }))).toBe('DEADLINE')
      expect(performance.now() - started).toBeLessThan(5000)
      expect(await ask(sql.echo, 'after')).toEqual([['after']])
    })

    it('ends a statement whose caller has gone, and goes on', async () => {
      const started = performance.now()
      const work = codeOf(store.query(endless, { signal: AbortSignal.timeout(200), timeout: 60_000 }))
      expect(await work).toBe('CLIENT_CLOSED')
      expect(performance.now() - started).toBeLessThan(5000)
      expect(await ask(sql.echo, 'after')).toEqual([['after']])
    })

    it('does not start for a caller who has already gone', async () => {
      expect(await codeOf(store.query(endless, { signal: AbortSignal.abort() }))).toBe('CLIENT_CLOSED')
      expect(await codeOf(store.query(endless, { timeout: 0 }))).toBe('DEADLINE')
    })

    it('never mixes the output of a failed statement into the next answer', async () => {
      const failing = `SELECT ${dialect === 'postgres' ? '1 / (5000 - g) FROM generate_series(1, 100000) AS g' : 'throwIf(number = 500000) FROM numbers(1000000)'}`
      for (let turn = 0; turn < 5; turn++) {
        expect(await codeOf(ask(failing))).toBe('STORE_FAILED')
        expect(await ask(sql.echo, `turn ${turn}`)).toEqual([[`turn ${turn}`]])
      }
    })

    it('answers others while many statements are given up', async () => {
      const given = Array.from({ length: 6 }, () => codeOf(store.query(endless, { timeout: 150 })))
      expect(await Promise.all(given)).toEqual(Array.from({ length: 6 }, () => 'DEADLINE'))
      expect(await ask(sql.echo, 'still here')).toEqual([['still here']])
    })

    it('leaves no listener on a signal', async () => {
      const { signal } = new AbortController()
      let listeners = 0
      const count = (change: number) => {
        listeners += change
      }
      const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
      signal.addEventListener = (...parts: Parameters<typeof add>) => [count(1), add(...parts)]
      signal.removeEventListener = (...parts: Parameters<typeof remove>) => [count(-1), remove(...parts)]
      await store.query(statement(dialect, sql.echo, 'x'), { signal })
      expect(listeners).toBe(0)
    })
  })
}
