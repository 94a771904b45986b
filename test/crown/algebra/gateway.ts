import { fixedClock } from '../../../src/base/clock.ts'
import { Fault } from '../../../src/base/faults.ts'
import { parseDay } from '../../../src/base/time.ts'
import type { Catalog as BuiltCatalog } from '../../../src/catalog/catalog.ts'
import { compileCatalog, formatFault } from '../../../src/catalog/compile.ts'
import { answerAll } from '../../../src/gateway/answer.ts'
import type { Answer, Column } from '../../../src/gateway/answerTypes.ts'
import { OPEN_CALLER } from '../../../src/gateway/caller.ts'
import { createGateway, type Gateway } from '../../../src/gateway/gateway.ts'
import { StoreHealth } from '../../../src/gateway/health.ts'
import type { Value } from '../../../src/merge/value.ts'
import { readQuestion } from '../../../src/query/readQuestion.ts'
import { completenessOf, type Snapshot } from '../../../src/route/snapshot.ts'
import type { Engines } from '../gatewayOf.ts'
import { textOf } from '../oracle/exact.ts'
import { catalogTexts } from './catalogTexts.ts'
import type { Cell, Table } from './compare.ts'
import type { Asked, Catalog, Dataset, Moment } from './model.ts'
import { ENGINES } from './tables.ts'

const DEADLINE_MS = 60_000

export function gatewayAt(dataset: Dataset, moment: Moment, catalog: Catalog, engines: Engines): Gateway {
  const clock = fixedClock(dataset.now)
  const built = compiled(dataset, moment, catalog)
  const snapshot = snapshotAt(dataset, moment)
  return createGateway({
    catalog: () => built,
    stores: new Map(Object.entries(ENGINES).map(([store, engine]) => [store, engines[engine]])),
    clock,
    snapshot: () => snapshot,
    health: new StoreHealth(clock),
    deadline: DEADLINE_MS,
  })
}

function compiled(dataset: Dataset, moment: Moment, catalog: Catalog): BuiltCatalog {
  const result = compileCatalog(catalogTexts(dataset, moment, catalog))
  if (result.ok) return result.catalog
  throw new Error(result.faults.map(formatFault).join('\n'))
}

function snapshotAt({ processes }: Dataset, { published }: Moment): Snapshot {
  const sources = processes.map(({ name, versions }) => {
    const days = [...(published.get(name) ?? [])].map(
      (day) => [parseDay(day) ?? Number.NaN, versions.get(day) ?? 1] as const,
    )
    return [`${name}_batch`, completenessOf(new Map(days))] as const
  })
  return { epoch: 1, sources: new Map(sources) }
}

/** Each question's answer, the code of its refusal, or what broke. */
export async function ask(questions: readonly Asked[], gateway: Gateway): Promise<(Table | string)[]> {
  try {
    const outcomes = await answerAll(questions.map(readQuestion), OPEN_CALLER, gateway)
    return outcomes.map((outcome) => (outcome instanceof Fault ? described(outcome) : tableOf(outcome)))
  } catch (error) {
    if (questions.length > 1) return (await Promise.all(questions.map((each) => ask([each], gateway)))).flat()
    return questions.map(() => described(error))
  }
}

function described(error: unknown): string {
  if (error instanceof Fault && error.code === 'NOT_FINAL') return error.code
  const cause = error instanceof Error && error.cause instanceof Error ? `\n  ${error.cause.stack}` : ''
  if (error instanceof Fault) return `crash: ${error.code} ${JSON.stringify(error.errors)}${cause}`
  return `crash: ${error instanceof Error ? error.stack : String(error)}${cause}`
}

function tableOf({ columns, values, rowCount, totals, subtotals, truncated }: Answer): Table {
  const rows = (of: readonly Column[], cells: readonly (readonly Value[])[], count: number) =>
    Array.from({ length: count }, (_, row) => of.map((_column, i) => plain(cells[i]?.[row] ?? null)))
  return {
    columns: columns.map(({ name }) => name),
    rows: rows(columns, values, rowCount),
    totals: totals === undefined ? undefined : [...totals.values.map(plain), totals.finality],
    subtotals: (subtotals ?? []).map((each) => ({
      columns: each.columns.map(({ name }) => name),
      rows: rows(each.columns, each.values, each.rowCount),
    })),
    truncated,
  }
}

function plain(value: Value): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  return typeof value === 'object' ? textOf(value) : typeof value === 'bigint' ? String(value) : value
}
