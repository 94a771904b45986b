import type { DialectName, Store } from '../stores/port.ts'
import { ZONE } from './day.ts'

/** The types our columns need, by the name they have here. */
const TYPES = {
  day: { clickhouse: 'Date', postgres: 'date' },
  version: { clickhouse: 'UInt32', postgres: 'integer' },
  instant: { clickhouse: "DateTime64(3, 'UTC')", postgres: 'timestamptz' },
  id: { clickhouse: 'UInt32', postgres: 'integer' },
  longId: { clickhouse: 'UInt64', postgres: 'bigint' },
  count: { clickhouse: 'UInt64', postgres: 'bigint' },
  money: { clickhouse: 'Decimal(18, 2)', postgres: 'numeric(18,2)' },
  /** Text of few different values. */
  word: { clickhouse: 'LowCardinality(String)', postgres: 'text' },
  text: { clickhouse: 'String', postgres: 'text' },
} as const satisfies Record<string, Record<DialectName, string>>

/** A trailing `?` allows null. */
type ColumnType = keyof typeof TYPES | `${keyof typeof TYPES}?`

/** One table of the sample, in either dialect. Names need no quotes in either. */
export interface Table {
  readonly name: string
  readonly columns: Readonly<Record<string, ColumnType>>
  /** ClickHouse: partitions; a statement may touch 100 at most. */
  readonly partitionBy?: string
  /** ClickHouse: the order of rows; PostgreSQL: an index. */
  readonly orderBy: readonly string[]
}

const EVENT = {
  advertiser_id: 'id',
  campaign_id: 'id',
  channel: 'word',
  product_id: 'id',
  region_code: 'word?',
} as const
/** Visits that no click brought have no campaign. */
const VISIT = { ...EVENT, campaign_id: 'id?', attribution: 'word' } as const
const SALE = { ...VISIT, buyer_type: 'word' } as const

const AD = { event_id: 'longId', kind: 'word', viewer_id: 'id', ...EVENT, cost: 'money' } as const
const CONSULTATION = { consultation_id: 'longId', buyer_id: 'id', ...VISIT } as const
const ORDER = { order_id: 'longId', buyer_id: 'id', ...SALE, amount: 'money' } as const
const PAYMENT = { payment_id: 'longId', order_id: 'longId', buyer_id: 'id', ...SALE, amount: 'money' } as const

type Columns = Table['columns']

function batch(name: string, columns: Columns): Table {
  const partitioned = { day: 'day', pv: 'version', ...columns } as const
  return { name, columns: partitioned, partitionBy: '(day, pv)', orderBy: ['day', 'pv', 'advertiser_id'] }
}

function batchEvents(name: string, columns: Columns): Table {
  return batch(name, { occurred_at: 'instant', ...columns })
}

/** The business day of a real-time row, in ClickHouse. */
export const STREAM_PARTITION = `toDate(occurred_at, '${ZONE}')`

function stream(name: string, columns: Columns): Table {
  const timed = { occurred_at: 'instant', arrived_at: 'instant', ...columns } as const
  return { name, columns: timed, partitionBy: STREAM_PARTITION, orderBy: ['occurred_at'] }
}

/** Offline: complete days, a version each; `dwd_` is one row an event, `dws_` one row a day and group. */
export const OFFLINE = {
  ads: batchEvents('dwd_ad_event', AD),
  consultations: batchEvents('dwd_consultation', CONSULTATION),
  orders: batchEvents('dwd_order', ORDER),
  payments: batchEvents('dwd_payment', PAYMENT),
  adDays: batch('dws_ad_delivery_day', { ...EVENT, exposures: 'count', clicks: 'count', cost: 'money' }),
  orderDays: batch('dws_order_day', {
    ...SALE,
    orders: 'count',
    gmv: 'money',
    largest_amount: 'money',
    smallest_amount: 'money',
  }),
} as const

/** Real time: events as they arrive, the last days of them. */
export const REALTIME = {
  ads: stream('ad_event', AD),
  consultations: stream('consultation_event', CONSULTATION),
  orders: stream('order_event', ORDER),
  payments: stream('payment_event', PAYMENT),
} as const

/** In both stores. */
export const DIMENSIONS = {
  advertisers: {
    name: 'dim_advertiser',
    columns: { advertiser_id: 'id', name: 'text', industry: 'word', tier: 'word', region: 'word' },
    orderBy: ['advertiser_id'],
  },
  campaigns: {
    name: 'dim_campaign',
    columns: { campaign_id: 'id', name: 'text', objective: 'word' },
    orderBy: ['campaign_id'],
  },
  products: {
    name: 'dim_product',
    columns: { product_id: 'id', name: 'text', category: 'word' },
    orderBy: ['product_id'],
  },
} as const satisfies Record<string, Table>

/** Creates what is missing. */
export async function createTables(store: Store, tables: Iterable<Table>): Promise<void> {
  for (const table of tables) for (const text of ddl(table, store.dialect)) await store.execute(text)
}

/** The statements that create a table if it is missing, one by one. */
export function ddl(table: Table, dialect: DialectName): string[] {
  const columns = Object.entries(table.columns).map(([name, type]) => `${name} ${columnType(type, dialect)}`)
  const create = `CREATE TABLE IF NOT EXISTS ${table.name} (${columns.join(', ')})`
  const order = table.orderBy.join(', ')
  if (dialect === 'postgres') return [create, `CREATE INDEX IF NOT EXISTS ${table.name}_by ON ${table.name} (${order})`]
  const partitions = table.partitionBy === undefined ? '' : ` PARTITION BY ${table.partitionBy}`
  return [`${create} ENGINE = MergeTree${partitions} ORDER BY (${order})`]
}

function columnType(type: ColumnType, dialect: DialectName): string {
  const nullable = type.endsWith('?')
  const bare = TYPES[(nullable ? type.slice(0, -1) : type) as keyof typeof TYPES][dialect]
  if (dialect === 'postgres') return nullable ? bare : `${bare} NOT NULL`
  if (!nullable) return bare
  const inner = /^LowCardinality\((.*)\)$/.exec(bare)?.[1]
  return inner === undefined ? `Nullable(${bare})` : `LowCardinality(Nullable(${inner}))`
}
