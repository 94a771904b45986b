import type { Store } from '../../src/stores/port.ts'
import type { Random } from '../support/random.ts'
import { dayTable } from './dayTable.ts'
import { type EventRow, eventTable, keyCell, type Table } from './eventTable.ts'
import { countOn } from './generate/dataset.ts'
import { makeFacts } from './generate/facts.ts'
import type { Dataset, EngineName, Fact, ProcessModel, SourceModel, StoreName } from './model.ts'

/** The tables of a dataset by the store they stand in; garbage is made here, as nothing but the tables knows of it. */
export function tablesOf(random: Random, dataset: Dataset): (readonly [StoreName, Table])[] {
  const { engines, truthStore, processes } = dataset
  const stores: readonly StoreName[] = ['offline', 'realtime']
  return [
    ...stores.map((store) => [store, advertiserTable(dataset, store)] as const),
    ...processes.flatMap((process) => [
      ...process.sources.map(
        (source) => [source.store, sourceTable(random, source, process, engines[source.store])] as const,
      ),
      [truthStore, truthTable(random, dataset, process, engines[truthStore])] as const,
    ]),
  ]
}

export function advertiserTableName(dataset: Dataset, store: StoreName): string {
  return `crown_${dataset.id}_advertiser_${store}`
}

export function truthTableName(dataset: Dataset, process: ProcessModel): string {
  return `crown_${dataset.id}_${process.name}_truth`
}

function advertiserTable(dataset: Dataset, store: StoreName): Table {
  const clickhouse = dataset.engines[store] === 'clickhouse'
  return {
    name: advertiserTableName(dataset, store),
    columns: [
      ['id', clickhouse ? 'Int64' : 'bigint'],
      ['tier', clickhouse ? 'Nullable(String)' : 'text'],
      ['is_active', clickhouse ? 'Nullable(Bool)' : 'boolean'],
    ],
    rows: dataset.advertisers.map(({ key, tier, active }) => [keyCell(key), tier, active]),
    clickhouse: 'Memory',
  }
}

function truthTable(random: Random, dataset: Dataset, process: ProcessModel, engine: EngineName): Table {
  const layout = { name: truthTableName(dataset, process), dimensions: process.dimensions, day: false, version: false }
  return eventTable(random, layout, process, engine, process.facts.map(untouched))
}

function sourceTable(random: Random, source: SourceModel, process: ProcessModel, engine: EngineName): Table {
  const { table: name, dimensions, dayColumn: day, role } = source
  const rows = role === 'stream' ? streamRows(random, source, process) : batchRows(random, source, process)
  if (role === 'day') return dayTable(random, source, process, engine, rows)
  return eventTable(
    random,
    { name, dimensions, day, version: role === 'event' },
    process,
    engine,
    repeated(random, source, rows),
  )
}

/** The truth of each day under its version; under other versions, and on staged days under any, what is not true. */
function batchRows(random: Random, { versions }: SourceModel, process: ProcessModel): EventRow[] {
  const facts = Map.groupBy(process.facts, (fact) => fact.day)
  return [...process.kinds].flatMap(([day, kind]) => {
    const truth = versions.get(day) ?? 1
    const staged = [1, 2, 3].filter((version) => (kind === 'staged' || version !== truth) && random.chance(0.5))
    return [
      ...(kind === 'staged' ? [] : (facts.get(day) ?? []).map((fact) => ({ fact, version: truth }))),
      ...staged.flatMap((version) =>
        garbage(random, process, day, `${process.name}-${day}`).map((fact) => ({ fact, version })),
      ),
    ]
  })
}

/** The truth of every day; on late days also what is not true. */
function streamRows(random: Random, _source: SourceModel, process: ProcessModel): EventRow[] {
  const late = [...process.kinds].flatMap(([day, kind]) =>
    kind === 'late' ? garbage(random, process, day, `late-${process.name}-${day}`) : [],
  )
  return [...process.facts, ...late].map(untouched)
}

function garbage(random: Random, process: ProcessModel, day: string, prefix: string): Fact[] {
  return makeFacts(random, process.style, day, countOn(random), prefix)
}

function untouched(fact: Fact): EventRow {
  return { fact, version: 0 }
}

/** Where events are told apart by their ids, some come twice or thrice. */
function repeated(random: Random, { unique }: SourceModel, rows: readonly EventRow[]): EventRow[] {
  if (!unique) return [...rows]
  return rows.flatMap((row) =>
    Array.from(
      {
        length: random.weighted([
          [8, 1],
          [2, 2],
          [1, 3],
        ]),
      },
      () => row,
    ),
  )
}

/** Makes and fills the tables in one store. */
export async function loadTables(store: Store, tables: readonly Table[]): Promise<void> {
  for (const { name, columns, rows, clickhouse } of tables) {
    const list = columns.map(([column, type]) => `"${column}" ${type}`).join(', ')
    const suffix = store.dialect === 'clickhouse' ? ` engine = ${clickhouse}` : ''
    await store.execute(`create table ${name} (${list})${suffix}`)
    const names = columns.map(([column]) => column)
    if (rows.length > 0) await store.load(name, names, rows)
  }
}

export async function dropTables(store: Store, tables: readonly Table[]): Promise<void> {
  for (const { name } of tables) await store.execute(`drop table ${name}`)
}
