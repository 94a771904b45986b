import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../../src/stores/open.ts'
import type { Cell, Store } from '../../../src/stores/port.ts'
import type { Sql, SqlDialect } from '../../../src/stores/sql/dialect.ts'
import { dialectOf } from '../../../src/stores/sql/dialects.ts'
import { compileStatement } from '../../../src/stores/sql/statement.ts'
import vectors from '../../merge/states.json' with { type: 'json' }
import { blocksOf, bucketOf, registersOf, wordsOf } from '../../support/sketches.ts'

/** What an engine makes of keys and numbers that travel, against vectors and against arithmetic of our own. */
describe.each([
  ['chDB', 'chdb://memory', { text: 'String', integer: 'Nullable(Int64)', double: 'Float64' }],
  ['PGlite', 'pglite://memory', { text: 'text', integer: 'bigint', double: 'float8' }],
])('states in %s', (name, url, types) => {
  let store: Store
  let dialect: SqlDialect
  const [key, sketch, hash] = [sql.id('key'), sql.id('sketch'), sql.id('hash')]
  /** Texts with their hashes. */
  let hashed: Sql
  beforeAll(async () => {
    store = await openStore(name, url)
    dialect = dialectOf(store.dialect)
    hashed = sql`(select key, ${dialect.hashes(key, sketch, hash)} from texts) as f`
    await store.execute(`create table texts (key ${types.text}) ${engineOf(store)}`)
    await store.execute(`create table integers (key ${types.integer}) ${engineOf(store)}`)
    await store.execute(`create table doubles (key ${types.double}) ${engineOf(store)}`)
  })
  afterAll(() => store.close())

  const textsOf = async (query: Sql) => {
    const { rows: read } = await store.query(compileStatement(query, dialect))
    return read.map((row) => row.map((cell): Cell => (cell === null ? null : String(cell))))
  }
  const rows = (columns: readonly Sql[], table: string, by: readonly Sql[]) =>
    textsOf(sql`select ${sql.join(columns)} from ${sql.table(table)} group by ${sql.join(by)}`)

  it('are the registers and ranks of the vectors', async () => {
    const keys = vectors.registers.map((vector) => vector.key)
    await store.load(
      'texts',
      ['key'],
      keys.map((each) => [each]),
    )
    const told = async (of: number) => {
      const { register, rank } = dialect.register(sketch, hash)
      const query = sql`select key, ${register}, ${rank} from ${hashed} where sketch = ${sql.lit(of)} group by key, ${register}`
      return (await textsOf(query)).toSorted(byText)
    }
    const first = vectors.registers.map((vector) => [vector.key, String(vector.register), String(vector.rank)])
    expect(await told(0)).toEqual(first.toSorted(byText))
    const second = keys.map((each) => [each, ...Object.values(registersOf(each)[1]).map(String)])
    expect(await told(1)).toEqual(second.toSorted(byText))
  })

  it('are the registers of all keys by blocks', async () => {
    const { register, rank } = dialect.register(sketch, hash)
    const { block, registers } = dialect.block(sql.id('register'), sql.id('rank'))
    const ranks = sql`(select ${register} as register, ${rank} as rank from ${hashed} group by ${register}) as r`
    const read = await textsOf(sql`select ${block} as block, ${registers} as registers from ${ranks} group by ${block}`)
    const inOrder = (row: readonly Cell[]) => [
      String(row[0]),
      (String(row[1]).toLowerCase().match(/.{4}/g) ?? []).toSorted().join(' '),
    ]
    const expected = blocksOf(vectors.registers.flatMap((vector) => registersOf(vector.key))).map(inOrder)
    expect(read.map(inOrder).toSorted(byText)).toEqual(expected.toSorted(byText))
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
