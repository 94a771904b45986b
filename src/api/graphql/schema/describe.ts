import type { Described, Metric } from '../../../catalog/catalog.ts'

/** `Label (unit). Description`: what tools show beside a field. */
export function describeField(of: Described, unit?: string): string {
  const head = unit === undefined ? of.label : `${of.label} (${unit})`
  return of.description === undefined ? `${head}.` : `${head}. ${of.description}`
}

export function describeMetricField(metric: Metric): string {
  const text = describeField(metric, metric.unit)
  return metric.kind === 'composite' ? `${text}\n\nFormula: ${metric.formula}` : text
}
