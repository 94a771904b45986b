import { type Decimal, toText } from './decimal.ts'
import { Fault, faultDetail, pointer } from './faults.ts'

/** A JSON value as it is parsed from a caller. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export const MOST_DEPTH = 40

/**
 * Reads JSON from a caller. Depth is checked before the recursive parser sees the text; an integer that a double would
 * round is refused, never rounded; `__proto__` and the like are ordinary keys that no schema knows.
 * Faults: MALFORMED_JSON, TOO_DEEP, UNSAFE_INTEGER.
 */
export function readJson(text: string): Json {
  checkDepth(text)
  const path: string[] = []
  try {
    return JSON.parse(text, function check(this: unknown, key: string, value: unknown, context?: { source?: string }) {
      if (typeof value === 'number') checkNumber(key, value, context?.source)
      return value
    }) as Json
  } catch (error) {
    if (error instanceof Fault) throw error
    const message = error instanceof Error ? error.message.replace(/ in JSON/, '').slice(0, 200) : 'not valid'
    throw Fault.at([faultDetail('MALFORMED_JSON', pointer(path), `The text is not valid JSON: ${printable(message)}.`)])
  }
}

function printable(message: string): string {
  // The parser quotes what it found; control characters stay out of the answer.
  return message.replace(/[^\x20-\x7e]/g, '?').replace(/\.$/, '')
}

function checkNumber(key: string, value: number, source: string | undefined): void {
  const text = source ?? String(value)
  const integer = /^-?\d+$/.test(text)
  if (integer ? Number.isSafeInteger(value) : Number.isFinite(value)) return
  const message = integer
    ? `The integer ${text.slice(0, 40)} is beyond 2^53 and would be rounded; send it as a string.`
    : `The number ${text.slice(0, 40)} is too large.`
  throw Fault.at([faultDetail('UNSAFE_INTEGER', pointer([key]), message)])
}

function checkDepth(text: string): void {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (quoted) {
      if (code === 0x5c) i++
      else if (code === 0x22) quoted = false
    } else if (code === 0x22) quoted = true
    else if (code === 0x5b || code === 0x7b) {
      depth++
      if (depth > MOST_DEPTH) {
        const message = `JSON nests at most ${MOST_DEPTH} deep here.`
        throw Fault.at([faultDetail('TOO_DEEP', '', message)])
      }
    } else if (code === 0x5d || code === 0x7d) depth--
  }
}

/** A decimal as a JSON number literal, digit for digit. */
export function writeDecimal(value: Decimal): string {
  return toText(value)
}
