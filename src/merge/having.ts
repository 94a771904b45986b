import type { MetricRef, Predicate } from '../query/resolved.ts'
import { compareWithText, type Value } from './value.ts'

/** Whether a predicate holds for finished metrics; three-valued, null is unknown. */
export function holds(predicate: Predicate<MetricRef>, value: (metric: string) => Value): boolean | null {
  switch (predicate.kind) {
    case 'all':
    case 'any': {
      const decisive = predicate.kind === 'any'
      const results = predicate.items.map((item) => holds(item, value))
      if (results.includes(decisive)) return decisive
      return results.includes(null) ? null : !decisive
    }
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

const COMPARE = {
  eq: (order: number) => order === 0,
  ne: (order: number) => order !== 0,
  gt: (order: number) => order > 0,
  gte: (order: number) => order >= 0,
  lt: (order: number) => order < 0,
  lte: (order: number) => order <= 0,
} as const

function compareMetric(value: Value, other: string | boolean): number | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof other === 'boolean')
    return null
  return compareWithText(value, other)
}
