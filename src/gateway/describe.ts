import type { Catalog, Dimension, Metric, Process } from '../catalog/catalog.ts'
import type { FilterOperator } from '../catalog/schema.ts'
import { FILTER_OPERATORS } from '../catalog/schema.ts'

/** What the catalog says of itself to callers: names, meanings, where figures come from. No SQL, no table names. */
export function describeMetric(metric: Metric, catalog: Catalog) {
  const sources = metric.processes.flatMap((name) => catalog.processes.get(name)?.sources ?? [])
  return {
    name: metric.name,
    label: metric.label,
    aliases: metric.aliases,
    description: metric.description ?? null,
    type: metric.kind,
    ...(metric.kind === 'atomic' ? { aggregation: metric.aggregation } : {}),
    ...(metric.kind === 'derived' ? { from: metric.from, modifiers: metric.modifiers } : {}),
    ...(metric.kind === 'composite' ? { formula: metric.formula } : {}),
    process: metric.processes.length === 1 ? (metric.processes[0] ?? null) : null,
    processes: metric.processes,
    domain: metric.domain,
    dimensions: metric.dimensions,
    unit: metric.unit ?? null,
    format: metric.format ?? null,
    owner: metric.owner ?? null,
    status: metric.status,
    sources: sources.map(({ name, kind, store, layer }) => ({ source: name, kind, store, layer })),
  }
}

export function describeDimension(dimension: Dimension, catalog: Catalog) {
  return {
    name: dimension.name,
    label: dimension.label,
    aliases: dimension.aliases,
    description: dimension.description ?? null,
    type: dimension.type,
    owner: dimension.owner ?? null,
    nameAttribute: dimension.nameAttribute ?? null,
    attributes: [...dimension.attributes.values()].map(({ name, label, aliases, description, type }) => ({
      name,
      label,
      aliases,
      description: description ?? null,
      type,
    })),
    operators: operatorsOf(dimension.type),
    processes: [...catalog.processes.values()]
      .filter((process) => process.dimensions.includes(dimension.name))
      .map((process) => process.name),
  }
}

function operatorsOf(type: Dimension['type']): readonly FilterOperator[] {
  return FILTER_OPERATORS.filter((op) => {
    if (op === 'contains' || op === 'startsWith') return type === 'string'
    return type !== 'boolean' || !['gt', 'gte', 'lt', 'lte', 'between'].includes(op)
  })
}

export function describeProcess(process: Process) {
  return {
    name: process.name,
    label: process.label,
    aliases: process.aliases,
    description: process.description ?? null,
    domain: process.domain,
    owner: process.owner ?? null,
    zone: process.zone,
    dimensions: process.dimensions,
    modifiers: [...process.modifiers.values()].map(({ name, label, aliases, description, filters }) => ({
      name,
      label,
      aliases,
      description: description ?? null,
      filters,
    })),
    metrics: process.metrics,
    sources: process.sources.map(({ name, kind, store, layer, rows, complete }) => ({
      source: name,
      kind,
      store,
      layer,
      rows,
      complete: complete ?? null,
    })),
  }
}

/** True when every word of a search stands in a name, label, alias or description; case does not matter. */
export function matches(
  search: string,
  of: { name: string; label: string; aliases: readonly string[]; description: string | undefined },
): boolean {
  const text = [of.name, of.label, ...of.aliases, of.description ?? ''].join('\n').toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
