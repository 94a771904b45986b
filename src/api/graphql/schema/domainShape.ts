import type { Catalog, Described, Domain, Metric, Relation } from '../../../catalog/catalog.ts'
import type { ValueType } from '../../../catalog/schema.ts'
import { isDefined } from '../defined.ts'
import type { Group, Groups } from './groups.ts'

/** What a question to one domain may select and filter: its metrics, and every field that one of them can be asked by. */
export interface DomainShape {
  readonly name: string
  readonly metrics: ReadonlyMap<string, Metric>
  /** By the names they have in rows; `time` first. */
  readonly fields: ReadonlyMap<string, RowField>
}

/** What groups rows: a time, a value or an object of such. */
export type RowField = Described &
  (
    | { readonly kind: 'time' }
    | { readonly kind: 'value'; readonly type: ValueType }
    | { readonly kind: 'group'; readonly group: Group }
  )

/** The time that metrics line up on. */
const TIME: RowField = {
  kind: 'time',
  name: 'time',
  label: 'Time',
  aliases: [],
  description: 'Of each metric its own. As it stands it needs time.grain; with arguments it is a dimension of its own.',
}

export function domainShape(domain: Domain, catalog: Catalog, groups: Groups): DomainShape {
  const metrics = domain.metrics.map((name) => catalog.metrics.get(name)).filter(isDefined)
  // A composite may read processes of other domains; what they carry can group it too.
  const names = new Set([...domain.processes, ...metrics.flatMap((metric) => metric.processes)])
  const processes = [...names].map((name) => catalog.processes.get(name)).filter(isDefined)
  const fields = new Map<string, RowField>([['time', TIME]])
  const add = (field: RowField): void => {
    if (!fields.has(field.name) && !domain.metrics.includes(field.name)) fields.set(field.name, field)
  }
  for (const name of processes.flatMap(({ dimensions }) => dimensions)) {
    const dimension = catalog.dimensions.get(name)
    if (dimension === undefined) continue
    const group = groups.ofDimension(dimension)
    const { label, aliases, description, type } = dimension
    add({ name, label, aliases, description, ...(group ? { kind: 'group', group } : { kind: 'value', type }) })
  }
  for (const name of processes.flatMap(({ relations }) => [...relations.keys()])) {
    const relation = relationNamed(name, catalog)
    if (relation !== undefined)
      add({ ...groups.ofRelation(relation), kind: 'group', group: groups.ofRelation(relation) })
  }
  for (const name of processes.flatMap(({ times }) => times))
    add({
      kind: 'time',
      name,
      label: name.replaceAll('_', ' '),
      aliases: [],
      description: 'A further time of the facts.',
    })
  return { name: domain.name, metrics: new Map(metrics.map((metric) => [metric.name, metric])), fields }
}

/** Questions mean the first relation of a name. */
function relationNamed(name: string, catalog: Catalog): Relation | undefined {
  for (const { relations } of catalog.processes.values()) if (relations.has(name)) return relations.get(name)
  return undefined
}
