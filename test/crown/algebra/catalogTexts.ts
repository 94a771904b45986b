import type { CatalogText } from '../../../src/catalog/position.ts'
import type { Catalog, Dataset, Moment, ProcessModel } from './model.ts'
import { tableName } from './tables.ts'

const COLUMNS: Readonly<Record<string, string>> = {
  channel: 'channel',
  region: 'region',
  user: 'user_id',
  flag: 'is_flag',
  size: 'size_n',
}

/** The catalog as its author would write it; JSON is YAML. */
export function catalogTexts(dataset: Dataset, moment: Moment, catalog: Catalog): CatalogText[] {
  const composites = catalog.metrics.filter(({ process }) => process === undefined).map(({ file }) => file)
  const file = (path: string, content: unknown): CatalogText => ({ path, text: JSON.stringify(content) })
  return [
    ...dataset.processes.map((process) =>
      file(`metrics/${process.name}.yaml`, processFile(dataset, moment, catalog, process)),
    ),
    ...(composites.length === 0 ? [] : [file('metrics/composites.yaml', { metrics: composites })]),
    file('dimensions/channel.yaml', { dimension: 'channel' }),
    file('dimensions/region.yaml', { dimension: 'region' }),
    file('dimensions/flag.yaml', { dimension: 'flag', type: 'boolean' }),
    file('dimensions/size.yaml', { dimension: 'size', type: 'integer' }),
    file('dimensions/user.yaml', {
      dimension: 'user',
      type: 'integer',
      table: { store: 'offline', table: tableName(dataset, 'user', 'offline'), key: 'id' },
      copies: [{ store: 'realtime', table: tableName(dataset, 'user', 'realtime'), key: 'id' }],
      attributes: [{ attribute: 'tier' }],
    }),
    file('dimensions/season.yaml', { calendar: 'season', periods: catalog.seasons }),
  ]
}

function processFile(dataset: Dataset, moment: Moment, catalog: Catalog, process: ProcessModel) {
  const { name, zone, dimensions, unique, dayColumn } = process
  const retention = moment.retentionDays.get(name)
  const common = (store: 'offline' | 'realtime') => ({
    store,
    table: tableName(dataset, name, store),
    ...(unique ? { unique: 'event_id' } : {}),
    time: { column: 'at', grain: 'instant', ...(dayColumn ? { day: 'day' } : {}) },
    times: { paid_at: { column: 'paid', grain: 'instant' } },
    dimensions: Object.fromEntries(dimensions.map((each) => [each, COLUMNS[each]])),
    measures: { amount: 'amount', units: 'size_n', viewer: 'user_id', flagged: 'is_flag' },
  })
  return {
    process: name,
    domain: 'shop',
    zone,
    dimensions,
    modifiers: Object.entries(catalog.modifiers[name] ?? {}).map(([modifier, filters]) => ({ modifier, filters })),
    sources: [
      {
        source: `${name}_batch`,
        ...common('offline'),
        complete: 'published',
        version: 'pv',
        since: moment.since.get(name),
      },
      {
        source: `${name}_stream`,
        kind: 'stream',
        ...common('realtime'),
        ...(retention === undefined ? {} : { retention: `${retention} days` }),
      },
    ],
    metrics: catalog.metrics.filter((metric) => metric.process === name).map(({ file }) => file),
  }
}
