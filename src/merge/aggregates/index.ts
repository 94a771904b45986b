import type { Aggregation } from '../../catalog/catalog.ts'
import type { NumberType } from '../../catalog/schema.ts'
import type { Aggregate } from './aggregate.ts'
import { average } from './average.ts'
import { count } from './count.ts'
import { countedDistinct, distinct } from './distinct.ts'
import { floatMax, floatMin, max, min } from './extremes.ts'
import { floatSum, sum } from './sum.ts'

/** The aggregate that merges a metric's states; its State is opaque to everyone else. */
export function aggregateFor(aggregation: Aggregation, type: NumberType, counted: boolean): Aggregate<unknown> {
  return opaque(choose(aggregation, type, counted))
}

function choose(aggregation: Aggregation, type: NumberType, counted: boolean) {
  const float = type === 'float'
  switch (aggregation) {
    case 'sum':
      return float ? floatSum : sum
    case 'min':
      return float ? floatMin : min
    case 'max':
      return float ? floatMax : max
    case 'count':
      return count
    case 'avg':
      return average
    case 'count_distinct':
      return counted ? countedDistinct : distinct
  }
}

/** States of one request all come from one aggregate, so what it reads is what it merges. */
function opaque(aggregate: ReturnType<typeof choose>): Aggregate<unknown> {
  return aggregate as Aggregate<unknown>
}
