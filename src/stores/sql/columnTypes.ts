import { sql } from 'kysely'
import { Fault } from '../../base/faults.ts'
import type { Measure, Source, SourceExpression } from '../../catalog/catalog.ts'
import type { ResultSet, Store } from '../port.ts'
import type { Sql } from './dialect.ts'
import { dialectOf } from './dialects.ts'
import { expressionSql } from './facts.ts'
import { type ColumnTypes, NO_TYPES, type NumberKind, typeKey } from './numberKind.ts'

const known = new WeakMap<Store, Map<Source, Promise<ColumnTypes>>>()

/**
 * Asks a store once what the measures of a source are. ClickHouse sums 64-bit integers and wide decimals into their own
 * type and wraps in silence; in both, distinct integers travel as bits. Rejects as the store does, and asks again then:
 * a sum of unknown columns could be a wrong number.
 */
export function columnTypesOf(source: Source, store: Store): Promise<ColumnTypes> {
  const ofStore = known.get(store) ?? new Map<Source, Promise<ColumnTypes>>()
  known.set(store, ofStore)
  const cached = ofStore.get(source)
  if (cached !== undefined) return cached
  const asked = describe(source, store).catch((error: unknown) => {
    ofStore.delete(source)
    // PostgreSQL loses nothing by what is not known of its columns: keys then travel as text.
    if (store.dialect === 'postgres' && error instanceof Fault && error.code === 'STORE_FAILED') return NO_TYPES
    throw error
  })
  ofStore.set(source, asked)
  return asked
}

async function describe(source: Source, store: Store): Promise<ColumnTypes> {
  const expressions = [...source.measures.values()].flatMap(expressionsOf)
  if (expressions.length === 0) return NO_TYPES
  const names = store.dialect === 'postgres' ? postgresTypes : clickHouseTypes
  const types = await names(expressions, source, store)
  return new Map(
    types.flatMap((type, i) => {
      const kind = store.dialect === 'postgres' ? postgresKind(type) : clickHouseKind(type)
      const of = expressions[i]
      return kind === undefined || of === undefined ? [] : [[typeKey(of), kind] as const]
    }),
  )
}

/** The types of expressions as ClickHouse names them. */
async function clickHouseTypes(
  expressions: readonly SourceExpression[],
  { table }: Source,
  store: Store,
): Promise<string[]> {
  const columns = expressions.map((of, i) => sql`${expressionSql(of)} as ${sql.id(`value_${i}`)}`)
  const rows = await ask(sql`describe (select ${sql.join(columns)} from ${sql.table(table)})`, store)
  return rows.map((row) => String(row[1]))
}

/** The same in PostgreSQL, which tells the type of what is never computed. */
async function postgresTypes(
  expressions: readonly SourceExpression[],
  { table }: Source,
  store: Store,
): Promise<string[]> {
  const types = expressions.map((of) => sql`pg_typeof((select ${expressionSql(of)} from ${sql.table(table)} limit 0))`)
  const [row = []] = await ask(sql`select ${sql.join(types)}`, store)
  return row.map(String)
}

async function ask(query: Sql, store: Store): Promise<ResultSet['rows']> {
  const { sql: text } = query.compile(dialectOf(store.dialect).compiler)
  return (await store.query({ dialect: store.dialect, text, params: [] }, { timeout: 10_000 })).rows
}

function expressionsOf(measure: Measure): SourceExpression[] {
  return measure.kind === 'average' ? [measure.sum, measure.count] : [measure.expression]
}

/** Reads a ClickHouse type name. */
function clickHouseKind(type: string): NumberKind | undefined {
  const bare = type.replace(/^LowCardinality\((.*)\)$/, '$1').replace(/^Nullable\((.*)\)$/, '$1')
  const integer = /^U?Int(\d+)$/.exec(bare)
  if (integer !== null || bare === 'Bool') return { kind: 'integer', inWords: Number(integer?.[1]) <= 64 }
  if (/^(Float|BFloat)\d+$/.test(bare)) return { kind: 'float' }
  const decimal = /^Decimal\((\d+), (\d+)\)$/.exec(bare)
  if (decimal === null) return undefined
  return { kind: 'decimal', scale: Number(decimal[2]), wide: Number(decimal[1]) > 18 }
}

const POSTGRES_INTEGERS: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint'])

/** PostgreSQL sums into numeric whatever it is: only integers need to be known. */
function postgresKind(type: string): NumberKind | undefined {
  return POSTGRES_INTEGERS.has(type) ? { kind: 'integer', inWords: true } : undefined
}
