import type { DialectName } from '../../stores/port.ts'

/** What a column is to a catalog. `castText` must be cast to be read as a text. */
export type ColumnKind =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'text'
  | 'castText'
  | 'date'
  | 'instant'
  | 'other'

const POSTGRES: Readonly<Record<string, ColumnKind>> = {
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'decimal',
  real: 'float',
  'double precision': 'float',
  boolean: 'boolean',
  text: 'text',
  'character varying': 'text',
  character: 'castText',
  citext: 'castText',
  uuid: 'castText',
  date: 'date',
  'timestamp without time zone': 'instant',
  'timestamp with time zone': 'instant',
}

const CLICKHOUSE: readonly (readonly [RegExp, ColumnKind])[] = [
  [/^U?Int(8|16|32|64|128|256)$/, 'integer'],
  [/^Decimal/, 'decimal'],
  [/^(Float(32|64)|BFloat16)$/, 'float'],
  [/^Bool$/, 'boolean'],
  [/^(String|FixedString)/, 'text'],
  [/^(Enum(8|16)|UUID)/, 'castText'],
  [/^Date(32)?$/, 'date'],
  [/^DateTime(64)?/, 'instant'],
]

/** The kind of a column by the type name its store gives. */
export function kindOf(type: string, dialect: DialectName): ColumnKind {
  if (dialect === 'clickhouse') {
    const bare = unwrap(type)
    return CLICKHOUSE.find(([form]) => form.test(bare))?.[1] ?? 'other'
  }
  return POSTGRES[type.replace(/\(\d+(,-?\d+)?\)/, '')] ?? 'other'
}

/** The most characters a column holds, where its type says so. */
export function widthOfType(type: string): number | undefined {
  const match = /^(?:character varying|character|FixedString)\((\d+)\)$/.exec(unwrap(type))
  return match === null ? undefined : Number(match[1])
}

/** `LowCardinality(Nullable(String))` -> `String`. */
function unwrap(type: string): string {
  const match = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type)
  return match?.[1] === undefined ? type : unwrap(match[1])
}
