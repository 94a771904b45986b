import { toJson, type Value } from '../../merge/value.ts'

/** Numbers as JSON numbers, digit for digit, or as texts of the same digits for clients whose parser would round. */
export type Numbers = 'literal' | 'string'

/** Writes cells as JSON texts. */
export function cellWriter(numbers: Numbers): (value: Value) => string {
  return numbers === 'string' ? writeQuoted : toJson
}

function writeQuoted(value: Value): string {
  const text = toJson(value)
  if (text === 'null' || typeof value === 'boolean' || typeof value === 'string') return text
  return `"${text}"`
}
