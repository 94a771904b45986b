import type { Catalog, Dimension, Source } from '../catalog/catalog.ts'
import { visibleTo } from '../catalog/visible.ts'
import type { DialectName } from '../stores/port.ts'
import { proveTenant } from '../stores/sql/tenantProof.ts'
import type { Paint } from './paint.ts'
import { formatTable, type TableColumn } from './table.ts'

/** What a tenant sees who is bound to keys of one dimension. */
export interface TenantReport {
  readonly dimension: string
  readonly sources: readonly {
    readonly source: string
    readonly store: string
    /** Where its rows are cut to the tenant; null for a source that the tenant can't be answered from. */
    readonly condition: string | null
  }[]
  /** What does not exist for such a tenant. */
  readonly hidden: { readonly processes: readonly string[]; readonly metrics: readonly string[] }
}

/** A report for each dimension that some source carries and a tenant may be bound to. */
export function tenantReports(catalog: Catalog, dialectOf: (store: string) => DialectName): TenantReport[] {
  const sources = [...catalog.sources.values()]
  return [...catalog.dimensions.values()]
    .filter(({ name, type }) => type !== 'boolean' && sources.some((source) => source.dimensions.has(name)))
    .map((dimension) => reportOf(dimension, sources, catalog, dialectOf))
}

function reportOf(
  dimension: Dimension,
  sources: readonly Source[],
  catalog: Catalog,
  dialectOf: (store: string) => DialectName,
): TenantReport {
  const view = visibleTo(catalog, [dimension.name])
  const hiddenOf = (all: ReadonlyMap<string, unknown>, seen: ReadonlyMap<string, unknown>): string[] =>
    [...all.keys()].filter((name) => !seen.has(name))
  return {
    dimension: dimension.name,
    sources: sources.map((source) => ({
      source: source.name,
      store: source.store,
      condition: view.sources.has(source.name)
        ? proveTenant(source, dimension, catalog, dialectOf(source.store))
        : null,
    })),
    hidden: {
      processes: hiddenOf(catalog.processes, view.processes),
      metrics: hiddenOf(catalog.metrics, view.metrics),
    },
  }
}

const COLUMNS: readonly TableColumn[] = [
  { title: 'source', align: 'left' },
  { title: 'store', align: 'left' },
  { title: 'only rows where', align: 'left' },
]

/** Reports for people: a table a dimension. */
export function tenantLines(reports: readonly TenantReport[], paint: Paint): string[] {
  return reports.flatMap(({ dimension, sources, hidden }) => {
    const rows = sources.map(({ source, store, condition }) =>
      [source, store, condition ?? `not read for them: it lacks ${dimension}`].map((text) => ({ text })),
    )
    return [
      paint(`tenants by ${dimension}`, 'bold'),
      ...formatTable(COLUMNS, rows, paint).map((line) => `  ${line}`),
      ...told('processes', hidden.processes),
      ...told('metrics', hidden.metrics),
      '',
    ]
  })
}

function told(what: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`  ${what} that do not exist for them: ${names.join(', ')}`]
}
