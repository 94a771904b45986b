/**
 * Formulas over leaves: metrics in the catalog, atomic requests in a resolved question. `+ - * /`, numbers, functions and
 * `case`. Read by parseFormula.ts, evaluated in merge/.
 */
export type Formula<Leaf> =
  | Leaf
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'negate'; readonly operand: Formula<Leaf> }
  | {
      readonly kind: 'binary'
      readonly op: ArithmeticOperator
      readonly left: Formula<Leaf>
      readonly right: Formula<Leaf>
    }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Formula<Leaf>[] }
  | { readonly kind: 'case'; readonly branches: readonly CaseBranch<Leaf>[]; readonly otherwise: Formula<Leaf> }

export type ArithmeticOperator = '+' | '-' | '*' | '/'
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>='

export type Condition<Leaf> =
  | {
      readonly kind: 'compare'
      readonly op: ComparisonOperator
      readonly left: Formula<Leaf>
      readonly right: Formula<Leaf>
    }
  | { readonly kind: 'isNull'; readonly operand: Formula<Leaf>; readonly negated: boolean }
  | { readonly kind: 'and' | 'or'; readonly left: Condition<Leaf>; readonly right: Condition<Leaf> }
  | { readonly kind: 'not'; readonly operand: Condition<Leaf> }

export interface CaseBranch<Leaf> {
  readonly condition: Condition<Leaf>
  readonly result: Formula<Leaf>
}

/** A metric by its name; `at` is the offset in the formula's text. */
export interface MetricLeaf {
  readonly kind: 'metric'
  readonly name: string
  readonly at: number
}

/** A formula as the catalog holds it. */
export type Expression = Formula<MetricLeaf>

/** Function name -> least and most arguments. */
export const FUNCTIONS = {
  coalesce: [1, 20],
  nullif: [2, 2],
  abs: [1, 1],
  round: [1, 2],
  greatest: [1, 20],
  least: [1, 20],
} as const satisfies Record<string, readonly [number, number]>

export type FunctionName = keyof typeof FUNCTIONS

interface AnyLeaf {
  readonly kind: 'metric' | 'request'
}

/** Every part of a formula, the whole first; conditions of `case` are walked through. */
export function* walk<Leaf extends AnyLeaf>(formula: Formula<Leaf>): Generator<Formula<Leaf>> {
  yield formula
  switch (formula.kind) {
    case 'negate':
      yield* walk(formula.operand)
      break
    case 'binary':
      yield* walk(formula.left)
      yield* walk(formula.right)
      break
    case 'call':
      for (const arg of formula.args) yield* walk(arg)
      break
    case 'case':
      for (const branch of formula.branches) {
        yield* walkCondition(branch.condition)
        yield* walk(branch.result)
      }
      yield* walk(formula.otherwise)
      break
    case 'number':
    case 'null':
    case 'metric':
    case 'request':
      break
  }
}

function* walkCondition<Leaf extends AnyLeaf>(condition: Condition<Leaf>): Generator<Formula<Leaf>> {
  switch (condition.kind) {
    case 'compare':
      yield* walk(condition.left)
      yield* walk(condition.right)
      break
    case 'isNull':
      yield* walk(condition.operand)
      break
    case 'not':
      yield* walkCondition(condition.operand)
      break
    case 'and':
    case 'or':
      yield* walkCondition(condition.left)
      yield* walkCondition(condition.right)
      break
  }
}

/** The same formula over other leaves. */
export function mapLeaves<To>(formula: Expression, leaf: (metric: MetricLeaf) => Formula<To>): Formula<To> {
  const inner = (of: Expression): Formula<To> => mapLeaves(of, leaf)
  switch (formula.kind) {
    case 'metric':
      return leaf(formula)
    case 'number':
    case 'null':
      return formula
    case 'negate':
      return { kind: 'negate', operand: inner(formula.operand) }
    case 'binary':
      return { kind: 'binary', op: formula.op, left: inner(formula.left), right: inner(formula.right) }
    case 'call':
      return { kind: 'call', name: formula.name, args: formula.args.map(inner) }
    case 'case':
      return {
        kind: 'case',
        branches: formula.branches.map(({ condition, result }) => ({
          condition: mapCondition(condition, inner),
          result: inner(result),
        })),
        otherwise: inner(formula.otherwise),
      }
  }
}

function mapCondition<To>(of: Condition<MetricLeaf>, inner: (each: Expression) => Formula<To>): Condition<To> {
  switch (of.kind) {
    case 'compare':
      return { kind: 'compare', op: of.op, left: inner(of.left), right: inner(of.right) }
    case 'isNull':
      return { kind: 'isNull', operand: inner(of.operand), negated: of.negated }
    case 'not':
      return { kind: 'not', operand: mapCondition(of.operand, inner) }
    case 'and':
    case 'or':
      return { kind: of.kind, left: mapCondition(of.left, inner), right: mapCondition(of.right, inner) }
  }
}

/** The metric names a formula reads, each once, in order of appearance. */
export function metricsOf(expression: Expression): string[] {
  const names = new Set<string>()
  for (const part of walk(expression)) if (part.kind === 'metric') names.add(part.name)
  return [...names]
}
