import type { CatalogText } from '../../src/catalog/position.ts'

/**
 * The kiosk: three processes in three zones, one over both stores, one in PostgreSQL alone and one in ClickHouse alone,
 * with dimensions of every type.
 */
const FACTS = 'dimensions: { site: site_id, label: label, code: code, shelf: shelf, fragile: fragile }'
const MEASURES = 'measures: { weight: weight, person: person }'

const metricsOf = (noun: string): string => `metrics:
  - { metric: ${noun}s, agg: count }
  - { metric: ${noun}_weight, agg: sum, of: weight, unit: kg }
  - { metric: ${noun}_heaviest, agg: max, of: weight }
  - { metric: ${noun}_lightest, agg: min, of: weight }
  - { metric: ${noun}_mean, agg: avg, of: weight }
  - { metric: ${noun}_people, agg: count_distinct, of: person }
  - { metric: plain_${noun}s, from: ${noun}s, modifiers: [plain] }
  - { metric: weight_a_${noun}, formula: ${noun}_weight / ${noun}s }
`

const processText = (noun: string, zone: string, sources: string): string => `process: ${noun}
domain: kiosk
zone: ${zone}
dimensions: [site, label, code, shelf, fragile]
modifiers:
  - modifier: plain
    filters: [ { field: label, op: eq, values: [plain] } ]
  - modifier: solid
    filters: [ { field: fragile, op: eq, values: [false] } ]
sources:
${sources}
${metricsOf(noun)}`

export const KIOSK: readonly CatalogText[] = [
  {
    path: 'dimensions/site.yaml',
    text: `dimension: site
type: integer
table: { store: realtime, table: dim_site, key: site_id }
copies: [ { store: offline, table: dim_site, key: site_id } ]
name: title
attributes:
  - { attribute: title }
  - { attribute: opened, type: date }
  - { attribute: rank, type: integer }
  - { attribute: staffed, type: boolean }
`,
  },
  { path: 'dimensions/label.yaml', text: 'dimension: label\n' },
  {
    path: 'dimensions/code.yaml',
    text: 'dimension: code\ntable: { store: realtime, table: dim_code, key: code }\nname: title\nattributes: [ { attribute: title } ]\n',
  },
  { path: 'dimensions/shelf.yaml', text: 'dimension: shelf\ntype: date\n' },
  {
    path: 'dimensions/fragile.yaml',
    text: 'dimension: fragile\ntype: boolean\nvalues: [ { value: true }, { value: false } ]\n',
  },
  {
    path: 'metrics/visit.yaml',
    text: processText(
      'visit',
      'Asia/Shanghai',
      `  - source: visit_detail
    store: offline
    table: visit_detail
    time: { column: at, grain: instant, day: day }
    complete: published
    version: pv
    since: 2026-11-01
    ${FACTS}
    ${MEASURES}
  - source: visit_event
    store: realtime
    kind: stream
    table: visit_event
    time: { column: at, grain: instant }
    retention: 7 days
    ${FACTS}
    ${MEASURES}`,
    ),
  },
  {
    path: 'metrics/parcel.yaml',
    text: processText(
      'parcel',
      'America/St_Johns',
      `  - source: parcel
    store: realtime
    table: parcel
    time: { column: at, grain: instant }
    ${FACTS}
    ${MEASURES}`,
    ),
  },
  {
    path: 'metrics/beacon.yaml',
    text: processText(
      'beacon',
      'UTC',
      `  - source: beacon
    store: offline
    table: beacon
    time: { column: at, grain: instant }
    ${FACTS}
    ${MEASURES}`,
    ),
  },
  {
    path: 'metrics/across.yaml',
    text: 'metrics:\n  - { metric: visits_a_parcel, formula: visits / parcels, domain: kiosk }\n',
  },
]

export const PROCESSES = ['visit', 'parcel', 'beacon'] as const
export const DIMENSIONS = ['site', 'label', 'code', 'shelf', 'fragile'] as const
export const FIELD_TYPES = {
  site: 'integer',
  label: 'string',
  code: 'string',
  shelf: 'date',
  fragile: 'boolean',
  'site.title': 'string',
  'site.opened': 'date',
  'site.rank': 'integer',
  'site.staffed': 'boolean',
} as const

export const metricsOfProcess = (noun: string): string[] => [
  `${noun}s`,
  `${noun}_weight`,
  `${noun}_heaviest`,
  `${noun}_lightest`,
  `${noun}_mean`,
  `${noun}_people`,
  `plain_${noun}s`,
  `weight_a_${noun}`,
]
