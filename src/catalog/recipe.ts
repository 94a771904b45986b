import type { Aggregation, AtomicMetric, Measure, Source, SourceExpression } from './catalog.ts'

/**
 * How one source yields the states of an atomic metric: what is aggregated, and over which expression. A metric is
 * routed to a source only where such a recipe exists, so rows of an aggregate table are never counted as events.
 */
export type Recipe =
  | { readonly kind: 'sum' | 'min' | 'max' | 'keys'; readonly of: SourceExpression }
  /** Number of rows, or of rows where `of` is not null. */
  | { readonly kind: 'count'; readonly of: SourceExpression | undefined }
  /** Counts that were counted before, added up. */
  | { readonly kind: 'countSum'; readonly of: SourceExpression }
  | { readonly kind: 'average'; readonly sum: SourceExpression; readonly count: SourceExpression | undefined }

/** The part of an atomic metric that decides the recipe. */
export type Measured = Pick<AtomicMetric, 'name' | 'aggregation' | 'of'>

/** The recipe, or undefined when the source can't yield the metric. */
export function recipeFor(source: Pick<Source, 'rows' | 'measures'>, metric: Measured): Recipe | undefined {
  const named = metric.of === undefined ? undefined : source.measures.get(metric.of)
  const measure = named ?? source.measures.get(metric.name)
  return source.rows === 'event' ? fromEvents(metric, measure) : fromAggregates(metric.aggregation, measure)
}

function fromEvents(metric: Measured, measure: Measure | undefined): Recipe | undefined {
  if (measure === undefined) {
    return metric.aggregation === 'count' && metric.of === undefined ? { kind: 'count', of: undefined } : undefined
  }
  if (measure.kind !== 'value') return undefined
  const of = measure.expression
  switch (metric.aggregation) {
    case 'sum':
    case 'min':
    case 'max':
    case 'count':
      return { kind: metric.aggregation, of }
    case 'avg':
      return { kind: 'average', sum: of, count: undefined }
    case 'count_distinct':
      return { kind: 'keys', of }
  }
}

function fromAggregates(aggregation: Aggregation, measure: Measure | undefined): Recipe | undefined {
  if (measure === undefined) return undefined
  if (measure.kind === 'average') {
    return aggregation === 'avg' ? { kind: 'average', sum: measure.sum, count: measure.count } : undefined
  }
  if (measure.kind !== 'state') return undefined
  const of = measure.expression
  if (aggregation === 'sum' && measure.state === 'sum') return { kind: 'sum', of }
  if (aggregation === 'count' && measure.state === 'count') return { kind: 'countSum', of }
  if (aggregation === 'min' && measure.state === 'min') return { kind: 'min', of }
  if (aggregation === 'max' && measure.state === 'max') return { kind: 'max', of }
  if (aggregation === 'count_distinct' && measure.state === 'key') return { kind: 'keys', of }
  return undefined
}
