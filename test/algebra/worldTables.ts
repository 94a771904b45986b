import type { Cell, Store } from '../../src/stores/port.ts'
import { HOLE, isSplit, LAST_PUBLISHED, MISSING_CALLS, SECOND_VERSIONS, type SetUpName } from './setUps.ts'

/** Tables of dimensions and the like: the same in every store. */
const PLAIN_TABLES = [
  'dim_customer',
  'dim_channel',
  'dim_user',
  'dim_country',
  'dim_continent',
  'dim_shop',
  'dim_city',
  'dim_warehouse',
  'order_item',
  'fiscal_calendar',
]

/** A table of facts, and how a row of it that must not count is made from one that does. */
interface FactTable {
  readonly table: string
  /** The business day of a row, in PostgreSQL's SQL. */
  readonly day: string
  /** Column -> what a wrong row holds instead, in PostgreSQL's SQL. */
  readonly wrong: Readonly<Record<string, string>>
  /** Columns that move when a wrong row is put on another day. */
  readonly times: readonly string[]
  /** Wrong rows for days that have none: those of `from`, `by` days later. */
  readonly ghosts?: readonly { readonly from: string; readonly by: number }[]
  readonly unique: boolean
  readonly publishedEverywhere?: true
  readonly batchOnly?: true
}

const inShanghai = (column: string): string => `(${column} AT TIME ZONE 'Asia/Shanghai')::date`
const inUtc = (column: string): string => `(${column} AT TIME ZONE 'UTC')::date`

const FACT_TABLES: readonly FactTable[] = [
  {
    table: 'orders',
    day: inShanghai('ordered_at'),
    wrong: {
      order_id: 'order_id + 1000000',
      amount: 'coalesce(amount, 0) + 5000',
      is_gift: 'is_gift IS NOT TRUE',
      size: 'coalesce(size, 0) + 60',
    },
    times: ['ordered_at', 'paid_at', 'ds'],
    ghosts: [
      { from: '2026-11-04', by: 1 },
      { from: '2026-11-13', by: 1 },
    ],
    unique: true,
  },
  {
    table: 'visits',
    day: inUtc('visited_at'),
    wrong: { visit_id: 'visit_id + 1000000', product: "'p1'" },
    times: ['visited_at'],
    ghosts: [{ from: '2026-11-04', by: 1 }],
    unique: true,
  },
  {
    table: 'buys',
    day: inUtc('bought_at'),
    wrong: { buy_id: 'buy_id + 1000000', price: 'price + 5000' },
    times: ['bought_at'],
    ghosts: [{ from: '2026-11-07', by: 1 }],
    unique: true,
  },
  {
    table: 'sessions',
    day: inUtc('started_at'),
    wrong: {
      session_id: 'session_id + 1000000',
      duration: 'coalesce(duration, 0) + 500',
      pages: 'coalesce(pages, 0) + 50',
    },
    times: ['started_at'],
    unique: true,
  },
  {
    table: 'session_day',
    day: 'day',
    wrong: { sessions: 'sessions + 500', duration: 'coalesce(duration, 0) + 5000' },
    times: ['day'],
    unique: false,
    batchOnly: true,
  },
  {
    table: 'stock',
    day: inShanghai('counted_at'),
    wrong: { stock_id: 'stock_id + 1000000', quantity: 'coalesce(quantity, 0) + 5000' },
    times: ['counted_at'],
    ghosts: [{ from: '2026-11-12', by: 1 }],
    unique: true,
  },
  {
    table: 'costs',
    day: 'day',
    wrong: { cost: 'cost + 5000', clicks: 'clicks + 5000', top_bid: 'top_bid + 500' },
    times: ['day', 'at'],
    unique: false,
  },
  {
    table: 'calls',
    day: inShanghai('called_at'),
    wrong: { call_id: 'call_id + 1000000', minutes: 'minutes + 5000' },
    times: ['called_at'],
    ghosts: [
      { from: '2026-11-08', by: 1 },
      { from: '2026-11-12', by: 1 },
    ],
    unique: true,
    publishedEverywhere: true,
  },
]

