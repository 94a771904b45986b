import { type Day, parseDay, parseDuration } from '../base/time.ts'
import { buildExpression, buildSource } from './buildSource.ts'
import type {
  Aggregation,
  AtomicMetric,
  Attribute,
  Calendar,
  Catalog,
  CompositeMetric,
  ConversionMetric,
  DerivedMetric,
  Described,
  Dimension,
  DimensionTable,
  Domain,
  Link,
  Metric,
  Modifier,
  Process,
  Relation,
} from './catalog.ts'
import { type Draft, type DraftMetric, metricsOfDraft } from './draft.ts'
import { type Expression, metricsOf, walk } from './formula.ts'
import { parseFormula } from './parseFormula.ts'
import type { CalendarFile, DimensionFile, MetricFile, NumberType, ProcessFile, RelationFile } from './schema.ts'
import { averages, readFill, readVariant } from './variant.ts'
import { inWords } from './words.ts'

/** Links a draft that passed every rule. Throws only on a draft that did not. */
export function buildCatalog(draft: Draft, version: string): Catalog {
  const dimensions = buildDimensions(draft)
  const calendars = new Map(draft.calendars.map(({ value }) => [value.calendar, buildCalendar(value)]))
  const metrics = buildMetrics(draft)
  const processes = new Map(draft.processes.map(({ value }) => [value.process, buildProcess(value)]))
  const sources = new Map(
    [...processes.values()].flatMap((process) => process.sources.map((s) => [s.name, s] as const)),
  )
  const stores = new Set([...sources.values()].map((source) => source.store))
  for (const dimension of dimensions.values()) for (const table of dimension.tables) stores.add(table.store)
  for (const { table } of calendars.values()) if (table !== undefined) stores.add(table.store)
  const domains = buildDomains(processes, metrics)
  return { version, domains, processes, dimensions, metrics, sources, calendars, stores }
}

function described(
  name: string,
  file: { label?: string | undefined; aliases: string[]; description?: string | undefined },
): Described {
  return { name, label: file.label ?? inWords(name), aliases: file.aliases, description: file.description }
}

/** Every dimension, and under its own name every role that a process plays one in. */
function buildDimensions(draft: Draft): Map<string, Dimension> {
  const dimensions = new Map(draft.dimensions.map(({ value }) => [value.dimension, buildDimension(value)]))
  for (const role of draft.processes.flatMap(({ value }) => rolesOf(value))) {
    const of = dimensions.get(role.dimension)
    if (of !== undefined && !dimensions.has(role.role))
      dimensions.set(role.role, { ...of, ...described(role.role, role), roleOf: of.name })
  }
  return dimensions
}

/** Dimensions that a process carries under another name. */
export function rolesOf(file: ProcessFile) {
  return file.dimensions.filter((each) => typeof each !== 'string')
}

/** The names under which a process carries its dimensions. */
export function dimensionNames(file: ProcessFile): string[] {
  return file.dimensions.map((each) => (typeof each === 'string' ? each : each.role))
}

function buildCalendar(file: CalendarFile): Calendar {
  const periods = file.periods?.map(({ label, from, to }) => ({ label, from: dayIn(from), to: dayIn(to) }))
  return { ...described(file.calendar, file), periods, table: file.table }
}

function dayIn(text: string): Day {
  const day = parseDay(text)
  if (day === undefined) throw new TypeError(`${text} passed its schema and is not a day`)
  return day
}

function buildAttributes(files: DimensionFile['attributes']): Map<string, Attribute> {
  return new Map(
    files.map((attribute) => [
      attribute.attribute,
      {
        ...described(attribute.attribute, attribute),
        type: attribute.type,
        expression: buildExpression(attribute.column ?? attribute.attribute),
      },
    ]),
  )
}

function buildTable({ store, table, key, history, partitions }: DimensionFile['copies'][number]): DimensionTable {
  const [first = '', ...furtherKeys] = typeof key === 'string' ? [key] : key
  return { store, table, key: first, furtherKeys, history, partitions }
}

