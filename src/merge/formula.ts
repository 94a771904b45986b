import { add, compare, type Decimal, multiply, parseDecimal, round, subtract, toNumber } from '../base/decimal.ts'
import type { ArithmeticOperator, Condition, Formula, FunctionName } from '../catalog/formula.ts'
import type { NumberType } from '../catalog/schema.ts'
import type { SeriesLeaf } from '../query/resolved.ts'
import { COMPARE, type Truth, together } from './truth.ts'
import { asNumber, isDecimal, type Value } from './value.ts'

/** Finished values of the requests of one row. */
export type Inputs = (request: string) => Value

/**
 * Evaluates a formula for a row: exactly where the metric's type is exact, in doubles where it divides. Null in, null
 * out; x / 0 is null.
 */
export function evaluator(formula: Formula<SeriesLeaf>, type: NumberType): (inputs: Inputs) => Value {
  if (type === 'float') return (inputs) => finite(evaluate(formula, inputs, DOUBLES))
  return (inputs) => evaluate(formula, inputs, EXACT)
}

function finite(value: number | null): number | null {
  return Number.isFinite(value) ? value : null
}

type Arithmetic<N> = Readonly<Record<ArithmeticOperator, (a: N, b: N) => N | null>> & {
  literal(text: string): N | null
  read(value: Value): N | null
  compare(a: N, b: N): number
  negate(a: N): N
  round(a: N, digits: number): N
  toNumber(a: N): number
}

const EXACT: Arithmetic<Decimal> = {
  literal: (text) => parseDecimal(text) ?? null,
  read: (value) => (isDecimal(value) ? value : (parseDecimal(String(value)) ?? null)),
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': () => {
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
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? null : a / b),
  compare: (a, b) => a - b,
  negate: (a) => -a,
  // Half away from zero, as SQL rounds.
  round: (a, digits) => {
    const factor = 10 ** digits
    return (Math.sign(a) * Math.round(Math.abs(a) * factor)) / factor
  },
  toNumber: (a) => a,
}

const COMPARISONS = {
  '=': COMPARE.eq,
  '<>': COMPARE.ne,
  '<': COMPARE.lt,
  '<=': COMPARE.lte,
  '>': COMPARE.gt,
  '>=': COMPARE.gte,
} as const

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
      return left === null || right === null ? null : math[of.op](left, right)
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
      return first === null ? null : (ordered([math.negate(first), first], math).at(-1) ?? null)
    case 'round': {
      const [value = null, digits = math.literal('0')] = values
      if (value === null || digits === null) return null
      return math.round(value, Math.trunc(math.toNumber(digits)))
    }
    case 'greatest':
      return ordered(values, math).at(-1) ?? null
    case 'least':
      return ordered(values, math).at(0) ?? null
  }
}

/** From the least to the greatest; none where one is null: null in, null out, as in ClickHouse. PostgreSQL skips nulls. */
function ordered<N>(values: readonly (N | null)[], { compare: order }: Arithmetic<N>): readonly N[] {
  return values.every((value) => value !== null) ? values.toSorted(order) : []
}

/** Three-valued: null is unknown. */
function holds<N>(condition: Condition<SeriesLeaf>, inputs: Inputs, math: Arithmetic<N>): Truth {
  switch (condition.kind) {
    case 'isNull':
      return (evaluate(condition.operand, inputs, math) === null) !== condition.negated
    case 'not': {
      const inner = holds(condition.operand, inputs, math)
      return inner === null ? null : !inner
    }
    case 'and':
    case 'or': {
      const sides = [condition.left, condition.right].map((side) => holds(side, inputs, math))
      return together(condition.kind === 'or' ? 'any' : 'all', sides)
    }
    case 'compare': {
      const left = evaluate(condition.left, inputs, math)
      const right = evaluate(condition.right, inputs, math)
      return left === null || right === null ? null : COMPARISONS[condition.op](math.compare(left, right))
    }
  }
}
