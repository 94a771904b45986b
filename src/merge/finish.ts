import type { Finality } from '../base/finality.ts'
import { worst } from '../base/finality.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { MetricColumn } from '../query/resolved.ts'
import type { BucketFinality } from './finality.ts'
import { evaluator } from './formula.ts'
import { type GroupTable, type StateColumn, totalState } from './groups.ts'
import { holds } from './having.ts'
import { orderRows } from './order.ts'
import { type FinishedTable, keep, pick } from './table.ts'
import type { Key, Value } from './value.ts'

/** What the finishing steps know of the answer besides the plan. */
export interface FinishContext {
  readonly groups: GroupTable
  readonly finality: BucketFinality
  /** Names of the key columns, the time first where there is one. */
  readonly keyNames: readonly string[]
  readonly hasTime: boolean
}

/** Runs the steps of a plan that stand above the join. */
export function finish(node: LogicalNode, context: FinishContext): FinishedTable {
  switch (node.kind) {
    case 'aggregate':
    case 'join':
      throw new TypeError('a plan is finished from its compute step upwards')
    case 'compute':
      return compute(node.metrics, context)
    case 'having': {
      const table = finish(node.input, context)
      const names = metricNames(node.input)
      return keep(table, (row) =>
        node.predicates.every((predicate) => holds(predicate, (m) => metricAt(table, names, m, row)) === true),
      )
    }
    case 'withhold': {
      const table = finish(node.input, context)
      const kept = keep(table, (row) => table.finality[row] === 'final')
      return { ...kept, withheld: table.size - kept.size }
    }
    case 'order': {
      const table = finish(node.input, context)
      return pick(table, orderRows(table, node.by, context.keyNames, metricNames(node.input)))
    }
    case 'limit': {
      const table = finish(node.input, context)
      if (table.size <= node.count) return table
      return {
        ...pick(
          table,
          Array.from({ length: node.count }, (_, row) => row),
        ),
        truncated: true,
      }
    }
  }
}

function compute(
  metrics: readonly MetricColumn[],
  { groups, finality, hasTime, keyNames }: FinishContext,
): FinishedTable {
  const keys = withMissingBuckets(groups, finality, hasTime && keyNames.length === 1)
  const size = keys[0]?.length ?? 1
  const buckets = hasTime ? keys[0] : undefined
  const finished = finishedRequests(groups, keyNames.length === 0)
  const columns = metrics.map((metric) => {
    const { formula, reads } = metric
    // A missing day leaves nothing to compute with: null, and never what coalesce makes of it.
    const missing = (row: number): boolean => {
      const bucket = buckets?.[row] ?? null
      return reads.some((request) => finality.of(request, bucket) === 'missing')
    }
    const mayMiss = reads.some((request) => finality.total(request) === 'missing')
    if (formula.kind === 'request' && !mayMiss) return finished(formula.id)
    const evaluate = evaluator(formula, metric.type)
    const inputs = new Map(reads.map((request) => [request, finished(request)]))
    return Array.from({ length: size }, (_, row): Value => {
      if (mayMiss && missing(row)) return null
      return evaluate((request) => inputs.get(request)?.[row] ?? null)
    })
  })
  const whole = finality.row(null)
  const rowFinality = Array.from({ length: size }, (_, row) =>
    buckets === undefined ? whole : finality.row(buckets[row] ?? null),
  )
  return { size, keys, metrics: columns, finality: rowFinality, truncated: false, withheld: 0 }
}

/** Grouped by time alone, a bucket whose days are all missing is still a row: a day never disappears in silence. */
function withMissingBuckets(
  groups: GroupTable,
  finality: BucketFinality,
  timeOnly: boolean,
): readonly (readonly Key[])[] {
  if (!timeOnly) return groups.keys
  const buckets = groups.keys[0] ?? []
  const there = new Set(buckets)
  return [[...buckets, ...finality.missingBuckets().filter((bucket) => !there.has(bucket))]]
}

/** Finished values of a request; a group without rows of it has none, but the one group of no keys is a row. */
function finishedRequests(groups: GroupTable, single: boolean): (request: string) => readonly Value[] {
  const cache = new Map<string, Value[]>()
  return (request) => {
    let values = cache.get(request)
    if (values === undefined) {
      values = finishColumn(groups.states.get(request), groups.size, single)
      cache.set(request, values)
    }
    return values
  }
}

function finishColumn(column: StateColumn | undefined, size: number, single: boolean): Value[] {
  if (column === undefined) return Array.from({ length: size }, () => null)
  const { aggregate, cells } = column
  const absent = single ? aggregate.finish(aggregate.empty) : null
  return Array.from({ length: size }, (_, group) => {
    const state = cells[group]
    return state === undefined ? absent : aggregate.finish(state)
  })
}

/** The grand total of each metric: states of all groups merged, then the formula; null where a day is missing. */
export function totals(
  metrics: readonly MetricColumn[],
  groups: GroupTable,
  finality: BucketFinality,
): { values: Value[]; finality: Finality } {
  const finished = (request: string): Value => {
    const column = groups.states.get(request)
    return column === undefined ? null : column.aggregate.finish(totalState(column))
  }
  const values = metrics.map((metric) => {
    if (metric.reads.some((request) => finality.total(request) === 'missing')) return null
    return evaluator(metric.formula, metric.type)(finished)
  })
  return {
    values,
    finality: worst(metrics.flatMap((metric) => metric.reads.map((request) => finality.total(request)))),
  }
}

function metricNames(node: LogicalNode): readonly string[] {
  switch (node.kind) {
    case 'compute':
      return node.metrics.map((metric) => metric.name)
    case 'having':
    case 'withhold':
    case 'order':
    case 'limit':
      return metricNames(node.input)
    case 'aggregate':
    case 'join':
      return []
  }
}

function metricAt(table: FinishedTable, names: readonly string[], metric: string, row: number): Value {
  return table.metrics[names.indexOf(metric)]?.[row] ?? null
}
