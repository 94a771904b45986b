import type { Catalog } from '../../catalog/catalog.ts'
import type { NumberType, ValueType } from '../../catalog/schema.ts'
import type { Column, Guess, Guesses } from './guess.ts'
import { takeName, validName } from './names.ts'

/** The parts of a catalog that a table was guessed to be, each under a name of its own. */
export interface ProcessDraft {
  readonly process: string
  readonly source: string
  readonly store: string
  readonly table: string
  readonly domain: string
  readonly zone: string
  readonly time: Column
  readonly otherTimes: readonly Column[]
  readonly key: Column | undefined
  readonly dimensions: readonly DimensionDraft[]
  readonly count: string
  readonly measures: readonly MeasureDraft[]
  readonly unused: readonly Extract<Guess, { role: 'unused' }>[]
}

export interface DimensionDraft {
  readonly name: string
  readonly type: ValueType
  readonly column: Column
  /** The catalog has it already. */
  readonly exists: boolean
}

export interface MeasureDraft {
  /** Of the measure and of its metric. */
  readonly name: string
  readonly column: Column
  readonly agg: 'sum' | 'avg'
  readonly type: NumberType
}

export interface DraftRequest {
  readonly process: string
  readonly store: string
  readonly table: string
  readonly domain: string
  readonly zone: string
}

/** Gives every guess a name that nothing of the catalog has: metrics and dimensions share one row of an answer. */
export function draftProcess(request: DraftRequest, guesses: Guesses, catalog: Catalog | undefined): ProcessDraft {
  const { process, store } = request
  const taken = new Set([...(catalog?.metrics.keys() ?? []), ...(catalog?.dimensions.keys() ?? [])])
  const sources = new Set(catalog?.sources.keys() ?? [])
  const reused = new Set<string>()
  const dimensions = guesses.rest.flatMap((each): DimensionDraft[] => {
    if (each.role !== 'dimension') return []
    const { type, column } = each
    const exists = catalog?.dimensions.get(each.name)?.type === type && !reused.has(each.name)
    if (exists) reused.add(each.name)
    return [{ name: exists ? each.name : takeName(each.name, process, taken), type, column, exists }]
  })
  return {
    ...request,
    source: sources.has(process) ? takeName(`${process}_${store}`, store, sources) : process,
    time: guesses.time,
    otherTimes: guesses.otherTimes,
    key: guesses.rest.find((each) => each.role === 'key')?.column,
    dimensions,
    count: takeName(`${process}_count`, process, taken),
    measures: guesses.rest.flatMap((each, i) => (each.role === 'measure' ? [measureOf(each, i, process, taken)] : [])),
    unused: guesses.rest.flatMap((each) => (each.role === 'unused' ? [each] : [])),
  }
}

function measureOf(
  { column, agg }: Extract<Guess, { role: 'measure' }>,
  index: number,
  process: string,
  taken: Set<string>,
): MeasureDraft {
  const plain = validName(column.name, `${process}_measure_${index + 1}`)
  const name = agg === 'avg' && !/^(avg|average)_|_(avg|average)$/.test(plain) ? `avg_${plain}` : plain
  const type = agg === 'avg' || column.kind === 'float' ? 'float' : column.kind === 'integer' ? 'integer' : 'decimal'
  return { name: takeName(name, process, taken), column, agg, type }
}
