import { type Asked, type AskedMetric, dimensionOf, fieldsOf } from '../asked.ts'
import { daysOf } from '../calendar.ts'
import type { AtomicModel, Fact, Filter, ProcessModel } from '../model.ts'
import { fieldOf, passes } from './filters.ts'
import type { View } from './view.ts'

/** A figure; null where there is none. */
export type Value = number | null

/** One row of an answer. */
export interface ExpectedRow {
  /** The day where it is asked by day, then the dimensions. */
  readonly keys: readonly (string | null)[]
  readonly values: readonly Value[]
}

/** What a caller must get: figures of its own facts, or a refusal of what is not there for it. */
export type Expected =
  | { readonly refusal: 'unknown' | 'unanswerable' }
  | {
      readonly refusal: undefined
      readonly rows: readonly ExpectedRow[]
      readonly totals: readonly Value[]
      /** Some metric stands in tables of days alone: what is not published of it is missing, and told as null. */
      readonly mayMiss: boolean
    }

/** An atomic metric of a process under filters. */
interface Request {
  readonly process: ProcessModel
  readonly metric: AtomicModel
  readonly filters: readonly Filter[]
}

interface Column {
  readonly requests: readonly Request[]
  readonly value: (values: readonly Value[]) => Value
}

/** Loops over the caller's own facts, and over no others. */
export function expectedAnswer(asked: Asked, view: View): Expected {
  const columns = asked.metrics.map((metric) => columnOf(metric, view))
  const known = columns.filter((column) => column !== undefined)
  const fields = [...asked.dimensions, ...asked.filters.flatMap(fieldsOf)]
  const strange = fields.some((field) => !view.visible.dimensions.has(dimensionOf(field)))
  if (known.length < columns.length || strange) return { refusal: 'unknown' }
  const requests = known.flatMap((column) => column.requests)
  if (!requests.every((request) => isAnswerable(request, fields, view))) return { refusal: 'unanswerable' }
  const facts = new Map(requests.map((request) => [request, factsFor(request, asked, view)]))
  const read = (request: Request): readonly Fact[] => facts.get(request) ?? []
  const width = asked.dimensions.length + (asked.byDay ? 1 : 0)
  return {
    refusal: undefined,
    rows: rowsOf(known, read, width, asked, view),
    totals: known.map(({ requests: of, value }) => value(of.map((each) => aggregate(each.metric, read(each), true)))),
    mayMiss: requests.some(({ metric }) => metric.daysOnly),
  }
}

function columnOf({ metric: name, modifiers }: AskedMetric, view: View): Column | undefined {
  const metric = view.visible.metrics.get(name)
  if (metric === undefined) return undefined
  const own = metric.kind === 'derived' ? metric.modifiers : []
  const inputs =
    metric.kind === 'ratio' ? [metric.above, metric.below] : [metric.kind === 'derived' ? metric.from : name]
  const requests = inputs.flatMap((input) => requestFor(input, [...own, ...modifiers], view) ?? [])
  if (requests.length < inputs.length) return undefined
  return { requests, value: metric.kind === 'ratio' ? ratio : ([value]) => value ?? null }
}

function ratio([above, below]: readonly Value[]): Value {
  return typeof above !== 'number' || typeof below !== 'number' || below === 0 ? null : above / below
}

function requestFor(name: string, modifiers: readonly string[], { visible }: View): Request | undefined {
  const process = [...visible.processes.values()].find(({ metrics }) => metrics.some((each) => each.name === name))
  const metric = process?.metrics.find((each) => each.name === name)
  if (process === undefined || metric?.kind !== 'atomic') return undefined
  const found = process.modifiers.filter((each) => modifiers.includes(each.name) && visible.modifiers.has(each.name))
  if (found.length < new Set(modifiers).size) return undefined
  return { process, metric, filters: found.flatMap(({ filters }) => filters) }
}

/** Some one source that the caller sees must hold the metric and all that it is cut by. */
function isAnswerable({ process, metric, filters }: Request, fields: readonly string[], { visible }: View): boolean {
  const needed = [...fields, ...filters.flatMap(fieldsOf)].map(dimensionOf)
  const sources = visible.sources.get(process.name) ?? []
  return sources.some(
    ({ holds, dimensions }) => holds.has(metric.name) && needed.every((name) => dimensions.includes(name)),
  )
}

function factsFor({ process, filters }: Request, asked: Asked, view: View): Fact[] {
  const days = daysOf(asked.range)
  const all = [...asked.filters, ...filters]
  return view
    .factsOf(process)
    .filter((fact) => days.includes(fact.day))
    .filter((fact) => all.every((filter) => passes((field) => fieldOf(fact, field, view.dimensions), filter)))
}

function rowsOf(
  columns: readonly Column[],
  read: (request: Request) => readonly Fact[],
  width: number,
  asked: Asked,
  view: View,
): ExpectedRow[] {
  const keysOf = (fact: Fact) => [
    ...(asked.byDay ? [fact.day] : []),
    ...asked.dimensions.map((field) => fieldOf(fact, field, view.dimensions)),
  ]
  const grouped = new Map<Request, Map<string, Fact[]>>()
  const groups = new Map<string, (string | null)[]>(width === 0 ? [['[]', []]] : [])
  for (const request of columns.flatMap(({ requests }) => requests)) {
    const byKeys = Map.groupBy(read(request), (fact) => JSON.stringify(keysOf(fact)))
    grouped.set(request, byKeys)
    for (const [identity, [fact]] of byKeys) if (fact !== undefined) groups.set(identity, keysOf(fact))
  }
  const valueIn = (request: Request, identity: string) =>
    aggregate(request.metric, grouped.get(request)?.get(identity) ?? [], width === 0)
  const rows = [...groups].map(([identity, keys]) => ({
    keys,
    values: columns.map(({ requests, value }) => value(requests.map((request) => valueIn(request, identity)))),
  }))
  return rows.filter(({ values }) => asked.having.every((having) => meets(having, values, asked)))
}

function meets(
  { field, op, value: than }: Asked['having'][number],
  values: readonly Value[],
  { metrics }: Asked,
): boolean {
  const value = values[metrics.findIndex(({ as }) => as === field)] ?? null
  return value !== null && (op === 'gte' ? value >= than : value < than)
}

/** The one group of no keys is there without rows: then counts are 0. */
function aggregate({ aggregation, of }: AtomicModel, facts: readonly Fact[], alone: boolean): Value {
  const numbers = facts.map((fact) => (of === 'units' ? fact.units : fact.cost))
  const counts = aggregation === 'count' || aggregation === 'count_distinct'
  if (facts.length === 0) return alone && counts ? 0 : null
  switch (aggregation) {
    case 'count':
      return facts.length
    case 'count_distinct':
      return new Set(facts.map(({ viewer }) => viewer)).size
    case 'sum':
      return inUnits(
        numbers.reduce((sum, number) => sum + number, 0),
        of,
      )
    case 'min':
      return inUnits(Math.min(...numbers), of)
    case 'max':
      return inUnits(Math.max(...numbers), of)
  }
}

/** Money is kept in hundredths. */
function inUnits(number: number, of: AtomicModel['of']): number {
  return of === 'units' ? number : number / 100
}
