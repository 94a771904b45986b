import {
  type CaseBranch,
  type ComparisonOperator,
  type Condition,
  type Expression,
  FUNCTIONS,
  type FunctionName,
  type MetricLeaf,
} from './formula.ts'

/** A formula that can't be read; `at` is the offset in its text. */
export class FormulaError extends Error {
  readonly at: number
  readonly offending: string

  constructor(message: string, at: number, offending: string) {
    super(message)
    this.at = at
    this.offending = offending
  }
}

interface Token {
  readonly kind: 'number' | 'word' | 'symbol' | 'end'
  readonly text: string
  readonly at: number
}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([A-Za-z_][A-Za-z0-9_]*)|(<>|!=|<=|>=|[-+*/(),<>=]))/y
const KEYWORDS = new Set(['case', 'when', 'then', 'else', 'end', 'and', 'or', 'not', 'is', 'null'])
const MOST_NESTED = 50

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (match === null) {
      const start = at + text.slice(at).search(/\S/)
      throw new FormulaError(`"${text[start]}" can't stand in a formula`, start, text[start] ?? '')
    }
    const [whole, number, word, symbol] = match
    const lexeme = number ?? word ?? symbol ?? ''
    const start = at + whole.length - lexeme.length
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at: start })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at: start })
    else tokens.push({ kind: 'symbol', text: lexeme, at: start })
    at = TOKEN.lastIndex
  }
  tokens.push({ kind: 'end', text: 'the end', at: text.length })
  return tokens
}

/** Reads a formula. Throws FormulaError with the offset of what does not fit. */
export function parseFormula(text: string): Expression {
  const reader = new FormulaReader(tokenize(text))
  const expression = reader.sum()
  reader.expectEnd()
  return expression
}

class FormulaReader {
  readonly #tokens: readonly Token[]
  #position = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  sum(): Expression {
    this.#enter()
    let left = this.#product()
    for (;;) {
      const op = this.#take('+') ? '+' : this.#take('-') ? '-' : undefined
      if (op === undefined) break
      left = { kind: 'binary', op, left, right: this.#product() }
    }
    this.#depth--
    return left
  }

  expectEnd(): void {
    const token = this.#peek()
    if (token.kind !== 'end') throw this.#unexpected(token, 'an operator or the end')
  }

  #product(): Expression {
    let left = this.#unary()
    for (;;) {
      const op = this.#take('*') ? '*' : this.#take('/') ? '/' : undefined
      if (op === undefined) return left
      left = { kind: 'binary', op, left, right: this.#unary() }
    }
  }

  #unary(): Expression {
    this.#enter()
    try {
      if (this.#take('-')) return { kind: 'negate', operand: this.#unary() }
      return this.#primary()
    } finally {
      this.#depth--
    }
  }

  #primary(): Expression {
    const token = this.#next()
    if (token.kind === 'number') return { kind: 'number', text: token.text }
    if (token.text === '(') {
      const inner = this.sum()
      this.#expect(')')
      return inner
    }
    if (token.kind !== 'word') throw this.#unexpected(token, 'a metric, a number or (')
    const word = token.text.toLowerCase()
    if (word === 'case') return this.#case()
    if (word === 'null') return { kind: 'null' }
    if (KEYWORDS.has(word)) throw this.#unexpected(token, 'a metric, a number or (')
    if (this.#peek().text === '(') return this.#call(token)
    return { kind: 'metric', name: token.text, at: token.at }
  }

  #call(token: Token): Expression {
    const name = token.text.toLowerCase()
    if (!isFunction(name)) {
      const known = Object.keys(FUNCTIONS).join(', ')
      throw new FormulaError(`"${token.text}" is not a function; there are ${known}`, token.at, token.text)
    }
    this.#expect('(')
    const args = [this.sum()]
    while (this.#take(',')) args.push(this.sum())
    this.#expect(')')
    const [least, most] = FUNCTIONS[name]
    if (args.length < least || args.length > most) {
      const wanted = least === most ? `${least}` : `${least} to ${most}`
      throw new FormulaError(`${name} takes ${wanted} arguments, not ${args.length}`, token.at, token.text)
    }
    return { kind: 'call', name, args }
  }

  #case(): Expression {
    const branches: CaseBranch<MetricLeaf>[] = []
    while (this.#takeWord('when')) {
      const condition = this.#either()
      this.#expectWord('then')
      branches.push({ condition, result: this.sum() })
    }
    if (branches.length === 0) throw this.#unexpected(this.#peek(), 'when')
    const otherwise: Expression = this.#takeWord('else') ? this.sum() : { kind: 'null' }
    this.#expectWord('end')
    return { kind: 'case', branches, otherwise }
  }

  #either(): Condition<MetricLeaf> {
    let left = this.#both()
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#both() }
    return left
  }

  #both(): Condition<MetricLeaf> {
    let left = this.#condition()
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#condition() }
    return left
  }

  #condition(): Condition<MetricLeaf> {
    if (this.#takeWord('not')) {
      this.#enter()
      const operand = this.#condition()
      this.#depth--
      return { kind: 'not', operand }
    }
    const left = this.sum()
    if (this.#takeWord('is')) {
      const negated = this.#takeWord('not')
      this.#expectWord('null')
      return { kind: 'isNull', operand: left, negated }
    }
    const token = this.#next()
    const op = comparisonOf(token.text)
    if (op === undefined) throw this.#unexpected(token, 'a comparison')
    return { kind: 'compare', op, left, right: this.sum() }
  }

  #enter(): void {
    this.#depth++
    if (this.#depth > MOST_NESTED) {
      throw new FormulaError(`a formula nests at most ${MOST_NESTED} deep`, this.#peek().at, this.#peek().text)
    }
  }

  #peek(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', text: 'the end', at: 0 }
  }

  #next(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#position++
    return token
  }

  #take(symbol: string): boolean {
    const token = this.#peek()
    if (token.kind !== 'symbol' || token.text !== symbol) return false
    this.#position++
    return true
  }

  #takeWord(word: string): boolean {
    const token = this.#peek()
    if (token.kind !== 'word' || token.text.toLowerCase() !== word) return false
    this.#position++
    return true
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw this.#unexpected(this.#peek(), `"${symbol}"`)
  }

  #expectWord(word: string): void {
    if (!this.#takeWord(word)) throw this.#unexpected(this.#peek(), `"${word}"`)
  }

  #unexpected(token: Token, wanted: string): FormulaError {
    const found = token.kind === 'end' ? 'the end' : `"${token.text}"`
    return new FormulaError(`expected ${wanted}, found ${found}`, token.at, token.kind === 'end' ? '' : token.text)
  }
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name)
}

function comparisonOf(text: string): ComparisonOperator | undefined {
  if (text === '!=') return '<>'
  return text === '=' || text === '<>' || text === '<' || text === '<=' || text === '>' || text === '>='
    ? text
    : undefined
}
