import type { Cell } from '../../../src/stores/port.ts'
import type { Random } from '../../support/random.ts'
import { DATE, INSTANT, LONG, MONEY, TEXT, VERSION } from '../columns.ts'
import type { Table } from '../eventTable.ts'
import type { EngineName, StoreName } from '../model.ts'
import { textOf } from '../oracle/exact.ts'
import { makeFact } from './generate/data.ts'
import type { Dataset, Fact, ProcessModel } from './model.ts'

/** The batch stands in ClickHouse, the stream in PostgreSQL. */
export const ENGINES = { offline: 'clickhouse', realtime: 'postgres' } as const satisfies Record<StoreName, EngineName>

export function tableName(dataset: Dataset, of: string, store: StoreName): string {
  return `algebra_${dataset.id}_${of}_${store}`
}

interface Row {
  readonly fact: Fact
  readonly version: number
}

/** Tables by the store they stand in. What is not true is made here, as nothing but the tables knows of it. */
export function tablesOf(random: Random, dataset: Dataset): (readonly [StoreName, Table])[] {
  const stores: readonly StoreName[] = ['offline', 'realtime']
  return stores.flatMap((store) => [
    [store, userTable(dataset, store)] as const,
    ...dataset.processes.map((process) => [store, eventTable(random, dataset, process, store)] as const),
  ])
}

function userTable(dataset: Dataset, store: StoreName): Table {
  const engine = ENGINES[store]
  return {
    name: tableName(dataset, 'user', store),
    columns: [
      ['id', engine === 'clickhouse' ? 'Int64' : 'bigint'],
      ['tier', engine === 'clickhouse' ? 'Nullable(String)' : 'text'],
    ],
    rows: dataset.users.map(({ key, tier }) => [String(key), tier]),
    clickhouse: 'Memory',
  }
}

function eventTable(random: Random, dataset: Dataset, process: ProcessModel, store: StoreName): Table {
  const engine = ENGINES[store]
  const isClickhouse = engine === 'clickhouse'
  const text = isClickhouse ? 'Nullable(String)' : 'text'
  const rows = store === 'offline' ? batchRows(random, process, dataset) : streamRows(random, process, dataset)
  return {
    name: tableName(dataset, process.name, store),
    columns: [
      ['event_id', TEXT[engine]],
      ['at', INSTANT[engine]],
      ['paid', isClickhouse ? "Nullable(DateTime64(6,'UTC'))" : INSTANT[engine]],
      ['day', DATE[engine]],
      ['pv', VERSION[engine]],
      ['channel', text],
      ['region', text],
      ['user_id', LONG[engine]],
      ['is_flag', isClickhouse ? 'Nullable(Bool)' : 'boolean'],
      ['size_n', LONG[engine]],
      ['amount', MONEY[engine]],
    ],
    rows: random
      .shuffled(rows.flatMap((row) => (process.unique && random.chance(0.2) ? [row, row] : [row])))
      .map(cells),
    clickhouse: random.pick(['Memory', 'MergeTree order by at']),
  }
}

function cells({ fact, version }: Row): readonly Cell[] {
  const { id, at, paid, day, channel, region, user, flag, size, amount } = fact
  const money = amount === null ? null : textOf({ units: amount, scale: 2 })
  const number = (value: number | null) => (value === null ? null : String(value))
  return [
    id,
    timeText(at),
    paid === null ? null : timeText(paid),
    day,
    version,
    channel,
    region,
    number(user),
    flag,
    number(size),
    money,
  ]
}

function timeText(microseconds: number): string {
  const whole = Math.floor(microseconds / 1000)
  return new Date(whole)
    .toISOString()
    .replace('T', ' ')
    .replace('Z', String(microseconds - whole * 1000).padStart(3, '0'))
}

function batchRows(random: Random, process: ProcessModel, dataset: Dataset): Row[] {
  return [...process.kinds].flatMap(([day, kind]) => {
    const truth = process.versions.get(day) ?? 1
    const wrong = [1, 2, 3].filter((version) => (kind === 'staged' || version !== truth) && random.chance(0.25))
    return [
      ...(kind === 'staged'
        ? []
        : process.facts.filter((fact) => fact.day === day).map((fact) => ({ fact, version: truth }))),
      ...wrong.map((version) => ({ fact: wrongFact(random, process, day, dataset, `batch${version}`), version })),
    ]
  })
}

function streamRows(random: Random, process: ProcessModel, dataset: Dataset): Row[] {
  const late = [...process.kinds].filter(([, kind]) => kind === 'late')
  return [
    ...process.facts.map((fact) => ({ fact, version: 0 })),
    ...late.map(([day]) => ({ fact: wrongFact(random, process, day, dataset, 'stream'), version: 0 })),
  ]
}

/** Far larger than anything true. */
function wrongFact(random: Random, { name, zone }: ProcessModel, day: string, { now }: Dataset, of: string): Fact {
  return { ...makeFact(random, `wrong-${name}-${day}-${of}`, day, zone, now), amount: 77_777_700n, size: 7777 }
}
