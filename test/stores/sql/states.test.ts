import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../../src/stores/open.ts'
import type { Cell, Store } from '../../../src/stores/port.ts'
import type { Sql, SqlDialect } from '../../../src/stores/sql/dialect.ts'
import { dialectOf } from '../../../src/stores/sql/dialects.ts'
import { compileStatement } from '../../../src/stores/sql/statement.ts'
import vectors from '../../merge/states.json' with { type: 'json' }
import { bucketOf, wordsOf } from '../../support/sketches.ts'

/** What an engine makes of keys and numbers that travel, against vectors and against arithmetic of our own. */
describe.each([
  ['chDB', 'chdb://memory', { text: 'String', integer: 'Nullable(Int64)', double: 'Float64' }],
  ['PGlite', 'pglite://memory', { text: 'text', integer: 'bigint', double: 'float8' }],
])('states in %s', (name, url, types) => {
  let store: Store
  let dialect: SqlDialect
  beforeAll(async () => {
    store = await openStore(name, url)
    dialect = dialectOf(store.dialect)
    await store.execute(`create table texts (key ${types.text}) ${engineOf(store)}`)
    await store.execute(`create table integers (key ${types.integer}) ${engineOf(store)}`)
    await store.execute(`create table doubles (key ${types.double}) ${engineOf(store)}`)
  })
  afterAll(() => store.close())

  const key = sql.id('key')
  const rows = async (columns: readonly Sql[], table: string, by: readonly Sql[]) => {
    const query = sql`select ${sql.join(columns)} from ${sql.table(table)} group by ${sql.join(by)}`
    const { rows: read } = await store.query(compileStatement(query, dialect))
    return read.map((row) => row.map((cell): Cell => (cell === null ? null : String(cell))))
  }

  it('are the registers and ranks of the vectors', async () => {
    const keys = vectors.registers.map((vector) => vector.key)
    await store.load(
      'texts',
      ['key'],
      keys.map((each) => [each]),
    )
    const { register, rank } = dialect.register(key)
    const expected = vectors.registers.map((vector) => [vector.key, String(vector.register), String(vector.rank)])
    expect((await rows([key, register, rank], 'texts', [key, register])).toSorted(byText)).toEqual(
      expected.toSorted(byText),
    )
  })

  it('are the buckets of the vectors', async () => {
    const values = vectors.buckets.map((vector) => Number(vector.value))
    await store.load(
      'doubles',
      ['key'],
      values.map((each) => [each]),
    )
    const bucket = dialect.histogramBucket(key)
    const read = await rows([key, bucket], 'doubles', [key, bucket])
    const found = new Map(read.map(([value, at]) => [Number(value), Number(at)]))
    for (const [i, value] of values.entries()) {
      expect([value, found.get(value)]).toEqual([value, vectors.buckets[i]?.bucket])
      expect(found.get(value)).toBe(bucketOf(value))
    }
  })

  it('are the words of integers, whatever their sign', async () => {
    const ends = [-(2n ** 63n), -(2n ** 63n) + 1n, 2n ** 63n - 1n, 2n ** 32n, -(2n ** 32n)]
    const near = Array.from({ length: 400 }, (_, i) => BigInt(i * 3 - 500))
    await store.load('integers', ['key'], [[null], ...[...ends, ...near, ...near].map((id) => [String(id)])])
    const { index, bits } = dialect.word(key)
    const read = await rows([index, bits], 'integers', [index])
    expect(read.toSorted(byText)).toEqual([[null, null], ...wordsOf([...ends, ...near])].toSorted(byText))
  })
})

function engineOf({ dialect }: Store): string {
  return dialect === 'clickhouse' ? 'engine = Memory' : ''
}

function byText(a: readonly Cell[], b: readonly Cell[]): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
