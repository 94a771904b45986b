import { formatInstant } from '../base/time.ts'
import type { Predicate, Window } from '../query/resolved.ts'
import type { Aggregate, LogicalNode } from './logical.ts'

/** The plan as indented text, the last step first: what `explain` shows and reviews read. */
export function printPlan(node: LogicalNode): string {
  return lines(node, 0).join('\n')
}

function lines(node: LogicalNode, depth: number): string[] {
  const at = (text: string) => `${'  '.repeat(depth)}${text}`
  switch (node.kind) {
    case 'limit':
      return [at(`limit ${node.count}`), ...lines(node.input, depth + 1)]
    case 'order': {
      const by = node.by.map(({ column, direction }) => `${column} ${direction}`)
      return [at(`order by ${[...by, 'the keys'].join(', ')}`), ...lines(node.input, depth + 1)]
    }
    case 'having':
      return [at(`having ${printAll(node.predicates)}`), ...lines(node.input, depth + 1)]
    case 'withhold':
      return [at('withhold what is not final'), ...lines(node.input, depth + 1)]
    case 'compute':
      return [at(`compute ${node.metrics.map((metric) => metric.name).join(', ')}`), ...lines(node.input, depth + 1)]
    case 'join':
      if (node.inputs.length === 1) return node.inputs.flatMap((input) => lines(input, depth))
      return [at('full outer join on all keys'), ...node.inputs.flatMap((input) => lines(input, depth + 1))]
    case 'aggregate':
      return [at(printAggregate(node))]
  }
}

function printAggregate(node: Aggregate): string {
  const keys = [
    ...(node.window.grain === undefined ? [] : [`time by ${node.window.grain}`]),
    ...node.fields.map((f) => f.name),
  ]
  const parts = [
    `aggregate ${node.requests.map((request) => request.id).join(', ')} of ${node.process}`,
    keys.length === 0 ? 'as one total' : `by ${keys.join(', ')}`,
    printWindow(node.window),
  ]
  if (node.filters.length > 0) parts.push(`where ${printAll(node.filters)}`)
  if (node.scope.length > 0) {
    parts.push(
      `only ${node.scope.map(({ dimension, values }) => `${dimension} in (${values.join(', ')})`).join(' and ')}`,
    )
  }
  return parts.join(' | ')
}

function printWindow({ interval, zone, open }: Window): string {
  if (interval.from >= interval.to) return 'over no time'
  const from = open ? 'the first data' : formatInstant(interval.from, zone)
  return `from ${from} to before ${formatInstant(interval.to, zone)} (${zone})`
}

function printAll<F extends { readonly name: string }>(predicates: readonly Predicate<F>[]): string {
  return predicates.map((predicate) => printPredicate(predicate)).join(' and ')
}

/** A predicate in words. */
export function printPredicate<F extends { readonly name: string }>(predicate: Predicate<F>): string {
  switch (predicate.kind) {
    case 'all':
    case 'any': {
      if (predicate.items.length === 0) return predicate.kind === 'all' ? 'true' : 'false'
      const word = predicate.kind === 'all' ? ' and ' : ' or '
      return `(${predicate.items.map((item) => printPredicate(item)).join(word)})`
    }
    case 'compare':
      return `${predicate.field.name} ${predicate.op} ${predicate.value}`
    case 'oneOf':
    case 'noneOf': {
      const values = [...predicate.values.slice(0, 20).map(String), ...(predicate.matchNull ? ['null'] : [])]
      const more = predicate.values.length > 20 ? `, and ${predicate.values.length - 20} more` : ''
      return `${predicate.field.name} ${predicate.kind === 'oneOf' ? 'in' : 'not in'} (${values.join(', ')}${more})`
    }
    case 'text':
      return `${predicate.field.name} ${predicate.negated ? 'not ' : ''}${predicate.op} "${predicate.value}"`
    case 'null':
      return `${predicate.field.name} is ${predicate.negated ? 'not null' : 'null'}`
  }
}