function buildRelation(file: RelationFile): Relation {
  return {
    ...described(file.relation, file),
    tables: file.tables,
    on: new Map(Object.entries(file.on)),
    unique: file.unique,
    attributes: buildAttributes(file.attributes),
  }
}

function buildDimension(file: DimensionFile): Dimension {
  const links = file.links.map((link): [string, Link] => [
    link.link,
    { ...described(link.link, link), dimension: link.dimension, key: buildExpression(link.key ?? link.link) },
  ])
  return {
    ...described(file.dimension, file),
    owner: file.owner,
    type: file.type,
    tables: file.table === undefined ? [] : [file.table, ...file.copies].map(buildTable),
    nameAttribute: file.name,
    attributes: buildAttributes(file.attributes),
    links: new Map(links),
    roleOf: undefined,
    values: file.values?.map(({ value, label }) => ({ value, label })),
  }
}

function buildProcess(file: ProcessFile): Process {
  const modifiers = file.modifiers.map((modifier): [string, Modifier] => [
    modifier.modifier,
    { ...described(modifier.modifier, modifier), filters: modifier.filters },
  ])
  return {
    ...described(file.process, file),
    domain: file.domain,
    owner: file.owner,
    zone: file.zone,
    dimensions: dimensionNames(file),
    relations: new Map(file.relations.map((relation) => [relation.relation, buildRelation(relation)])),
    times: [...new Set(file.sources.flatMap((source) => Object.keys(source.times)))],
    modifiers: new Map(modifiers),
    sources: file.sources.map((source) => buildSource(source, file.process)),
    metrics: file.metrics.map((metric) => metric.metric),
  }
}

function buildMetrics(draft: Draft): Map<string, Metric> {
  const drafts = new Map(metricsOfDraft(draft).map((metric) => [metric.value.metric, metric]))
  const processes = new Map(draft.processes.map(({ value }) => [value.process, value]))
  const built = new Map<string, Metric>()
  const build = (name: string): Metric => {
    const known = built.get(name)
    if (known !== undefined) return known
    const of = drafts.get(name)
    if (of === undefined) throw new Error(`metric ${name} passed the rules and is not there`)
    const metric = buildMetric(of, build, processes)
    built.set(name, metric)
    return metric
  }
  for (const name of drafts.keys()) build(name)
  // In the order of the files, whatever the order of references.
  return new Map([...drafts.keys()].map((name) => [name, build(name)]))
}

function buildMetric(
  { value, process }: DraftMetric,
  build: (name: string) => Metric,
  processes: ReadonlyMap<string, ProcessFile>,
): Metric {
  const common = {
    ...described(value.metric, value),
    unit: value.unit,
    format: value.format,
    owner: value.owner ?? process?.owner,
    status: value.status,
    fill: value.fill === undefined ? undefined : readFill(value.fill),
  }
  const spanning = (inputs: readonly Metric[]) => {
    const reads = [...new Set(inputs.flatMap((input) => input.processes))]
    const domain = value.domain ?? process?.domain ?? inputs[0]?.domain ?? ''
    return { domain, processes: reads, dimensions: sharedDimensions(reads, processes) }
  }
  if (value.formula !== undefined) {
    const expression = parseFormula(value.formula)
    const variants = Object.entries(value.inputs ?? {}).map(
      ([name, input]) => [name, { metric: input.metric, ...readVariant(input) }] as const,
    )
    const named = new Map(variants)
    const inputs = metricsOf(expression).map((name) => build(named.get(name)?.metric ?? name))
    return {
      ...common,
      ...spanning(inputs),
      kind: 'composite',
      formula: value.formula,
      expression,
      inputs: named,
      type: compositeType(
        expression,
        inputs,
        variants.some(([, input]) => averages(input.period)),
      ),
    } satisfies CompositeMetric
  }
  if (value.conversion !== undefined) {
    const { base, then: follow, entity, within, match, credit } = value.conversion
    return {
      ...common,
      ...spanning([build(base)]),
      kind: 'conversion',
      base,
      follow,
      entity,
      within: within === undefined ? undefined : parseDuration(within),
      match,
      credit,
      type: 'integer',
    } satisfies ConversionMetric
  }
  if (value.from !== undefined) {
    const from = build(value.from)
    const inherited = from.kind === 'derived' ? from.modifiers : []
    const modifiers = [...new Set([...inherited, ...(value.modifiers ?? [])])]
    const unit = value.unit ?? from.unit
    const format = value.format ?? from.format
    const variant = readVariant(value)
    return {
      ...common,
      ...spanning([from]),
      unit,
      format,
      kind: 'derived',
      from: from.name,
      modifiers,
      type: averages(variant.period) ? 'float' : from.type,
      variant,
    } satisfies DerivedMetric
  }
  if (process === undefined) throw new Error(`metric ${value.metric} passed the rules outside a process`)
  return buildAtomic(value, { ...common, ...spanningOf(process) })
}

