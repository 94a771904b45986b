import { add, compare, type Decimal, multiply, parseDecimal, round, subtract, toNumber, ZERO } from '../base/decimal.ts'
import type { Condition, Formula, FunctionName } from '../catalog/formula.ts'
import type { NumberType } from '../catalog/schema.ts'
import type { SeriesLeaf } from '../query/resolved.ts'
import { asNumber, isDecimal, type Value } from './value.ts'

/** Finished values of the requests of one row. */
export type Inputs = (request: string) => Value

/**
 * Evaluates a formula for a row: exactly where the metric's type is exact, in doubles where it divides. Null in, null
 * out; x / 0 is null.
 */
export function evaluator(formula: Formula<SeriesLeaf>, type: NumberType): (inputs: Inputs) => Value {
  if (type !== 'float' && formula.kind === 'request') return (inputs) => inputs(formula.id)
  if (type === 'float') return (inputs) => finite(evaluate(formula, inputs, DOUBLES))
  return (inputs) => evaluate(formula, inputs, EXACT)
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null
}

interface Arithmetic<N> {
  literal(text: string): N
  read(value: Value): N | null
  binary(op: '+' | '-' | '*' | '/', a: N, b: N): N | null
  compare(a: N, b: N): number
  negate(a: N): N
  round(a: N, digits: number): N
  toNumber(a: N): number
}

const EXACT: Arithmetic<Decimal> = {
  literal: (text) => parseDecimal(text) ?? ZERO,
  read: (value) => {
    if (value === null || typeof value === 'boolean' || typeof value === 'string') return null
    return isDecimal(value) ? value : (parseDecimal(String(value)) ?? null)
  },
  binary: (op, a, b) => {
    if (op === '+') return add(a, b)
    if (op === '-') return subtract(a, b)
    if (op === '*') return multiply(a, b)
    throw new TypeError('a formula that divides is a float')
  },
  compare,
  negate: (a) => ({ units: -a.units, scale: a.scale }),
  round,
  toNumber,
}

const DOUBLES: Arithmetic<number> = {
  literal: Number,
  read: asNumber,
  binary: (op, a, b) => {
    if (op === '+') return a + b
    if (op === '-') return a - b
    if (op === '*') return a * b
    return b === 0 ? null : a / b
  },
  compare: (a, b) => Math.sign(a - b),
  negate: (a) => -a,
  // Half away from zero, as SQL rounds.
  round: (a, digits) => {
    const factor = 10 ** digits
    return (Math.sign(a) * Math.round(Math.abs(a) * factor)) / factor
  },
  toNumber: (a) => a,
}

function evaluate<N>(of: Formula<SeriesLeaf>, inputs: Inputs, math: Arithmetic<N>): N | null {
  switch (of.kind) {
    case 'request':
      return math.read(inputs(of.id))
    case 'number':
      return math.literal(of.text)
    case 'null':
      return null
    case 'negate': {
      const value = evaluate(of.operand, inputs, math)
      return value === null ? null : math.negate(value)
    }
    case 'binary': {
      const left = evaluate(of.left, inputs, math)
      const right = evaluate(of.right, inputs, math)
      return left === null || right === null ? null : math.binary(of.op, left, right)
    }
    case 'call':
      return call(of.name, of.args, inputs, math)
    case 'case': {
      const branch = of.branches.find(({ condition }) => holds(condition, inputs, math) === true)
      return evaluate(branch === undefined ? of.otherwise : branch.result, inputs, math)
    }
  }
}

function call<N>(
  name: FunctionName,
  args: readonly Formula<SeriesLeaf>[],
  inputs: Inputs,
  math: Arithmetic<N>,
): N | null {
  const values = args.map((arg) => evaluate(arg, inputs, math))
  const [first = null, second = null] = values
  switch (name) {
    case 'coalesce':
      return values.find((value) => value !== null) ?? null
    case 'nullif':
      return first !== null && second !== null && math.compare(first, second) === 0 ? null : first
    case 'abs':
      return first !== null && math.compare(first, math.literal('0')) < 0 ? math.negate(first) : first
    case 'round':
      if (first === null || (args.length === 2 && second === null)) return null
      return math.round(first, second === null ? 0 : Math.trunc(math.toNumber(second)))
    case 'greatest':
    case 'least': {
      // Null in, null out, as in ClickHouse; PostgreSQL would skip nulls.
      let best = first
      for (const value of values) {
        if (value === null || best === null) return null
        const order = math.compare(value, best)
        if (name === 'greatest' ? order > 0 : order < 0) best = value
      }
      return best
    }
  }
}

/** Three-valued: null is unknown. */
function holds<N>(condition: Condition<SeriesLeaf>, inputs: Inputs, math: Arithmetic<N>): boolean | null {
  switch (condition.kind) {
    case 'isNull':
      return (evaluate(condition.operand, inputs, math) === null) !== condition.negated
    case 'not': {
      const inner = holds(condition.operand, inputs, math)
      return inner === null ? null : !inner
    }
    case 'and':
    case 'or': {
      const decisive = condition.kind === 'or'
      const left = holds(condition.left, inputs, math)
      const right = holds(condition.right, inputs, math)
      if (left === decisive || right === decisive) return decisive
      return left === null || right === null ? null : !decisive
    }
    case 'compare': {
      const left = evaluate(condition.left, inputs, math)
      const right = evaluate(condition.right, inputs, math)
      if (left === null || right === null) return null
      const order = math.compare(left, right)
      switch (condition.op) {
        case '=':
          return order === 0
        case '<>':
          return order !== 0
        case '<':
          return order < 0
        case '<=':
          return order <= 0
        case '>':
          return order > 0
        case '>=':
          return order >= 0
      }
    }
  }
}