/** The first day of each source that is published by day. */
export const SINCE: Readonly<Record<string, string>> = {
  orders: '2023-12-25',
  visits: '2025-05-26',
  buys: '2025-05-26',
  sessions: '2026-10-01',
  session_day: '2026-10-01',
  stock: '2026-10-01',
  costs: '2026-10-01',
  calls: '2026-10-20',
}

/** The source names that are published by day in a set-up. */
export function publishedSources(setUp: SetUpName): string[] {
  return FACT_TABLES.filter((each) => isSplit(setUp) || each.publishedEverywhere).map(({ table }) => table)
}

/** The published version of a source's day; undefined = none. */
export function versionOf(source: string, day: string, setUp: SetUpName): number | undefined {
  if (day > LAST_PUBLISHED || day < (SINCE[source] ?? '')) return undefined
  if (source === 'calls' && day === MISSING_CALLS) return undefined
  if (setUp === 'hole' && source !== 'calls' && day === HOLE) return undefined
  return SECOND_VERSIONS.has(day) ? 2 : 1
}

/** Fills the stores of a set-up from the tables of truth, with rows that must not count on purpose. */
export async function fillStores(truth: Store, stores: ReadonlyMap<string, Store>, setUp: SetUpName): Promise<void> {
  const all = [...stores.values()]
  for (const table of PLAIN_TABLES) {
    const copy = await readTable(truth, table)
    for (const store of all) await write(store, table, copy.columns, copy.rows)
  }
  for (const facts of FACT_TABLES) await fillFacts(facts, truth, stores, setUp)
}

async function fillFacts(
  facts: FactTable,
  truth: Store,
  stores: ReadonlyMap<string, Store>,
  setUp: SetUpName,
): Promise<void> {
  const right = await readTable(truth, facts.table, facts)
  const first = stores.get('realtime') ?? storeOf(stores, 'offline')
  if (!isSplit(setUp) && !facts.publishedEverywhere) {
    await write(first, facts.table, right.columns, right.rows.map(withoutDay))
    return
  }
  const wrong = await readWrong(truth, facts)
  const { batch, stream } = spread(facts, right.rows, wrong, setUp)
  const version = { name: 'pv', type: 'bigint' }
  const [offline, realtime] = isSplit(setUp)
    ? [storeOf(stores, 'offline'), storeOf(stores, 'realtime')]
    : [first, first]
  await write(offline, `${facts.table}_batch`, [...right.columns, version], batch)
  if (!facts.batchOnly) await write(realtime, facts.table, right.columns, stream)
}

/**
 * Which rows stand where. A day that is published has its rows under the published version, wrong rows under another
 * one, and in real time its rows beside wrong ones. A day that is not has its rows in real time, twice where repeated
 * rows are read once, and wrong rows offline.
 */
function spread(
  facts: FactTable,
  right: readonly Row[],
  wrong: readonly Row[],
  setUp: SetUpName,
): { batch: Cell[][]; stream: Cell[][] } {
  const batch: Cell[][] = []
  const stream: Cell[][] = []
  const versionAt = (row: Row): number | undefined => versionOf(facts.table, String(row[0]), setUp)
  for (const row of right) {
    const version = versionAt(row)
    if (version !== undefined) batch.push([...withoutDay(row), version])
    stream.push(withoutDay(row))
    if (version === undefined && facts.unique) stream.push(withoutDay(row))
  }
  for (const row of wrong) {
    const version = versionAt(row)
    const gone = facts.table === 'calls' && row[0] === MISSING_CALLS
    for (const other of [1, 2, 3]) if (other !== version) batch.push([...withoutDay(row), other])
    if (version !== undefined || gone) stream.push(withoutDay(row))
  }
  return { batch, stream }
}

/** The business day first, then the columns of the table. */
type Row = readonly Cell[]

