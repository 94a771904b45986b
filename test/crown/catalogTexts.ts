import type { CatalogText } from '../../src/catalog/position.ts'
import { KEY_COLUMN, VIEWER_COLUMN } from './columns.ts'
import type { AtomicModel, Dataset, DimensionName, MetricModel, Moment, ProcessModel, SourceModel } from './model.ts'
import { advertiserTableName, truthTableName } from './tables.ts'

/** The catalog of a dataset at a moment, as its author would write it (JSON is YAML). */
export function catalogTexts(dataset: Dataset, moment: Moment): CatalogText[] {
  return texts(dataset, (process) => process.sources.map((source) => sourceFile(source, dataset, moment)))
}

/** The same metrics over one table for each process, all of it final. */
export function singleStoreTexts(dataset: Dataset): CatalogText[] {
  return texts(dataset, (process) => [
    {
      source: `${process.name}_truth`,
      store: dataset.truthStore,
      table: truthTableName(dataset, process),
      time: { column: 'happened_at', grain: 'instant' },
      complete: 'always',
      ...eventColumns(process.dimensions),
    },
  ])
}

function texts(dataset: Dataset, sourcesOf: (process: ProcessModel) => unknown[]): CatalogText[] {
  const used = new Set(dataset.processes.flatMap(({ dimensions }) => dimensions))
  const spanning = dataset.metrics.filter((metric) => metric.process === undefined)
  return [
    ...[...used].map((name) => file(`dimensions/${name}.yaml`, dimensionFile(name, dataset))),
    ...dataset.processes.map((process) =>
      file(`metrics/${process.name}.yaml`, {
        process: process.name,
        domain: 'crown',
        zone: process.zone,
        dimensions: process.dimensions,
        modifiers: Object.entries(process.modifiers).map(([modifier, filters]) => ({ modifier, filters })),
        sources: sourcesOf(process),
        metrics: dataset.metrics.filter((metric) => metric.process === process.name).map(metricFile),
      }),
    ),
    ...(spanning.length === 0 ? [] : [file('metrics/spanning.yaml', { metrics: spanning.map(metricFile) })]),
  ]
}

function file(path: string, content: unknown): CatalogText {
  return { path, text: JSON.stringify(content, null, 1) }
}

function dimensionFile(name: DimensionName, dataset: Dataset): unknown {
  if (name === 'channel') return { dimension: name }
  if (name === 'due') return { dimension: name, type: 'date' }
  if (name === 'trial') return { dimension: name, type: 'boolean' }
  return {
    dimension: name,
    type: 'integer',
    table: { store: 'offline', table: advertiserTableName(dataset, 'offline'), key: 'id' },
    copies: [{ store: 'realtime', table: advertiserTableName(dataset, 'realtime'), key: 'id' }],
    attributes: [{ attribute: 'tier' }, { attribute: 'active', column: 'is_active', type: 'boolean' }],
  }
}

function sourceFile(source: SourceModel, dataset: Dataset, moment: Moment): unknown {
  const { name, role, store, table, dimensions, unique, dayColumn } = source
  const common = { source: name, store, table }
  const since = moment.since.get(name)
  const batch = { complete: 'published', version: 'pv', ...(since === undefined ? {} : { since }) }
  if (role === 'day') {
    return {
      ...common,
      ...batch,
      layer: 'DWS',
      rows: 'aggregate',
      time: { column: 'day', grain: 'day' },
      dimensions: keyColumns(dimensions),
      measures: dayMeasures(source, dataset),
    }
  }
  const retention = moment.retention.get(name)
  return {
    ...common,
    ...(role === 'event'
      ? batch
      : { kind: 'stream', ...(retention === undefined ? {} : { retention: retention.text }) }),
    ...(unique ? { unique: 'event_id' } : {}),
    time: { column: 'happened_at', grain: 'instant', ...(dayColumn ? { day: 'day' } : {}) },
    ...eventColumns(dimensions),
  }
}

function eventColumns(dimensions: readonly DimensionName[]) {
  return {
    dimensions: keyColumns(dimensions),
    measures: { amount: 'amount', units: { sql: 'units' }, viewer: VIEWER_COLUMN },
  }
}

function keyColumns(dimensions: readonly DimensionName[]): Record<string, unknown> {
  const columnOf = (name: DimensionName) => (name === 'due' ? { sql: KEY_COLUMN[name] } : KEY_COLUMN[name])
  return Object.fromEntries(dimensions.map((name) => [name, columnOf(name)]))
}

function dayMeasures({ holds }: SourceModel, { metrics }: Dataset): Record<string, unknown> {
  const held = metrics.filter((metric) => metric.kind === 'atomic').filter(({ name }) => holds.has(name))
  return Object.fromEntries(held.map((metric) => [metric.name, dayMeasure(metric)]))
}

function dayMeasure({ aggregation, of }: AtomicModel): unknown {
  switch (aggregation) {
    case 'count':
      return { column: of === undefined ? 'row_count' : `${of}_count`, state: 'count' }
    case 'avg':
      return { sum: `${of}_sum`, count: `${of}_count` }
    case 'count_distinct':
      return { column: VIEWER_COLUMN, state: 'key' }
    case 'sum':
    case 'min':
    case 'max':
      return { column: `${of}_${aggregation}`, state: aggregation }
  }
}

function metricFile(metric: MetricModel): unknown {
  switch (metric.kind) {
    case 'atomic':
      return {
        metric: metric.name,
        agg: metric.aggregation,
        type: metric.type,
        ...(metric.of === undefined ? {} : { of: metric.of }),
      }
    case 'derived':
      return { metric: metric.name, from: metric.from, modifiers: metric.modifiers }
    case 'composite':
      return { metric: metric.name, formula: metric.formula }
  }
}
