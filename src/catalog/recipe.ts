import type { Aggregation, AtomicMetric, Measure, Source, SourceExpression } from './catalog.ts'

/**
 * How one source yields the states of an atomic metric: what is aggregated, and over which expression. A metric is
 * routed to a source only where such a recipe exists, so rows of an aggregate table are never counted as events.
 */
export type Recipe =
  | { readonly kind: 'sum' | 'min' | 'max' | 'sumBoolean' | 'variance'; readonly of: SourceExpression }
  /** Values that travel one by one: distinct keys, their registers, values with their number, histogram buckets. */
  | { readonly kind: Spread; readonly of: SourceExpression }
  /** Number of rows, or of rows where `of` is not null. */
  | { readonly kind: 'count'; readonly of: SourceExpression | undefined }
  /** Counts that were counted before, added up. */
  | { readonly kind: 'countSum'; readonly of: SourceExpression }
  | { readonly kind: 'average'; readonly sum: SourceExpression; readonly count: SourceExpression | undefined }
  /** The value at the first or last moment; `tie` decides between rows of one moment. */
  | { readonly kind: 'first' | 'last'; readonly of: SourceExpression; readonly tie: string | undefined }

/** States whose rows are (group, value) and not groups. */
export type Spread = 'keys' | 'registers' | 'values' | 'buckets'

/** True for recipes whose state is spread over several rows of a group. */
export function isSpread(recipe: Recipe): recipe is Extract<Recipe, { kind: Spread }> {
  return recipe.kind === 'keys' || recipe.kind === 'registers' || recipe.kind === 'values' || recipe.kind === 'buckets'
}

/** The part of an atomic metric that decides the recipe. */
export type Measured = Pick<AtomicMetric, 'name' | 'aggregation' | 'of' | 'algorithm'>

/** The recipe, or undefined when the source can't yield the metric. */
export function recipeFor(source: Pick<Source, 'rows' | 'measures' | 'unique'>, metric: Measured): Recipe | undefined {
  if (metric.aggregation === 'presence') return { kind: 'count', of: undefined }
  const named = metric.of === undefined ? undefined : source.measures.get(metric.of)
  const measure = named ?? source.measures.get(metric.name)
  return source.rows === 'event' ? fromEvents(source, metric, measure) : fromAggregates(metric, measure)
}

function fromEvents(
  source: Pick<Source, 'unique'>,
  { aggregation, of: measured, algorithm }: Measured,
  measure: Measure | undefined,
): Recipe | undefined {
  if (measure === undefined) {
    return aggregation === 'count' && measured === undefined ? { kind: 'count', of: undefined } : undefined
  }
  if (measure.kind !== 'value') return undefined
  const of = measure.expression
  const approximate = algorithm === 'approximate'
  switch (aggregation) {
    case 'sum':
    case 'min':
    case 'max':
    case 'count':
      return { kind: aggregation, of }
    case 'sum_boolean':
      return { kind: 'sumBoolean', of }
    case 'variance':
    case 'stddev':
      return { kind: 'variance', of }
    case 'avg':
      return { kind: 'average', sum: of, count: undefined }
    case 'count_distinct':
      return { kind: approximate ? 'registers' : 'keys', of }
    case 'median':
    case 'percentile':
      return { kind: approximate ? 'buckets' : 'values', of }
    case 'presence':
      return { kind: 'count', of: undefined }
    case 'first':
    case 'last':
      return { kind: aggregation, of, tie: source.unique }
  }
}

/** Which state of an aggregate table yields an aggregation. */
const STATE_FOR: Partial<Readonly<Record<Aggregation, 'sum' | 'min' | 'max'>>> = {
  sum: 'sum',
  sum_boolean: 'sum',
  min: 'min',
  max: 'max',
}

function fromAggregates({ aggregation, algorithm }: Measured, measure: Measure | undefined): Recipe | undefined {
  if (measure === undefined) return undefined
  if (measure.kind === 'average') {
    return aggregation === 'avg' ? { kind: 'average', sum: measure.sum, count: measure.count } : undefined
  }
  if (measure.kind !== 'state') return undefined
  const { state, expression: of } = measure
  if (aggregation === 'count') return state === 'count' ? { kind: 'countSum', of } : undefined
  if (aggregation === 'count_distinct') {
    if (state !== 'key') return undefined
    return { kind: algorithm === 'approximate' ? 'registers' : 'keys', of }
  }
  const needs = STATE_FOR[aggregation]
  return needs !== undefined && needs === state ? { kind: needs, of } : undefined
}
