import { parseArgs } from 'node:util'
import { didYouMean, nearest } from '../base/didYouMean.ts'
import type { OptionSpec, OptionSpecs } from './option.ts'

/** The command line itself is wrong: what is told, and nothing else happens. */
export class UsageError extends Error {}

const HELP: OptionSpec = { type: 'boolean', help: 'This help.' }

/** The options that were given to a command, checked against its specs. */
export class Arguments {
  readonly #values: ReadonlyMap<string, readonly string[]>
  readonly words: readonly string[]

  constructor(values: ReadonlyMap<string, readonly string[]>, words: readonly string[]) {
    this.#values = values
    this.words = words
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /** The value of an option that is given once at most. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.[0]
  }

  /** Every value, in order. */
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }

  /** A whole number of at least `least`. Throws UsageError. */
  integer(name: string, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    const bounds = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`
    throw new UsageError(`--${name} takes a whole number ${bounds}, not "${text}".`)
  }
}

interface Token {
  readonly kind: 'option' | 'positional' | 'option-terminator'
  readonly name?: string
  readonly rawName?: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

/** Reads the words behind a command. Throws UsageError with a suggestion for what is not known. */
export function readArguments(args: readonly string[], specs: OptionSpecs, words: readonly string[] = []): Arguments {
  const known: OptionSpecs = { ...specs, help: HELP }
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(known).map(([name, { type }]) => [name, name === 'help' ? { type, short: 'h' } : { type }]),
    ),
    strict: false,
    tokens: true,
  })
  return sortTokens(tokens, known, words)
}

function sortTokens(tokens: readonly Token[], known: OptionSpecs, allowed: readonly string[]): Arguments {
  const values = new Map<string, string[]>()
  const words: string[] = []
  let last: string | undefined
  for (const token of tokens) {
    if (token.kind === 'option') {
      const name = token.name ?? ''
      add(values, name, readOption(token, known, values))
      last = known[name]?.takesMore === true ? name : undefined
    } else if (token.kind === 'positional') {
      const word = token.value ?? ''
      if (allowed.includes(word)) words.push(word)
      else if (last !== undefined) add(values, last, word)
      else throw new UsageError(`"${word}" is one word too many.${hintFor(word, known)}`)
    }
  }
  return new Arguments(values, words)
}

function add(values: Map<string, string[]>, name: string, value: string): void {
  const there = values.get(name)
  if (there === undefined) values.set(name, [value])
  else there.push(value)
}

function readOption(token: Token, known: OptionSpecs, values: ReadonlyMap<string, unknown>): string {
  const { name = '', rawName = '', value, inlineValue = false } = token
  const spec = Object.hasOwn(known, name) ? known[name] : undefined
  if (spec === undefined) {
    const near = nearest(name, Object.keys(known)).map((each) => `--${each}`)
    throw new UsageError(`There is no option ${rawName} here.${didYouMean(near)}`)
  }
  if (spec.repeats !== true && values.has(name)) throw new UsageError(`--${name} is given twice.`)
  if (spec.type === 'boolean') {
    if (value !== undefined) throw new UsageError(`--${name} takes no value.`)
    return ''
  }
  const isOption = !inlineValue && value?.startsWith('--') === true
  if (value === undefined || value === '' || isOption) throw new UsageError(`--${name} needs a value.`)
  return value
}

function hintFor(word: string, known: OptionSpecs): string {
  if (Object.hasOwn(known, word)) return ` Did you mean "--${word}"?`
  return ' A value with spaces in it stands in quotes.'
}

/** Options that stand for variables of the environment, as overrides of it; those that are not given are left out. */
export function overridesOf(given: Arguments, variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([option, variable]) => {
      const value = given.text(option)
      return value === undefined ? [] : [[variable, value]]
    }),
  )
}
