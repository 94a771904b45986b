import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql'
import { parseDay } from '../../../base/time.ts'

/**
 * Scalars. Numbers go out as JSON literals, digit for digit; they come in as literals of the document, as JSON numbers
 * up to 2^53 or as texts of digits. What comes in leaves here as text where a double would round it.
 */

interface Spec {
  readonly name: string
  readonly description: string
  /** What a value must be, for the message. */
  readonly wanted: string
  /** The value as questions carry it; undefined when it does not fit. */
  readonly read: (value: string | number) => string | number | undefined
  /** Kinds of literals that are read; their text is handed on. */
  readonly literals: readonly Kind[]
}

function scalar({ name, description, wanted, read, literals }: Spec): GraphQLScalarType<string | number, unknown> {
  const readOrRefuse = (value: string | number): string | number => {
    const result = read(value)
    if (result === undefined) throw new GraphQLError(`${name} is ${wanted}, not ${JSON.stringify(value).slice(0, 60)}.`)
    return result
  }
  return new GraphQLScalarType({
    name,
    description,
    serialize: (value) => value,
    parseValue: (value) => {
      if (typeof value === 'string' || typeof value === 'number') return readOrRefuse(value)
      throw new GraphQLError(`${name} is ${wanted}.`)
    },
    parseLiteral: (node: ValueNode) => {
      if (literals.includes(node.kind) && 'value' in node) return readOrRefuse(String(node.value))
      throw new GraphQLError(`${name} is ${wanted}.`, { nodes: node })
    },
  })
}

const INTEGER = /^-?\d{1,19}$/
const NUMBER = /^-?\d{1,60}(\.\d{1,30})?$/
const FLOAT = /^-?\d{1,60}(\.\d{1,30})?[eE][+-]?\d{1,3}$/

function readInteger(value: string | number): string | number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
  return INTEGER.test(value) ? value : undefined
}

function readNumber(value: string | number): string | number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return NUMBER.test(value) ? value : FLOAT.test(value) ? Number(value) : undefined
}

const NUMBERS = [Kind.INT, Kind.FLOAT, Kind.STRING] as const

export const INT64 = scalar({
  name: 'Int64',
  description:
    'A 64-bit integer. Goes out as a JSON number with all its digits (beyond 2^53 most parsers round it); comes in as a number or, beyond 2^53 in variables, as a text of digits.',
  wanted: 'an integer, or its digits as a text',
  read: readInteger,
  literals: [Kind.INT, Kind.STRING],
})

export const DECIMAL = scalar({
  name: 'Decimal',
  description: 'An exact decimal. Goes out as a JSON number with all its digits; comes in as a number or as its text.',
  wanted: 'a number, or its digits as a text',
  read: readNumber,
  literals: NUMBERS,
})

export const FLOAT64 = scalar({
  name: 'Float64',
  description: 'A 64-bit float, like a ratio.',
  wanted: 'a number',
  read: readNumber,
  literals: NUMBERS,
})

export const DATE = scalar({
  name: 'Date',
  description: 'A calendar day, like 2026-11-20.',
  wanted: 'a day like 2026-11-20',
  read: (value) => (typeof value === 'string' && parseDay(value) !== undefined ? value : undefined),
  literals: [Kind.STRING],
})

export const TIME = new GraphQLScalarType({
  name: 'Time',
  description:
    "A bucket's first day, below day grain an instant with offset; the label of a calendar's period; a number where a part of the time is asked.",
})

export const KEY = new GraphQLScalarType({
  name: 'Key',
  description: 'A key of a dimension or a value of a filter: a text, a number, true or false.',
})

/** What the executed schema has where callers see rows and totals: text that is written already. */
export const WRITTEN = new GraphQLScalarType({ name: 'Written', serialize: (value) => value })
