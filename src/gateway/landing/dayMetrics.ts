import type { Catalog, Metric, Variant } from '../../catalog/catalog.ts'
import { metricsOf } from '../../catalog/formula.ts'

/**
 * The metrics that a changed day of some processes restates: those that read them, and whose value of a day is made of
 * that day alone. A window, an offset or a conversion shows a day on other days too; it moves where these do.
 */
export function dayMetrics(processes: ReadonlySet<string>, catalog: Catalog): Metric[] {
  const known = new Map<string, boolean>()
  return [...catalog.metrics.values()].filter(
    (metric) =>
      metric.status !== 'draft' &&
      metric.processes.some((name) => processes.has(name)) &&
      isOfItsDay(metric.name, catalog, known),
  )
}

function isOfItsDay(name: string, catalog: Catalog, known: Map<string, boolean>): boolean {
  const before = known.get(name)
  if (before !== undefined) return before
  const metric = catalog.metrics.get(name)
  const result = metric !== undefined && dependsOnDay(metric, catalog, known)
  known.set(name, result)
  return result
}

function dependsOnDay(metric: Metric, catalog: Catalog, known: Map<string, boolean>): boolean {
  switch (metric.kind) {
    case 'atomic':
      // What is counted by a further time stands on other days than the one that was published.
      return metric.time === undefined
    case 'derived':
      return stays(metric.variant) && isOfItsDay(metric.from, catalog, known)
    case 'composite': {
      const names = [...metricsOf(metric.expression)].map((name) => metric.inputs.get(name)?.metric ?? name)
      return [...metric.inputs.values()].every(stays) && names.every((name) => isOfItsDay(name, catalog, known))
    }
    case 'conversion':
      return false
  }
}

function stays({ period, offset }: Variant): boolean {
  return period === undefined && offset === undefined
}
