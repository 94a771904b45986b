import type { CatalogText } from '../../src/catalog/position.ts'
import { FIRST_DAY } from './calendar.ts'
import type { AtomicModel, DimensionModel, MetricModel, ProcessModel, SourceModel, Town } from './model.ts'
import { columnOf, TABLES } from './tables.ts'
import { tokensIn } from './tokens.ts'

/** The catalog of a town as its author would write it (JSON is YAML). */
export function catalogTexts(town: Town): CatalogText[] {
  return [
    ...town.dimensions.map((dimension) => file(`dimensions/${dimension.name}.yaml`, dimensionFile(dimension))),
    ...town.processes.map((process) => file(`metrics/${process.name}.yaml`, processFile(process, town))),
    ...(town.spanning.length === 0
      ? []
      : [
          file('metrics/spanning.yaml', {
            metrics: town.spanning.map((metric) => ({ ...metricFile(metric), domain: metric.domain })),
          }),
        ]),
  ]
}

function file(path: string, content: unknown): CatalogText {
  return { path, text: JSON.stringify(content, null, 1) }
}

/** What people read: all of it bears the token of the name. */
function described(name: string) {
  const [token] = tokensIn(name)
  if (token === undefined) return {}
  return { label: `Label ${token}`, aliases: [`alias ${token}`], description: `Told of ${token}.` }
}

function dimensionFile({ name, type, table, named, declared }: DimensionModel): unknown {
  const placed = table === undefined ? undefined : { table, key: 'id' }
  return {
    dimension: name,
    type,
    ...described(name),
    ...(placed === undefined
      ? {}
      : {
          table: { store: 'offline', ...placed },
          copies: [{ store: 'realtime', ...placed }],
          attributes: [{ attribute: 'name' }, { attribute: 'tier' }],
        }),
    ...(named ? { name: 'name' } : {}),
    ...(declared === undefined ? {} : { values: declared }),
  }
}

function processFile(process: ProcessModel, town: Town): unknown {
  const { name, domain, zone, dimensions, modifiers, sources, metrics } = process
  return {
    process: name,
    domain,
    zone,
    ...described(name),
    dimensions,
    modifiers: modifiers.map((modifier) => ({
      modifier: modifier.name,
      ...described(modifier.name),
      filters: modifier.filters,
    })),
    sources: sources.map((source) => sourceFile(source, process, town)),
    metrics: metrics.map(metricFile),
  }
}

function sourceFile({ name, role, place, dimensions, holds }: SourceModel, { metrics }: ProcessModel, town: Town) {
  const batch = { complete: 'published', version: 'pv', since: FIRST_DAY }
  const common = {
    source: name,
    store: role === 'live' ? 'realtime' : 'offline',
    table: TABLES[role].name,
    where: `place = ${place}`,
    dimensions: Object.fromEntries(dimensions.map((each) => [each, columnOf(each, town)])),
  }
  const events = { measures: { cost: 'cost', units: 'units', viewer: 'viewer' } }
  switch (role) {
    case 'live':
      return { ...common, ...events, kind: 'stream', retention: '40 days', time: { column: 'at', grain: 'instant' } }
    case 'events':
      return { ...common, ...events, ...batch, time: { column: 'at', grain: 'instant', day: 'day' } }
    case 'days': {
      const atomic = metrics.filter((metric): metric is AtomicModel => metric.kind === 'atomic')
      const held = atomic.filter((metric) => holds.has(metric.name))
      const measures = Object.fromEntries(held.map((metric) => [metric.name, dayMeasure(metric)]))
      const time = { column: 'day', grain: 'day' }
      return { ...common, ...batch, layer: 'DWS', rows: 'aggregate', time, measures }
    }
  }
}

function dayMeasure({ aggregation, of }: AtomicModel): unknown {
  return aggregation === 'count'
    ? { column: 'row_count', state: 'count' }
    : { column: `${of}_${aggregation}`, state: aggregation }
}

function metricFile(metric: MetricModel): Record<string, unknown> {
  const common = { metric: metric.name, ...described(metric.name) }
  switch (metric.kind) {
    case 'atomic': {
      const type = metric.of === 'units' ? { type: 'integer' } : {}
      return {
        ...common,
        agg: metric.aggregation,
        ...type,
        // Events would yield a measure that they have; of this one they have none.
        ...(metric.of === undefined ? {} : { of: metric.daysOnly ? metric.name : metric.of }),
      }
    }
    case 'derived':
      return { ...common, from: metric.from, modifiers: metric.modifiers }
    case 'ratio':
      return { ...common, formula: `${metric.above} / ${metric.below}` }
  }
}
