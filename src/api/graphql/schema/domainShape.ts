import type { Catalog, Dimension, Domain, Metric } from '../../../catalog/catalog.ts'
import { isDefined } from '../defined.ts'

/** What a question to one domain may select and filter: its metrics, and every dimension that one of them can be asked by. */
export interface DomainShape {
  readonly name: string
  readonly metrics: readonly Metric[]
  readonly dimensions: readonly Dimension[]
}

export function domainShape(domain: Domain, catalog: Catalog): DomainShape {
  const metrics = domain.metrics.map((name) => catalog.metrics.get(name)).filter(isDefined)
  // A composite may read processes of other domains; what they carry can group it too.
  const processes = new Set([...domain.processes, ...metrics.flatMap((metric) => metric.processes)])
  const carried = new Set([...processes].flatMap((name) => catalog.processes.get(name)?.dimensions ?? []))
  const dimensions = [...carried].map((name) => catalog.dimensions.get(name)).filter(isDefined)
  return { name: domain.name, metrics, dimensions }
}
