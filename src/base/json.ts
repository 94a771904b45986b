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
  let refused: { readonly holder: unknown; readonly key: string; readonly message: string } | undefined
  const value = parse(text, function check(this: unknown, key, each, context) {
    const message = typeof each === 'number' ? faultOfNumber(each, context?.source) : undefined
    if (message !== undefined) refused ??= { holder: this, key, message }
    return each
  })
  if (refused === undefined) return value
  const { holder, key, message } = refused
  // A number that is the whole text has a holder outside it.
  const path = pathTo(value, holder)
  throw Fault.at([faultDetail('UNSAFE_INTEGER', path === undefined ? '' : pointer([...path, key]), message)])
}

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown

function parse(text: string, reviver: Reviver): Json {
  try {
    return JSON.parse(text, reviver) as Json
  } catch (error) {
    const message = error instanceof Error ? error.message.replace(/ in JSON/, '').slice(0, 200) : 'not valid'
    throw Fault.at([faultDetail('MALFORMED_JSON', '', `The text is not valid JSON: ${printable(message)}.`)])
  }
}

/** The way from a value to an object or array inside it. */
function pathTo(value: Json, holder: unknown): string[] | undefined {
  if (value === holder) return []
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, inner] of Object.entries(value)) {
    const path = pathTo(inner, holder)
    if (path !== undefined) return [key, ...path]
  }
  return undefined
}

function printable(message: string): string {
  // The parser quotes what it found; control characters stay out of the answer.
  return message.replace(/[^\x20-\x7e]/g, '?').replace(/\.$/, '')
}

function faultOfNumber(value: number, source: string | undefined): string | undefined {
  const text = source ?? String(value)
  const integer = /^-?\d+$/.test(text)
  if (integer ? Number.isSafeInteger(value) : Number.isFinite(value)) return undefined
  const shown = text.slice(0, 40)
  if (!integer) return `The number ${shown} is too large.`
  return `The integer ${shown} is beyond 2^53 and would be rounded; send it as a string.`
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
