import { parseDay, parseDuration } from '../base/time.ts'
import type {
  Attribute,
  Catalog,
  CompositeMetric,
  Described,
  Dimension,
  Domain,
  Measure,
  Metric,
  Modifier,
  Process,
  Source,
  SourceExpression,
} from './catalog.ts'
import { type Draft, type DraftMetric, metricsOfDraft } from './draft.ts'
import { type Expression, metricsOf, walk } from './formula.ts'
import { parseFormula } from './parseFormula.ts'
import type { DimensionFile, ExpressionFile, MeasureFile, NumberType, ProcessFile, SourceFile } from './schema.ts'
import { inWords } from './words.ts'

/** Links a draft that passed every rule. Throws only on a draft that did not. */
export function buildCatalog(draft: Draft, version: string): Catalog {
  const dimensions = new Map(draft.dimensions.map(({ value }) => [value.dimension, buildDimension(value)]))
  const metrics = buildMetrics(draft)
  const processes = new Map(draft.processes.map(({ value }) => [value.process, buildProcess(value)]))
  const sources = new Map(
    [...processes.values()].flatMap((process) => process.sources.map((s) => [s.name, s] as const)),
  )
  const stores = new Set([...sources.values()].map((source) => source.store))
  for (const dimension of dimensions.values()) for (const table of dimension.tables) stores.add(table.store)
  return { version, domains: buildDomains(processes, metrics), processes, dimensions, metrics, sources, stores }
}

function described(
  name: string,
  file: { label?: string | undefined; aliases: string[]; description?: string | undefined },
): Described {
  return { name, label: file.label ?? inWords(name), aliases: file.aliases, description: file.description }
}

function buildExpression(file: ExpressionFile): SourceExpression {
  return typeof file === 'string' ? { kind: 'column', column: file } : { kind: 'sql', sql: file.sql }
}

function columnOrSql(
  file: { column?: string | undefined; sql?: string | undefined },
  fallback: string,
): SourceExpression {
  return file.sql === undefined ? { kind: 'column', column: file.column ?? fallback } : { kind: 'sql', sql: file.sql }
}

function buildDimension(file: DimensionFile): Dimension {
  const attributes = file.attributes.map((attribute): [string, Attribute] => [
    attribute.attribute,
    {
      ...described(attribute.attribute, attribute),
      type: attribute.type,
      expression: buildExpression(attribute.column ?? attribute.attribute),
    },
  ])
  return {
    ...described(file.dimension, file),
    owner: file.owner,
    type: file.type,
    tables: file.table === undefined ? [] : [file.table, ...file.copies],
    nameAttribute: file.name,
    attributes: new Map(attributes),
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
    dimensions: file.dimensions,
    modifiers: new Map(modifiers),
    sources: file.sources.map((source) => buildSource(source, file.process)),
    metrics: file.metrics.map((metric) => metric.metric),
  }
}

function buildSource(file: SourceFile, process: string): Source {
  return {
    name: file.source,
    process,
    store: file.store,
    kind: file.kind,
    layer: file.layer,
    description: file.description,
    table: file.table,
    where: file.where,
    rows: file.rows,
    unique: file.unique,
    time: { expression: columnOrSql(file.time, 'time'), grain: file.time.grain, day: file.time.day },
    complete: file.kind === 'stream' ? undefined : (file.complete ?? 'always'),
    watermark: file.watermark,
    version: file.version,
    since: file.since === undefined ? undefined : parseDay(file.since),
    retention: file.retention === undefined ? undefined : parseDuration(file.retention),
    dimensions: new Map(Object.entries(file.dimensions).map(([name, of]) => [name, buildExpression(of)])),
    measures: new Map(Object.entries(file.measures).map(([name, of]) => [name, buildMeasure(name, of, file.rows)])),
    upstream: file.upstream,
  }
}

/** Exported for the rules, which ask what a measure yields before the catalog stands. */
export function buildMeasure(name: string, file: MeasureFile, rows: SourceFile['rows']): Measure {
  if (typeof file === 'object' && 'sum' in file) {
    return { kind: 'average', sum: buildExpression(file.sum), count: buildExpression(file.count) }
  }
  const expression = typeof file === 'string' ? buildExpression(file) : columnOrSql(file, name)
  if (rows === 'event') return { kind: 'value', expression }
  return { kind: 'state', state: (typeof file === 'string' ? undefined : file.state) ?? 'sum', expression }
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
  }
  if (value.formula !== undefined) {
    const expression = parseFormula(value.formula)
    const inputs = metricsOf(expression).map(build)
    const reads = [...new Set(inputs.flatMap((input) => input.processes))]
    return {
      ...common,
      kind: 'composite',
      formula: value.formula,
      expression,
      domain: value.domain ?? process?.domain ?? inputs[0]?.domain ?? '',
      processes: reads,
      dimensions: sharedDimensions(reads, processes),
      type: compositeType(expression, inputs),
    } satisfies CompositeMetric
  }
  if (process === undefined) throw new Error(`metric ${value.metric} passed the rules outside a process`)
  const place = { domain: process.domain, processes: [process.process], dimensions: process.dimensions }
  if (value.from !== undefined) {
    const from = build(value.from)
    const base = from.kind === 'derived' ? from.base : from.name
    const inherited = from.kind === 'derived' ? from.modifiers : []
    const modifiers = [...new Set([...inherited, ...(value.modifiers ?? [])])]
    const unit = value.unit ?? from.unit
    const format = value.format ?? from.format
    return { ...common, ...place, unit, format, kind: 'derived', base, from: from.name, modifiers, type: from.type }
  }
  const aggregation = value.agg ?? 'sum'
  const type = value.type ?? (aggregation === 'avg' ? 'float' : defaultType(aggregation, value.unit))
  return { ...common, ...place, kind: 'atomic', aggregation, of: value.of, type }
}

function defaultType(aggregation: string, unit: string | undefined): NumberType {
  return aggregation === 'count' || aggregation === 'count_distinct' || unit === 'count' ? 'integer' : 'decimal'
}

/** Division and floats make floats; otherwise a formula stays exact. */
function compositeType(expression: Expression, inputs: readonly Metric[]): NumberType {
  const parts = [...walk(expression)]
  const divides = parts.some((part) => part.kind === 'binary' && part.op === '/')
  if (divides || inputs.some((input) => input.type === 'float')) return 'float'
  const fractions = parts.some((part) => part.kind === 'number' && part.text.includes('.'))
  return fractions || inputs.some((input) => input.type === 'decimal') ? 'decimal' : 'integer'
}

function sharedDimensions(names: readonly string[], processes: ReadonlyMap<string, ProcessFile>): string[] {
  const lists = names.map((name) => processes.get(name)?.dimensions ?? [])
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
