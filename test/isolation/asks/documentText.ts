import { type Asked, dimensionOf } from '../asked.ts'
import type { Filter } from '../model.ts'
import type { Panel } from './document.ts'

/** Fields of the catalog, as a page that offers them asks for them. */
export const CATALOG_FIELDS = `
  metrics {
    name label aliases description from modifiers formula process processes domain dimensions sources { source }
  }
  dimensions {
    name label aliases description attributes { name } processes
    values(limit: 3) { values { value label } nextCursor }
  }
  processes {
    name label aliases description dimensions metrics modifiers { name label filters { field values } }
    sources { source }
  }
  publications(limit: 50) { source day version rowCount }`

/** The panels as the text of one document. */
export function documentText(panels: readonly Panel[], withCatalog: boolean): string {
  return `{ ${panels.map(panelText).join('\n  ')}${withCatalog ? `\n  ${CATALOG_FIELDS}` : ''} }`
}

function panelText({ alias, domain, asked, tables }: Panel): string {
  const metrics = asked.metrics.map(
    ({ metric, modifiers, as }) =>
      `${as === metric ? '' : `${as}: `}${metric}${modifiers.length === 0 ? '' : `(modifiers: ${JSON.stringify(modifiers)})`}`,
  )
  const rows = [...(asked.byDay ? ['time'] : []), ...dimensionFields(asked, tables), ...metrics, 'finality']
  const parts = [
    `rows { ${rows.join(' ')} }`,
    ...(asked.totals ? [`totals { ${metrics.join(' ')} finality }`] : []),
    'freshness { finalThrough sources { source } } notices { code message } truncated',
  ]
  return `${alias}: ${domain}${argumentsText(asked, tables)} { ${parts.join(' ')} }`
}

/** `advertiser { key name }` for a dimension with a table, `channel` for one without. */
function dimensionFields({ dimensions }: Asked, tables: ReadonlySet<string>): string[] {
  return [...Map.groupBy(dimensions, dimensionOf)].map(([name, fields]) => {
    if (!tables.has(name)) return name
    return `${name} { ${fields.map((field) => field.split('.')[1] ?? 'key').join(' ')} }`
  })
}

function argumentsText(asked: Asked, tables: ReadonlySet<string>): string {
  const { range, byDay, filters, having, order, limit, maxStaleness } = asked
  const time = [
    ...(range === undefined ? [] : [`range: ${JSON.stringify(typeof range === 'string' ? [range] : range)}`]),
    ...(byDay ? ['grain: DAY'] : []),
  ]
  const all = [
    ...(time.length === 0 ? [] : [`time: {${time.join(', ')}}`]),
    ...(filters.length === 0 ? [] : [`where: {and: [${filters.map((each) => whereText(each, tables)).join(', ')}]}`]),
    ...(having.length === 0
      ? []
      : [`having: [${having.map(({ field, op, value }) => `{field: "${field}", ${op}: ${value}}`).join(', ')}]`]),
    ...(order.length === 0
      ? []
      : [
          `orderBy: [${order.map(({ field, direction }) => `{field: "${field}", direction: ${direction.toUpperCase()}}`).join(', ')}]`,
        ]),
    ...(limit === undefined ? [] : [`limit: ${limit}`]),
    ...(maxStaleness === 0 ? [] : [`maxStaleness: ${maxStaleness}`]),
  ]
  return all.length === 0 ? '' : `(${all.join(', ')})`
}

function whereText(filter: Filter, tables: ReadonlySet<string>): string {
  if ('not' in filter) return `{not: ${whereText(filter.not, tables)}}`
  if ('and' in filter) return `{and: [${filter.and.map((each) => whereText(each, tables)).join(', ')}]}`
  if ('or' in filter) return `{or: [${filter.or.map((each) => whereText(each, tables)).join(', ')}]}`
  const { field, op, values = [] } = filter
  const [name = '', attribute = 'key'] = field.split('.')
  const operand = op === 'in' || op === 'notIn' ? values : op === 'isNull' || op === 'notNull' ? true : values[0]
  const condition = `{${op}: ${JSON.stringify(operand)}}`
  return tables.has(name) ? `{${name}: {${attribute}: ${condition}}}` : `{${name}: ${condition}}`
}
