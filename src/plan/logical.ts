import type { Grain, Interval } from '../base/time.ts'
import type { Fill, Offset, Period } from '../catalog/catalog.ts'
import type {
  AtomicRequest,
  ConversionRequest,
  Field,
  MetricColumn,
  MetricRef,
  Predicate,
  ResolvedQuestion,
  ScopePredicate,
  Top as TopGroups,
  Window,
} from '../query/resolved.ts'

/**
 * What must be computed, and nothing about where. A node is a readonly union member; code that folds over kinds is
 * exhaustive, so that a new kind does not compile until every fold knows it.
 *
 *   rows:    limit > order > withhold > having > top > analyse > compute > join
 *   series:  fill > shift > period > pick > aggregate | convert
 */
export type LogicalNode = Limit | Order | Withhold | Having | Top | Analyse | Compute

/** One series of the answer, from what is shown down to what is read. */
export type SeriesNode = Filled | Shifted | Over | Pick

/** What is read: states per base bucket and group. */
export type Scan = Aggregate | Convert

/** States of atomic metrics of one process, per base bucket and group. Everything below it belongs to route/. */
export interface Aggregate {
  readonly kind: 'aggregate'
  readonly process: string
  readonly window: Window
  /** The further time that rows are cut and grouped by; undefined = the process's own. */
  readonly time: string | undefined
  /** Grain that rows are told apart by in time: `exact` for single events; undefined = one total. */
  readonly base: Grain | 'exact' | undefined
  /** Half-open, in order, apart from each other; infinite where there is no end. */
  readonly reads: readonly Interval[]
  readonly fields: readonly Field[]
  readonly filters: readonly Predicate[]
  readonly scope: readonly ScopePredicate[]
  readonly requests: readonly AtomicRequest[]
}

/** Events that are followed by others, found among single events of both. */
export interface Convert {
  readonly kind: 'convert'
  readonly id: string
  readonly conversion: ConversionRequest
  readonly window: Window
  readonly reads: readonly Interval[]
  readonly base: Grain | undefined
  /** Conditions on time that base events meet before anything is credited to them. */
  readonly selects: readonly Predicate[]
  /** Fields: the entity, what must match, then the group keys. */
  readonly from: Aggregate
  /** Fields: the entity, what must match. */
  readonly follow: Aggregate
}

/** One request of a scan. */
export interface Pick {
  readonly kind: 'pick'
  readonly input: Scan
  readonly request: string
}

/** A window of the request around each row's day. */
export interface Over {
  readonly kind: 'period'
  readonly input: Pick
  readonly period: Period
}

/** The value of an earlier day; by buckets where the offset is whole buckets of the asked grain. */
export interface Shifted {
  readonly kind: 'shift'
  readonly input: SeriesNode
  readonly offset: Offset
  readonly by: 'day' | 'bucket'
  readonly elapsed: 'same' | 'days' | 'whole' | undefined
}

/** Empty cells filled, as the metric is an input of formulas. */
export interface Filled {
  readonly kind: 'fill'
  readonly input: SeriesNode
  readonly fill: Fill
}

/** Full outer join of its inputs on all group keys; a null key matches a null key. */
export interface Join {
  readonly kind: 'join'
  readonly inputs: readonly { readonly id: string; readonly node: SeriesNode }[]
}

/** Finishes states, evaluates formulas, fills columns. */
export interface Compute {
  readonly kind: 'compute'
  readonly input: Join
  readonly metrics: readonly MetricColumn[]
}

/** Columns computed from finished ones over the whole answer: deltas, ratios, shares, ranks. */
export interface Analyse {
  readonly kind: 'analyse'
  readonly input: LogicalNode
  readonly metrics: readonly MetricColumn[]
}

/** Keeps n groups of the whole question; the rest is left out or folded into one. */
export interface Top {
  readonly kind: 'top'
  readonly input: LogicalNode
  readonly top: TopGroups
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
  readonly offset: number
  readonly count: number
}

/** The join at the bottom of a plan. */
export function joinOf(node: LogicalNode): Join {
  return node.kind === 'compute' ? node.input : joinOf(node.input)
}

/** The same plan over another join. */
export function withJoin(node: LogicalNode, join: Join): LogicalNode {
  return node.kind === 'compute' ? { ...node, input: join } : { ...node, input: withJoin(node.input, join) }
}

/** The scan at the bottom of a series. */
export function pickOf(node: SeriesNode): Pick {
  return node.kind === 'pick' ? node : pickOf(node.input)
}

/** The same series over another scan. */
export function withScan(node: SeriesNode, scan: Scan): SeriesNode {
  switch (node.kind) {
    case 'pick':
      return { ...node, input: scan }
    case 'period':
      return { ...node, input: { ...node.input, input: scan } }
    case 'shift':
    case 'fill':
      return { ...node, input: withScan(node.input, scan) }
  }
}

/** Every scan of a plan, each once. */
export function scansOf(node: LogicalNode): Scan[] {
  return [...new Set(joinOf(node).inputs.map((input) => pickOf(input.node).input))]
}

/** Every aggregate that must be read, each once. */
export function aggregatesOf(node: LogicalNode): Aggregate[] {
  const all = scansOf(node).flatMap((scan) => (scan.kind === 'convert' ? [scan.from, scan.follow] : [scan]))
  return [...new Set(all)]
}