function spanningOf(process: ProcessFile) {
  return { domain: process.domain, processes: [process.process], dimensions: dimensionNames(process) }
}

const FLOATS: readonly Aggregation[] = ['avg', 'variance', 'stddev']

function buildAtomic(value: MetricFile, common: Omit<AtomicMetric, keyof AtomicOwn>): AtomicMetric {
  const aggregation = value.agg ?? 'sum'
  const percentile = aggregation === 'median' ? ({ p: 0.5, method: 'continuous' } as const) : value.percentile
  const algorithm = value.algorithm ?? 'exact'
  const float =
    FLOATS.includes(aggregation) ||
    (percentile !== undefined && (percentile.method === 'continuous' || algorithm === 'approximate'))
  const type = float ? 'float' : (value.type ?? defaultType(aggregation, value.unit))
  return {
    ...common,
    kind: 'atomic',
    aggregation,
    of: value.of,
    percentile,
    algorithm,
    time: value.time,
    snapshot: value.snapshot,
    type,
    floats: value.type === 'float',
  }
}

type AtomicOwn = Pick<
  AtomicMetric,
  'kind' | 'aggregation' | 'of' | 'percentile' | 'algorithm' | 'time' | 'snapshot' | 'type' | 'floats'
>

const COUNTS = ['count', 'count_distinct', 'sum_boolean']

function defaultType(aggregation: string, unit: string | undefined): NumberType {
  return COUNTS.includes(aggregation) || unit === 'count' ? 'integer' : 'decimal'
}

/** Division, averages and floats make floats; otherwise a formula stays exact. */
function compositeType(expression: Expression, inputs: readonly Metric[], isAveraged: boolean): NumberType {
  const parts = [...walk(expression)]
  const divides = parts.some((part) => part.kind === 'binary' && part.op === '/')
  if (divides || isAveraged || inputs.some((input) => input.type === 'float')) return 'float'
  const fractions = parts.some((part) => part.kind === 'number' && part.text.includes('.'))
  return fractions || inputs.some((input) => input.type === 'decimal') ? 'decimal' : 'integer'
}

function sharedDimensions(names: readonly string[], processes: ReadonlyMap<string, ProcessFile>): string[] {
  const lists = names.map((name) => {
    const process = processes.get(name)
    return process === undefined ? [] : dimensionNames(process)
  })
  const [first = [], ...rest] = lists
  return first.filter((dimension) => rest.every((list) => list.includes(dimension)))
}

function buildDomains(
  processes: ReadonlyMap<string, Process>,
  metrics: ReadonlyMap<string, Metric>,
): Map<string, Domain> {
  const names = new Set([...processes.values(), ...metrics.values()].map((part) => part.domain))
  return new Map(
    [...names].map((name) => [
      name,
      {
        name,
        processes: [...processes.values()].filter((process) => process.domain === name).map((process) => process.name),
        metrics: [...metrics.values()].filter((metric) => metric.domain === name).map((metric) => metric.name),
      },
    ]),
  )
}
