import type { DimensionName, EngineName, ProcessModel } from './model.ts'

/** How a dimension's key is called in the tables of facts: never as the dimension, once a reserved word's neighbour. */
export const KEY_COLUMN: Readonly<Record<DimensionName, string>> = {
  channel: 'ch',
  advertiser: 'advertiser_id',
  due: 'due_on',
  trial: 'is trial',
}
export const VIEWER_COLUMN = 'user'

/** Column types by engine. Every column that can be null may be. */
export function keyType(name: DimensionName, engine: EngineName): string {
  const types = {
    channel: { clickhouse: 'Nullable(String)', postgres: 'text' },
    advertiser: { clickhouse: 'Nullable(Int64)', postgres: 'bigint' },
    due: { clickhouse: 'Nullable(Date32)', postgres: 'date' },
    trial: { clickhouse: 'Nullable(Bool)', postgres: 'boolean' },
  } as const
  return types[name][engine]
}

export function viewerColumnType({ viewerType }: ProcessModel, engine: EngineName): string {
  if (viewerType === 'string') return engine === 'clickhouse' ? 'Nullable(String)' : 'text'
  return engine === 'clickhouse' ? 'Nullable(Int64)' : 'bigint'
}

/** Sums of 64-bit integers and of money, which are wider than what they sum. */
export const WIDE = { clickhouse: 'Nullable(Int128)', postgres: 'numeric(39,0)' } as const
export const LONG = { clickhouse: 'Nullable(Int64)', postgres: 'bigint' } as const
export const COUNT = { clickhouse: 'UInt64', postgres: 'bigint' } as const
export const MONEY = { clickhouse: 'Nullable(Decimal(18,2))', postgres: 'numeric(18,2)' } as const
export const MUCH_MONEY = { clickhouse: 'Nullable(Decimal(38,2))', postgres: 'numeric(38,2)' } as const
export const DATE = { clickhouse: 'Date', postgres: 'date' } as const
export const VERSION = { clickhouse: 'UInt32', postgres: 'integer' } as const
export const TEXT = { clickhouse: 'String', postgres: 'text' } as const
export const INSTANT = { clickhouse: "DateTime64(6,'UTC')", postgres: 'timestamptz' } as const
