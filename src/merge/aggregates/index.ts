import type { AtomicMetric } from '../../catalog/catalog.ts'
import type { Aggregate } from './aggregate.ts'
import { average } from './average.ts'
import { count } from './count.ts'
import { countedDistinct, distinct } from './distinct.ts'
import { first, floatFirst, floatLast, last } from './ends.ts'
import { floatMax, floatMin, max, min } from './extremes.ts'
import { approximateContinuous, approximateDiscrete } from './histogram.ts'
import { hyperLogLog } from './hyperLogLog.ts'
import { continuous, discrete, floatContinuous, floatDiscrete } from './quantile.ts'
import { floatSum, sum } from './sum.ts'
import { floatStddev, floatVariance, stddev, variance } from './variance.ts'

/** The aggregate that merges a metric's states; its State is opaque to everyone else. */
export function aggregateFor(metric: AtomicMetric, counted: boolean): Aggregate<unknown> {
  return opaque(choose(metric, counted))
}

function choose(metric: AtomicMetric, counted: boolean) {
  const { aggregation, floats: float, algorithm } = metric
  switch (aggregation) {
    case 'sum':
      return float ? floatSum : sum
    case 'sum_boolean':
      return sum
    case 'min':
      return float ? floatMin : min
    case 'max':
      return float ? floatMax : max
    case 'count':
    case 'presence':
      return count
    case 'avg':
      return average
    case 'count_distinct':
      return algorithm === 'approximate' ? hyperLogLog : counted ? countedDistinct : distinct
    case 'median':
    case 'percentile':
      return percentile(metric)
    case 'variance':
      return float ? floatVariance : variance
    case 'stddev':
      return float ? floatStddev : stddev
    case 'first':
      return float ? floatFirst : first
    case 'last':
      return float ? floatLast : last
  }
}

function percentile({ percentile: asked, algorithm, floats }: AtomicMetric) {
  if (asked === undefined) throw new TypeError('a percentile has a share')
  const { p, method } = asked
  const isContinuous = method === 'continuous'
  if (algorithm === 'approximate') return isContinuous ? approximateContinuous(p) : approximateDiscrete(p)
  if (floats) return isContinuous ? floatContinuous(p) : floatDiscrete(p)
  return isContinuous ? continuous(p) : discrete(p)
}

/** States of one request all come from one aggregate, so what it reads is what it merges. */
function opaque(aggregate: ReturnType<typeof choose>): Aggregate<unknown> {
  return aggregate as Aggregate<unknown>
}
