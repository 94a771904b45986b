import { didYouMean, nearest } from '../base/didYouMean.ts'
import { FILTER_OPERATORS } from '../catalog/schema.ts'
import { UsageError } from './arguments.ts'

/**
 * Filters of the command line:
 *
 *   filter = field operator [values]      channel in feed,search
 *          | field sign values            clicks>=100
 *          | JSON                         {"or": [...]}
 *   values = value {"," value}            quoted by " or ' where a comma, a blank at the end or a word is meant
 *   value  = true | false | null          as they are, unless quoted
 *          | text                         digits stay digits: the field says whether it is a number
 */
const SIGNS: Readonly<Record<string, string>> = {
  '=': 'eq',
  '==': 'eq',
  '!=': 'ne',
  '<>': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
}

const WITH_SIGN = /^([^\s=!<>]+)\s*(==|=|!=|<>|>=|<=|>|<)\s*(.*)$/s
const WITH_WORD = /^(\S+)\s+(\S+)(?:\s+(.*))?$/s
const VALUE = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|((?!["'])[^,]*?))\s*(,|$)/sy

type Scalar = string | boolean | null

/** Reads a filter; what it names is bound by the gateway. Throws UsageError. */
export function readFilter(text: string, option: string): unknown {
  const trimmed = text.trim()
  if (trimmed.startsWith('{')) return readJsonFilter(trimmed, option)
  const sign = WITH_SIGN.exec(trimmed)
  if (sign !== null) {
    const [, field = '', operator = '', values = ''] = sign
    return { field, op: SIGNS[operator], values: readValues(values, option) }
  }
  const word = WITH_WORD.exec(trimmed)
  if (word === null)
    throw new UsageError(
      `--${option} '${text}': a filter is a field, an operator and values, like 'channel in feed,search'.`,
    )
  const [, field = '', operator = '', values] = word
  const op = operatorOf(operator, option)
  return values === undefined ? { field, op } : { field, op, values: readValues(values, option) }
}

function readJsonFilter(text: string, option: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`--${option}: a filter that begins with { is JSON, and this is not.`)
  }
}

function operatorOf(word: string, option: string): string {
  const operator = FILTER_OPERATORS.find((each) => each.toLowerCase() === word.toLowerCase())
  if (operator !== undefined) return operator
  const near = nearest(word, FILTER_OPERATORS)
  const hint = near.length > 0 ? didYouMean(near) : ` It is one of ${FILTER_OPERATORS.join(', ')}, or a sign like >=.`
  throw new UsageError(`--${option}: "${word}" is not an operator.${hint}`)
}

function readValues(text: string, option: string): Scalar[] {
  const values: Scalar[] = []
  VALUE.lastIndex = 0
  for (;;) {
    const match = VALUE.exec(text)
    if (match === null) throw new UsageError(`--${option}: the values "${text}" have an odd quote.`)
    const [, double, single, bare = '', end] = match
    const quoted = double ?? single
    values.push(quoted === undefined ? bareValue(bare) : quoted.replace(/\\(.)/gs, '$1'))
    if (end === '') return values
  }
}

function bareValue(text: string): Scalar {
  if (text === 'true') return true
  if (text === 'false') return false
  return text === 'null' ? null : text
}
