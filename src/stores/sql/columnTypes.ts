import { sql } from 'kysely'
import type { Measure, Source, SourceExpression } from '../../catalog/catalog.ts'
import type { Store } from '../port.ts'
import { dialectOf } from './dialects.ts'
import { expressionSql } from './facts.ts'
import { type ColumnTypes, NO_TYPES, type NumberKind, typeKey } from './numberKind.ts'

const known = new WeakMap<Store, Map<Source, Promise<ColumnTypes>>>()

/**
 * Asks a ClickHouse store once what its measures are: it sums 64-bit integers and wide decimals into their own type and
 * wraps in silence. PostgreSQL sums into numeric and is not asked. Rejects as the store does, and asks again then: a sum
 * of unknown columns could be a wrong number.
 */
export function columnTypesOf(source: Source, store: Store): Promise<ColumnTypes> {
  if (store.dialect !== 'clickhouse') return Promise.resolve(NO_TYPES)
  const ofStore = known.get(store) ?? new Map<Source, Promise<ColumnTypes>>()
  known.set(store, ofStore)
  const cached = ofStore.get(source)
  if (cached !== undefined) return cached
  const asked = describe(source, store).catch((error: unknown) => {
    ofStore.delete(source)
    throw error
  })
  ofStore.set(source, asked)
  return asked
}

async function describe(source: Source, store: Store): Promise<ColumnTypes> {
  const expressions = [...source.measures.values()].flatMap(expressionsOf)
  if (expressions.length === 0) return NO_TYPES
  const columns = expressions.map((of, i) => sql`${expressionSql(of)} as ${sql.id(`value_${i}`)}`)
  const query = sql`describe (select ${sql.join(columns)} from ${sql.table(source.table)})`
  const { sql: text } = query.compile(dialectOf(store.dialect).compiler)
  const { rows } = await store.query({ dialect: store.dialect, text, params: [] }, { timeout: 10_000 })
  return new Map(
    rows.flatMap((row, i) => {
      const kind = kindOf(String(row[1]))
      const of = expressions[i]
      return kind === undefined || of === undefined ? [] : [[typeKey(of), kind] as const]
    }),
  )
}

function expressionsOf(measure: Measure): SourceExpression[] {
  return measure.kind === 'average' ? [measure.sum, measure.count] : [measure.expression]
}

/** Reads a ClickHouse type name. */
function kindOf(type: string): NumberKind | undefined {
  const bare = type.replace(/^LowCardinality\((.*)\)$/, '$1').replace(/^Nullable\((.*)\)$/, '$1')
  if (/^U?Int\d+$/.test(bare) || bare === 'Bool') return { kind: 'integer' }
  if (/^(Float|BFloat)\d+$/.test(bare)) return { kind: 'float' }
  const decimal = /^Decimal\((\d+), (\d+)\)$/.exec(bare)
  if (decimal === null) return undefined
  return { kind: 'decimal', scale: Number(decimal[2]), wide: Number(decimal[1]) > 18 }
}
