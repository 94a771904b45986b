import type {
  AtomicRequest,
  Field,
  MetricColumn,
  MetricRef,
  Predicate,
  ResolvedQuestion,
  ScopePredicate,
  Window,
} from '../query/resolved.ts'

/**
 * What must be computed, and nothing about where. A node is a readonly union member with a small factory; code that
 * folds over kinds is exhaustive, so that a new kind does not compile until every fold knows it.
 */
export type LogicalNode = Aggregate | Join | Compute | Having | Withhold | Order | Limit

/** States of atomic metrics of one process, per group. The only leaf: everything below it belongs to route/. */
export interface Aggregate {
  readonly kind: 'aggregate'
  readonly process: string
  readonly window: Window
  readonly fields: readonly Field[]
  readonly filters: readonly Predicate[]
  readonly scope: readonly ScopePredicate[]
  readonly requests: readonly AtomicRequest[]
}

/** Full outer join of its inputs on all group keys; a null key matches a null key. */
export interface Join {
  readonly kind: 'join'
  readonly inputs: readonly Aggregate[]
}

/** Finishes states and evaluates formulas. */
export interface Compute {
  readonly kind: 'compute'
  readonly input: Join
  readonly metrics: readonly MetricColumn[]
}

export interface Having {
  readonly kind: 'having'
  readonly input: LogicalNode
  readonly predicates: readonly Predicate<MetricRef>[]
}

/** Leaves out rows that are not final. */
export interface Withhold {
  readonly kind: 'withhold'
  readonly input: LogicalNode
}

export interface Order {
  readonly kind: 'order'
  readonly input: LogicalNode
  readonly by: ResolvedQuestion['order']
}

/** Cuts the ordered rows; stands above the merge always, never below it. */
export interface Limit {
  readonly kind: 'limit'
  readonly input: LogicalNode
  readonly count: number
}

/** The rows a JSON answer holds at most, asked or not. */
export const MOST_ROWS = 50_000

/** Each metric on its own, joined, computed, then what applies to finished rows. */
export function buildPlan(question: ResolvedQuestion): LogicalNode {
  const join: Join = { kind: 'join', inputs: question.requests.map((request) => aggregateOf(question, request)) }
  let node: LogicalNode = { kind: 'compute', input: join, metrics: question.metrics }
  if (question.having.length > 0) node = { kind: 'having', input: node, predicates: question.having }
  if (question.finality === 'finalOnly') node = { kind: 'withhold', input: node }
  node = { kind: 'order', input: node, by: question.order }
  return { kind: 'limit', input: node, count: question.limit ?? MOST_ROWS }
}

function aggregateOf(question: ResolvedQuestion, request: AtomicRequest): Aggregate {
  const window = question.windows.get(request.process.name)
  if (window === undefined) throw new TypeError(`no window for ${request.process.name}`)
  return {
    kind: 'aggregate',
    process: request.process.name,
    window,
    fields: question.fields,
    filters: question.filters,
    scope: question.scope,
    requests: [request],
  }
}

/** The join at the bottom of a plan. */
export function joinOf(node: LogicalNode): Join {
  switch (node.kind) {
    case 'aggregate':
      return { kind: 'join', inputs: [node] }
    case 'join':
      return node
    case 'compute':
    case 'having':
    case 'withhold':
    case 'order':
    case 'limit':
      return joinOf(node.input)
  }
}
