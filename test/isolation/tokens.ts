/** Letters that no word and no hexadecimal number is made of. */
const LETTERS = 'bcdfghjkmnprstvwyz'
const TOWN_CODES = LETTERS.length ** 4
const CODES = LETTERS.length ** 3
const FORM = /x[bcdfghjkmnprstvwyz]{7}x|(?<!\d)7000\d{8}(?!\d)/g
const FIRST_INTEGER = 700_000_000_000

/** What each token of this run stands in, for whoever reads of a leak. Chance likeness to a token is not in here. */
const known = new Map<string, string>()

/**
 * Marks that stand in names, keys and values, each once in a run: whoever finds one in a reply knows whose it is. They
 * look like xbcdfghjx; where a key is an integer the whole key is one.
 */
export class Tokens {
  readonly #town: number
  #count = 0

  /** `town` tells the tokens of one catalog from those of another. */
  constructor(town: number) {
    this.#town = town
  }

  /** A new token; `of` says what it stands in. */
  next(of: string): string {
    const town = written((this.#town * 31_337) % TOWN_CODES, 4)
    const token = `x${town}${written((this.#count++ * 1117) % CODES, 3)}x`
    known.set(token, of)
    return token
  }

  /** A token that is an integer, as text. */
  nextInteger(of: string): string {
    const token = String(FIRST_INTEGER + this.#town * 1000 + this.#count++)
    known.set(token, of)
    return token
  }
}

function written(number: number, width: number): string {
  let text = ''
  for (let rest = number, i = 0; i < width; i++) {
    text += LETTERS.charAt(rest % LETTERS.length)
    rest = Math.floor(rest / LETTERS.length)
  }
  return text
}

/** Every token in a text, each once. */
export function tokensIn(text: string): Set<string> {
  return new Set([...text.matchAll(FORM)].flatMap(([token]) => (known.has(token) ? [token] : [])))
}

/** What a token stands in. */
export function meaningOf(token: string): string {
  return known.get(token) ?? 'nothing'
}

/** The text with each token one letter short: near enough to be suggested, and no token any more. */
export function misspelt(text: string): string {
  return text.replace(FORM, (token) => `${token.slice(0, 4)}${token.slice(5)}`)
}
