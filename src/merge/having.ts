import type { MetricRef, Predicate } from '../query/resolved.ts'
import { COMPARE, together } from './truth.ts'
import { compareWithText, type Value } from './value.ts'

/** Whether a predicate holds for finished metrics; three-valued, null is unknown. */
export function holds(predicate: Predicate<MetricRef>, value: (metric: string) => Value): boolean | null {
  switch (predicate.kind) {
    case 'all':
    case 'any':
      return together(
        predicate.kind,
        predicate.items.map((item) => holds(item, value)),
      )
    case 'null':
      return (value(predicate.field.name) === null) !== predicate.negated
    case 'compare': {
      const order = compareMetric(value(predicate.field.name), predicate.value)
      return order === null ? null : COMPARE[predicate.op](order)
    }
    case 'oneOf':
    case 'noneOf': {
      const metric = value(predicate.field.name)
      if (metric === null) return predicate.matchNull ? true : null
      const listed = predicate.values.some((each) => compareMetric(metric, each) === 0)
      return (predicate.kind === 'oneOf') === listed
    }
    case 'text':
    case 'during':
      throw new TypeError('a metric is compared as a number')
  }
}

function compareMetric(value: Value, other: string | boolean): number | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof other === 'boolean')
    return null
  return compareWithText(value, other)
}