const withoutDay = (row: Row): Cell[] => row.slice(1)

interface Column {
  readonly name: string
  /** As PostgreSQL calls it. */
  readonly type: string
}

interface Copy {
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

async function readTable(truth: Store, table: string, facts?: FactTable): Promise<Copy> {
  const columns = await columnsOf(truth, table)
  const list = columns.map(asText).join(', ')
  const day = facts === undefined ? '' : `(${facts.day})::text, `
  const { rows } = await truth.query({ dialect: 'postgres', text: `SELECT ${day}${list} FROM ${table}`, params: [] })
  return { columns, rows }
}

/** A wrong row for each that is right, and for days that have none. */
async function readWrong(truth: Store, facts: FactTable): Promise<readonly Row[]> {
  const columns = await columnsOf(truth, facts.table)
  const spoilt = columns.map((column) => `${facts.wrong[column.name] ?? column.name} AS ${column.name}`)
  const moves = (facts.ghosts ?? []).map(({ from, by }) => {
    const moved = columns.map(({ name }) => {
      const value = facts.wrong[name] ?? name
      if (name.endsWith('_id') && facts.wrong[name] !== undefined) return `${value} + 1000000 AS ${name}`
      return facts.times.includes(name) ? `${value} + ${by} * interval '1 day' AS ${name}` : `${value} AS ${name}`
    })
    return `SELECT ${moved.join(', ')} FROM ${facts.table} WHERE ${facts.day} = '${from}'`
  })
  const all = [`SELECT ${spoilt.join(', ')} FROM ${facts.table}`, ...moves].join(' UNION ALL ')
  const text = `SELECT (${facts.day})::text, ${columns.map(asText).join(', ')} FROM (${all}) AS wrong`
  return (await truth.query({ dialect: 'postgres', text, params: [] })).rows
}

async function columnsOf(truth: Store, table: string): Promise<readonly Column[]> {
  const columns = await truth.describe(table)
  if (columns === undefined) throw new Error(`the truth has no table ${table}`)
  return columns
}

/** A cell as text that both dialects read; an instant in UTC. */
function asText({ name, type }: Column): string {
  if (type.startsWith('timestamp with')) return `to_char(${name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS')`
  return type === 'date' ? `to_char(${name}, 'YYYY-MM-DD')` : `(${name})::text`
}

async function write(store: Store, table: string, columns: readonly Column[], rows: readonly Row[]): Promise<void> {
  const types = columns.map(({ name, type }) => `${name} ${typeIn(store, type)}`).join(', ')
  const engine = store.dialect === 'clickhouse' ? ' ENGINE = MergeTree ORDER BY tuple()' : ''
  await store.execute(`CREATE TABLE ${table} (${types})${engine}`)
  const zoned = columns.map(({ type }) => store.dialect === 'postgres' && type.startsWith('timestamp with'))
  const cells = rows.map((row) => row.map((cell, i) => (cell !== null && zoned[i] ? `${cell}+00` : cell)))
  await store.load(
    table,
    columns.map(({ name }) => name),
    cells,
  )
}

/** PostgreSQL's type as that of a store; every column may be null. */
function typeIn(store: Store, type: string): string {
  if (store.dialect === 'postgres') return type
  if (type === 'bigint') return 'Nullable(Int64)'
  if (type === 'date') return 'Nullable(Date)'
  if (type === 'boolean') return 'Nullable(Bool)'
  if (type === 'double precision') return 'Nullable(Float64)'
  if (type.startsWith('timestamp with')) return "Nullable(DateTime64(3, 'UTC'))"
  return type.startsWith('numeric') ? `Nullable(${type.replace('numeric', 'Decimal')})` : 'Nullable(String)'
}

function storeOf(stores: ReadonlyMap<string, Store>, name: string): Store {
  const store = stores.get(name)
  if (store === undefined) throw new Error(`the set-up has no store ${name}`)
  return store
}
