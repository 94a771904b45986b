import { inWords } from '../../catalog/words.ts'
import type { DialectName } from '../../stores/port.ts'
import type { DimensionDraft, MeasureDraft, ProcessDraft } from './draft.ts'
import type { Column } from './guess.ts'

/** The text of a process file, with comments that say what was guessed and what to look at. */
export function processText(draft: ProcessDraft, dialect: DialectName, schema: string | undefined): string {
  const { process, table, store, dimensions, measures, count, unused } = draft
  return text([
    ...schemaLine(schema),
    `# Drafted from the columns of ${oneLine(table)} in the store "${store}". Everything here is a guess: read it through.`,
    `process: ${process}`,
    `domain: ${draft.domain} # the part of the business it belongs to; GraphQL has one field a domain`,
    `label: ${scalar(inWords(process))}`,
    `description: ${scalar(`One fact a row of ${oneLine(table)}.`)} # say what a row is, and what is not in it`,
    `zone: ${draft.zone} # business days are cut here`,
    `dimensions: [${dimensions.map(({ name }) => name).join(', ')}]`,
    'sources:',
    ...sourceLines(draft, dialect),
    'metrics:',
    `  - metric: ${count}`,
    '    description: Rows.',
    '    agg: count',
    '    unit: count',
    '    format: ",d"',
    ...measures.flatMap(metricLines),
    '  # Ratios are formulas over metrics, computed after everything is added up:',
    `  # - { metric: some_ratio, formula: ${measures[0]?.name ?? count} / ${count}, format: ".2%" }`,
    ...(unused.length === 0 ? [] : ['', '# Columns that are not used:']),
    ...unused.map(({ column, why }) => `#   ${oneLine(column.name)} (${oneLine(column.type)}): ${why}`),
  ])
}

/** The text of a dimension file. */
export function dimensionText(
  { name, type, column }: DimensionDraft,
  process: string,
  schema: string | undefined,
): string {
  return text([
    ...schemaLine(schema),
    `# Drafted from the column ${oneLine(column.name)} (${oneLine(column.type)}) of ${process}.`,
    `dimension: ${name}`,
    `label: ${scalar(labelOf(name, column))}`,
    ...(type === 'string' ? [] : [`type: ${type}`]),
    '# description: what its values mean, and what empty means',
    '# A table with one row a key gives it attributes to group and filter by:',
    `# table: { store: ..., table: ..., key: ... }`,
    '# attributes: [{ attribute: ... }]',
  ])
}

function sourceLines(draft: ProcessDraft, dialect: DialectName): string[] {
  const { source, store, table, time, otherTimes, key, dimensions, measures } = draft
  const others = otherTimes.length === 0 ? '' : ` # or: ${otherTimes.map(({ name }) => oneLine(name)).join(', ')}`
  return [
    `  - source: ${source}`,
    `    store: ${store}`,
    '    layer: DWD',
    `    table: ${scalar(table)}`,
    '    rows: event # aggregate, when a row holds sums of many events',
    ...(key === undefined ? [] : [`    # unique: ${scalar(key.name)} # when the same event may stand in two rows`]),
    ...(time.type === 'timestamp without time zone' ? ['    # The time carries no zone and is read as UTC.'] : []),
    `    time: { column: ${scalar(time.name)}, grain: ${time.kind === 'date' ? 'day' : 'instant'} }${others}`,
    '    complete: always # every day counts as final; "published" when a nightly batch says which days are',
    ...mapLines(
      'dimensions',
      dimensions.map(({ name, column }) => `${name}: ${expression(column, dialect)}`),
    ),
    ...mapLines(
      'measures',
      measures.map(({ name, column }) => `${name}: ${scalar(column.name)}`),
    ),
  ]
}

function mapLines(name: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [`    ${name}: {}`] : [`    ${name}:`, ...entries.map((entry) => `      ${entry}`)]
}

function metricLines({ name, column, agg, type }: MeasureDraft): string[] {
  const label = labelOf(name, column)
  return [
    `  - metric: ${name}`,
    ...(label === inWords(name) ? [] : [`    label: ${scalar(label)}`]),
    `    agg: ${agg}${agg === 'avg' ? ' # guessed by the name' : ''}`,
    `    of: ${name}`,
    `    type: ${type}`,
    `    format: ${type === 'integer' ? '",d"' : '",.2f"'}`,
  ]
}

/** A text of another type is cast, so that any value can be compared with it. */
function expression({ name, kind }: Column, dialect: DialectName): string {
  if (kind !== 'castText') return scalar(name)
  const quoted = `"${name.replaceAll('"', '""')}"`
  return `{ sql: ${JSON.stringify(dialect === 'clickhouse' ? `toString(${quoted})` : `${quoted}::text`)} }`
}

/** The column's own words where the name could not keep them. */
function labelOf(name: string, column: Column): string {
  return /[^\x20-\x7e]/.test(column.name) ? column.name : inWords(name)
}

function schemaLine(schema: string | undefined): string[] {
  return schema === undefined ? [] : [`# yaml-language-server: $schema=${schema}`]
}

/** Words that YAML would read as something else than a text. */
const KEYWORD = /^(true|false|null|yes|no|on|off|y|n|~)$/i

function scalar(value: string): string {
  const plain = /^[A-Za-z_][\w.]*( [\w.]+)*$/.test(value) && !KEYWORD.test(value)
  return plain ? value : JSON.stringify(value)
}

function oneLine(value: string): string {
  return value.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?')
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}
