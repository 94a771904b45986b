import type { CatalogText } from '../../src/catalog/position.ts'

/**
 * A chain of cinemas. Callers may be bound to a cinema; then they must not learn of the payroll, which knows no cinema,
 * of the house record by film, which lacks it, or of modifiers that name a cinema.
 */
export const CINEMA: readonly CatalogText[] = [
  {
    path: 'dimensions/cinema.yaml',
    text: `dimension: cinema
type: integer
table: { store: offline, table: dim_cinema, key: cinema_id }
copies: [ { store: realtime, table: dim_cinema, key: cinema_id } ]
name: name
attributes: [ { attribute: name }, { attribute: city } ]
`,
  },
  {
    path: 'dimensions/film.yaml',
    text: `dimension: film
table: { store: offline, table: dim_film, key: film_id }
copies: [ { store: realtime, table: dim_film, key: film_id } ]
name: title
attributes: [ { attribute: title } ]
`,
  },
  {
    path: 'dimensions/daypart.yaml',
    text: 'dimension: daypart\nvalues: [ { value: matinee }, { value: evening, label: After six }, { value: midnight } ]\n',
  },
  { path: 'dimensions/member.yaml', text: 'dimension: member\ntype: boolean\n' },
  { path: 'dimensions/supplier.yaml', text: 'dimension: supplier\n' },
  { path: 'dimensions/paygrade.yaml', text: 'dimension: paygrade\n' },
  {
    path: 'metrics/ticket.yaml',
    text: `process: ticket
domain: box_office
zone: Asia/Shanghai
dimensions: [cinema, film, daypart, member]
modifiers:
  - { modifier: evening, filters: [ { field: daypart, op: eq, values: [evening] } ] }
  - { modifier: flagship, filters: [ { field: cinema, op: eq, values: [4] } ] }
  - { modifier: odeon, filters: [ { field: cinema.name, op: eq, values: [Odeon] } ] }
sources:
  - source: ticket_day
    store: offline
    layer: DWS
    table: dws_ticket_day
    rows: aggregate
    time: { column: day, grain: day }
    complete: published
    version: pv
    since: 2026-11-16
    dimensions: &dimensions { cinema: cinema_id, film: film_id, daypart: daypart, member: member }
    measures: { tickets: { column: tickets, state: count }, takings: takings }
  - source: house_record
    store: offline
    layer: ADS
    table: ads_film_day
    rows: aggregate
    time: { column: day, grain: day }
    complete: published
    version: pv
    since: 2026-11-16
    dimensions: { film: film_id }
    measures: { tickets: { column: tickets, state: count }, screenings: screenings }
  - source: ticket_event
    store: realtime
    kind: stream
    table: ticket_event
    time: { column: at, grain: instant }
    dimensions: *dimensions
    measures: { takings: takings }
metrics:
  - { metric: tickets, agg: count, aliases: [票] }
  - { metric: takings, agg: sum, of: takings, unit: CNY }
  - { metric: screenings, agg: sum, of: screenings, type: integer }
  - { metric: evening_tickets, from: tickets, modifiers: [evening] }
  - { metric: flagship_tickets, from: tickets, modifiers: [flagship] }
  - { metric: odeon_takings, from: takings, modifiers: [odeon] }
  - { metric: average_price, formula: takings / tickets }
  - { metric: flagship_share, formula: flagship_tickets / tickets }
  - { metric: occupancy, formula: tickets / screenings }
`,
  },
  {
    path: 'metrics/snack.yaml',
    text: `process: snack
domain: kiosk
zone: Asia/Shanghai
dimensions: [cinema, supplier]
sources:
  - source: snack_sale
    store: realtime
    table: snack_sale
    time: { column: at, grain: instant }
    dimensions: { cinema: cinema_id, supplier: supplier }
metrics:
  - { metric: snacks, agg: count }
`,
  },
  {
    path: 'metrics/payroll.yaml',
    text: `process: payroll
domain: backstage
zone: Asia/Shanghai
dimensions: [paygrade]
modifiers:
  - { modifier: junior, filters: [ { field: paygrade, op: eq, values: [a] } ] }
sources:
  - source: payslip
    store: offline
    table: payslip
    time: { column: at, grain: instant }
    dimensions: { paygrade: paygrade }
    measures: { wages: wages }
metrics:
  - { metric: wages, agg: sum, of: wages, unit: CNY }
  - { metric: junior_wages, from: wages, modifiers: [junior] }
`,
  },
  {
    path: 'metrics/across.yaml',
    text: `metrics:
  - { metric: wages_per_ticket, formula: wages / tickets, domain: box_office }
  - { metric: snacks_per_ticket, formula: snacks / tickets, domain: box_office }
`,
  },
]

/** Names that do not exist for a caller who is bound to a cinema. */
export const HIDDEN = [
  'payroll',
  'payslip',
  'wages',
  'junior',
  'wages_per_ticket',
  'backstage',
  'paygrade',
  'house_record',
  'screenings',
  'occupancy',
  'flagship',
  'flagship_tickets',
  'flagship_share',
  'odeon',
] as const

/** Names that do. */
export const SEEN = ['ticket_day', 'ticket_event', 'evening_tickets', 'average_price', 'snacks_per_ticket'] as const
