import { catalogJsonSchemas } from '../../src/catalog/jsonSchema.ts'
import { tableText } from './exampleText.ts'
import { KEY_MEANINGS } from './keyMeanings.ts'

/** The part of JSON Schema that the catalog's schemas use. */
interface Schema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly const?: string
  readonly pattern?: string
  readonly format?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly additionalProperties?: Schema | boolean
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
}

/** An object of catalog files: its title, where it is written, and where it stands in the schema of a file. */
type Section = readonly [title: string, written: string, file: string, path: string]

const PROCESS = 'process.schema.json'
const DIMENSION = 'dimension.schema.json'
const CALENDAR = 'calendar.schema.json'
const METRIC = 'properties.metrics.items'

const SECTIONS: readonly Section[] = [
  ['Process', 'a file under `metrics/`', PROCESS, ''],
  ['Role', '`dimensions` of a process', PROCESS, 'properties.dimensions.items.anyOf.1'],
  ['Modifier', '`modifiers` of a process', PROCESS, 'properties.modifiers.items'],
  ['Source', '`sources` of a process', PROCESS, 'properties.sources.items'],
  ['Time', '`time` and `times` of a source', PROCESS, 'properties.sources.items.properties.time'],
  [
    'Composite key',
    '`dimensions` of a source',
    PROCESS,
    'properties.sources.items.properties.dimensions.additionalProperties.anyOf.1',
  ],
  [
    'State',
    '`measures` of a source',
    PROCESS,
    'properties.sources.items.properties.measures.additionalProperties.anyOf.1',
  ],
  ['Relation', '`relations` of a process', PROCESS, 'properties.relations.items'],
  ['Metric', '`metrics` of a process, or of a file of composites', PROCESS, METRIC],
  ['Percentile', '`percentile` of a metric', PROCESS, `${METRIC}.properties.percentile`],
  ['Snapshot', '`snapshot` of a metric', PROCESS, `${METRIC}.properties.snapshot`],
  ['Conversion', '`conversion` of a metric', PROCESS, `${METRIC}.properties.conversion`],
  ['Input', '`inputs` of a metric', PROCESS, `${METRIC}.properties.inputs.additionalProperties`],
  ['Period', '`period` of a metric or an input', PROCESS, `${METRIC}.properties.period.anyOf.1`],
  ['Fill', '`fill` of a metric', PROCESS, `${METRIC}.properties.fill`],
  ['Filter', '`filters`, and inside `and`, `or` and `not`', PROCESS, '$defs.Filter'],
  ['Dimension', 'a file under `dimensions/`', DIMENSION, ''],
  ['Table', '`table` and `copies` of a dimension', DIMENSION, 'properties.table'],
  ['History', '`history` of a table', DIMENSION, 'properties.table.properties.history'],
  ['Attribute', '`attributes` of a dimension or a relation', DIMENSION, 'properties.attributes.items'],
  ['Link', '`links` of a dimension', DIMENSION, 'properties.links.items'],
  ['Value', '`values` of a dimension', DIMENSION, 'properties.values.items'],
  ['Calendar', 'a file under `dimensions/`', CALENDAR, ''],
  ['Calendar table', '`table` of a calendar', CALENDAR, 'properties.table'],
  ['Period of a calendar', '`periods` of a calendar', CALENDAR, 'properties.periods.items'],
]

/** Object by object, every key with its type, default and meaning. */
export function keyTables(): string {
  return SECTIONS.map((section) => sectionText(section)).join('\n\n')
}

function sectionText([title, written, file, path]: Section): string {
  const schema = schemaAt(file, path)
  const rows = Object.entries(schema.properties ?? {}).map(([key, value]) => [
    `\`${key}\``,
    typeText(value),
    (schema.required ?? []).includes(key) ? 'needed' : defaultText(value),
    meaningOf(title, key, value),
  ])
  if (rows.length === 0) throw new Error(`the schema has no object at ${path}`)
  return [`### ${title}`, `Written as ${written}.`, tableText(['key', 'type', 'default', 'meaning'], rows)].join('\n\n')
}

function schemaAt(file: string, path: string): Schema {
  let found: unknown = catalogJsonSchemas().get(file)
  for (const step of path.split('.').filter((each) => each !== '')) found = (found as Record<string, unknown>)[step]
  return found as Schema
}

function meaningOf(title: string, key: string, { description }: Schema): string {
  const meaning = description ?? KEY_MEANINGS[`${title}.${key}`] ?? KEY_MEANINGS[`*.${key}`]
  if (meaning === undefined) throw new Error(`nothing says what ${key} of ${title} means`)
  return cellText(meaning)
}

function defaultText({ default: value }: Schema): string {
  if (value === undefined) return ''
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0
  return isEmpty ? 'none' : `\`${JSON.stringify(value)}\``
}

/** A type in words: `name`, `list of filter`, `sum` or `count`. */
function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return '[filter](#filter)'
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.enum !== undefined) return schema.enum.map((each) => `\`${each}\``).join(', ')
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeText))].join(' or ')
  if (schema.items !== undefined) return `list of ${typeText(schema.items)}`
  if (schema.properties !== undefined) return objectText(schema.properties)
  if (typeof schema.additionalProperties === 'object') return `name -> ${typeText(schema.additionalProperties)}`
  if (schema.type === 'string') return textType(schema)
  return [schema.type ?? 'any'].flat().join(' or ')
}

/** Objects that have a table of their own are named, smaller ones are written out. */
function objectText(properties: Readonly<Record<string, Schema>>): string {
  const keys = Object.keys(properties).join(', ')
  const own = SECTIONS.find(
    ([, , file, path]) => Object.keys(schemaAt(file, path).properties ?? {}).join(', ') === keys,
  )
  if (own === undefined) return `\`{${keys}}\``
  const words = own[0].toLowerCase()
  return `[${words}](#${words.replaceAll(' ', '-')})`
}

function textType({ pattern, format }: Schema): string {
  if (format === 'date') return 'date'
  if (pattern === '^[a-z][a-z0-9_]{0,62}$') return 'name'
  return 'text'
}

function cellText(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
