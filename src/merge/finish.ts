import { worst } from '../base/finality.ts'
import type { LogicalNode } from '../plan/logical.ts'
import type { QuestionKey } from '../query/resolved.ts'
import { analyse } from './analyse.ts'
import { compute } from './compute.ts'
import type { EvaluateContext } from './evaluate.ts'
import { holds } from './having.ts'
import { orderRows } from './order.ts'
import { columnNamed, type FinishedTable, finalityAt, keep, pick } from './table.ts'
import { topGroups } from './top.ts'

/** Runs the steps of a plan that stand above the join. */
export function finish(node: LogicalNode, context: EvaluateContext): FinishedTable {
  const { keys } = context.question
  switch (node.kind) {
    case 'compute':
      return compute(context, keys, { fills: true })
    case 'top': {
      const fields = keys.filter(({ kind }) => kind === 'field')
      const fold = topGroups(compute(context, fields, { fills: false }), fields, node.top)
      return compute(context, keys, { fills: true, fold })
    }
    case 'analyse': {
      const keyNames = keys.map(({ name }) => name)
      const whole = (within: readonly string[]) => {
        const part = keysNamed(keys, within)
        const times = part.flatMap(({ kind, name }) => (kind === 'time' ? [name] : []))
        return { table: wholeTable(part, context), names: part.map(({ name }) => name), times }
      }
      let table = finish(node.input, context)
      for (const metric of node.metrics) {
        if (metric.kind === 'formula') continue
        const column = analyse(metric, table, keyNames, whole)
        const finality = table.finality.map((each, row) => worst([each, finalityAt(column.finality, row)]))
        table = { ...table, metrics: [...table.metrics, column], finality }
      }
      return table
    }
    case 'having': {
      const table = finish(node.input, context)
      return keep(table, (row) =>
        node.predicates.every(
          (predicate) => holds(predicate, (metric) => columnNamed(table, metric).values[row] ?? null) === true,
        ),
      )
    }
    case 'withhold': {
      const table = finish(node.input, context)
      const kept = keep(table, (row) => table.finality[row] === 'final')
      return { ...kept, withheld: table.size - kept.size }
    }
    case 'order': {
      const table = finish(node.input, context)
      const keyNames = keys.map(({ name }) => name)
      return pick(table, orderRows(table, node.by, keyNames))
    }
    case 'limit': {
      const table = finish(node.input, context)
      const rows = Array.from({ length: table.size }, (_, row) => row).slice(node.offset, node.offset + node.count)
      return { ...pick(table, rows), truncated: table.size > node.offset + node.count, whole: table }
    }
  }
}

/** Totals by some of the question's keys: recomputed from states, without fills, having and top. */
export function totalsBy(names: readonly string[], context: EvaluateContext): FinishedTable {
  const keys = keysNamed(context.question.keys, names)
  const keyNames = keys.map(({ name }) => name)
  let table = wholeTable(keys, context)
  for (const metric of context.question.metrics) {
    if (metric.kind !== 'delta' && metric.kind !== 'ratio') continue
    const column = analyse(metric, table, keyNames, () => ({ table, names: [], times: [] }))
    table = { ...table, metrics: [...table.metrics, column] }
  }
  return pick(
    table,
    orderRows(
      table,
      [],
      keys.map(({ name }) => name),
    ),
  )
}

function wholeTable(keys: readonly QuestionKey[], context: EvaluateContext): FinishedTable {
  const own = context.wholes.get(
    wholeKey(
      keys,
      keys.map(({ name }) => name),
    ),
  )
  return own === undefined
    ? compute(context, keys, { fills: false })
    : compute(own, own.question.keys, { fills: false })
}

/** The name that totals by some of the keys go under. */
export function wholeKey(keys: readonly QuestionKey[], names: readonly string[]): string {
  return JSON.stringify(keys.flatMap(({ name }) => (names.includes(name) ? [name] : [])))
}

function keysNamed(keys: readonly QuestionKey[], names: readonly string[]): QuestionKey[] {
  return keys.filter(({ name }) => names.includes(name))
}
