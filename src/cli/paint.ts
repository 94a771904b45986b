import { stripVTControlCharacters } from 'node:util'

export type Look = 'bold' | 'dim' | 'red' | 'yellow' | 'green'

const CODES: Readonly<Record<Look, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
}

/** Gives a text its look; leaves it as it is where nobody sees colour. */
export type Paint = (text: string, look: Look | undefined) => string

/** Colour on a terminal that has it; NO_COLOR is respected by the stream itself. */
export function painter(out: NodeJS.WriteStream): Paint {
  if (!out.isTTY || !out.hasColors()) return (text) => text
  return (text, look) => {
    if (look === undefined) return text
    const [on, off] = CODES[look]
    return `\x1b[${on}m${text}\x1b[${off}m`
  }
}

/** Control and formatting characters as escapes: what a store holds can't move the cursor or turn the line around. */
export function printable(text: string): string {
  return stripVTControlCharacters(text) === text && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)
    ? text
    : text.replace(/(?!\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeCharacter)
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeCharacter(character: string): string {
  return SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
