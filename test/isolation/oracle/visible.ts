import type { Bound, MetricModel, ModifierModel, ProcessModel, SourceModel, Town } from '../model.ts'

/** What of a town's catalog a caller may know of, by name. */
export interface Visible {
  readonly processes: ReadonlyMap<string, ProcessModel>
  /** By process. */
  readonly sources: ReadonlyMap<string, readonly SourceModel[]>
  readonly modifiers: ReadonlySet<string>
  readonly metrics: ReadonlyMap<string, MetricModel>
  readonly dimensions: ReadonlySet<string>
  readonly domains: ReadonlySet<string>
}

/** What is left of a catalog for who is bound: nothing that can't be cut to that, and no modifier that names it. */
export function visibleIn(town: Town, bound: Bound): Visible {
  const names = Object.keys(bound)
  const sources = new Map(
    town.processes.map(
      (process) => [process.name, process.sources.filter((source) => carriesAll(source, names))] as const,
    ),
  )
  const processes = new Map(
    town.processes
      .filter((process) => (sources.get(process.name) ?? []).length > 0)
      .map((process) => [process.name, { ...process, dimensions: carriedIn(process, sources) }] as const),
  )
  const open = [...processes.values()]
  const modifiers = new Set(
    open.flatMap((process) =>
      process.modifiers.filter((modifier) => !names.some((name) => isOf(modifier, name))).map(({ name }) => name),
    ),
  )
  const metrics = new Map<string, MetricModel>()
  // Metrics stand behind those that they read.
  for (const process of open) {
    for (const metric of process.metrics)
      if (isThere(metric, process, metrics, modifiers, sources)) metrics.set(metric.name, metric)
  }
  const spanning = town.spanning.filter(({ above, below }) => metrics.has(above) && metrics.has(below))
  for (const metric of spanning) metrics.set(metric.name, metric)
  const ofOwn = open.filter((process) => process.metrics.some(({ name }) => metrics.has(name)))
  return {
    processes,
    sources,
    modifiers,
    metrics,
    dimensions: new Set(open.flatMap(({ dimensions }) => dimensions)),
    domains: new Set([...ofOwn.map(({ domain }) => domain), ...spanning.map(({ domain }) => domain)]),
  }
}

/** The dimensions of a process that a source which is left carries; one that never had a source is nobody's secret. */
function carriedIn(process: ProcessModel, left: Visible['sources']): readonly string[] {
  const carried = (sources: readonly SourceModel[], name: string) =>
    sources.some(({ dimensions }) => dimensions.includes(name))
  return process.dimensions.filter(
    (name) => carried(left.get(process.name) ?? [], name) || !carried(process.sources, name),
  )
}

function carriesAll({ dimensions }: SourceModel, names: readonly string[]): boolean {
  return names.every((name) => dimensions.includes(name))
}

/** True for a modifier that compares a dimension's keys or names. */
function isOf({ filters }: ModifierModel, dimension: string): boolean {
  return filters.some(({ field }) => field === dimension || field === `${dimension}.name`)
}

function isThere(
  metric: MetricModel,
  process: ProcessModel,
  metrics: ReadonlyMap<string, MetricModel>,
  modifiers: ReadonlySet<string>,
  sources: Visible['sources'],
): boolean {
  switch (metric.kind) {
    case 'atomic':
      return (sources.get(process.name) ?? []).some(({ holds }) => holds.has(metric.name))
    case 'derived':
      return metrics.has(metric.from) && metric.modifiers.every((name) => modifiers.has(name))
    case 'ratio':
      return metrics.has(metric.above) && metrics.has(metric.below)
  }
}
