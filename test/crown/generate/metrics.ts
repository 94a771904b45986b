import type { Random } from '../../support/random.ts'
import type {
  Aggregation,
  AtomicModel,
  CompositeModel,
  DimensionName,
  Measured,
  MeasureName,
  MetricModel,
  NumberKind,
} from '../model.ts'
import { type Exact, exact, isExact, minus, numberOf, order, plus, readExact, rounded, times } from '../oracle/exact.ts'

const ATOMIC: readonly (readonly [string, Aggregation, MeasureName | undefined, NumberKind])[] = [
  ['rows', 'count', undefined, 'integer'],
  ['valued', 'count', 'amount', 'integer'],
  ['amount', 'sum', 'amount', 'decimal'],
  ['units', 'sum', 'units', 'integer'],
  ['pieces', 'sum', 'units', 'decimal'],
  ['low', 'min', 'amount', 'decimal'],
  ['high', 'max', 'amount', 'decimal'],
  ['fewest', 'min', 'units', 'integer'],
  ['most', 'max', 'units', 'integer'],
  ['mean', 'avg', 'amount', 'float'],
  ['typical', 'avg', 'units', 'float'],
  ['viewers', 'count_distinct', 'viewer', 'integer'],
]

export function atomicMetrics(process: string): AtomicModel[] {
  return ATOMIC.map(([name, aggregation, of, type]) => ({
    kind: 'atomic',
    name: `${process}_${name}`,
    process,
    aggregation,
    of,
    type,
  }))
}

/** A few metrics under the modifiers that the process has. */
export function derivedMetrics(random: Random, process: string, modifiers: readonly string[]): MetricModel[] {
  return modifiers.flatMap((modifier) =>
    random.sample(ATOMIC, 4).map(([name, , , type]) => ({
      kind: 'derived' as const,
      name: `${process}_${name}_${modifier}`,
      process,
      from: `${process}_${name}`,
      modifiers: [modifier],
      type,
    })),
  )
}

export const MODIFIERS: Readonly<Record<string, DimensionName>> = { picked: 'channel', tiered: 'advertiser' }

type Both = (a: Measured, b: Measured) => Measured

/** An exact operation where a null makes null. */
const exactly =
  (compute: (a: Exact, b: Exact) => Measured): Both =>
  (a, b) =>
    isExact(a) && isExact(b) ? compute(a, b) : null

const asNumber = (value: Measured): number | null => (isExact(value) ? numberOf(value) : value)

const divided: Both = (a, b) => {
  const [x, y] = [asNumber(a), asNumber(b)]
  return x === null || y === null || y === 0 ? null : x / y
}

const or = (value: Measured, other: Exact): Exact => (isExact(value) ? value : other)

interface Template {
  readonly name: string
  readonly type: NumberKind
  readonly inputs: readonly [string] | readonly [string, string] | readonly [string, string, string, string]
  readonly formula: string
  readonly evaluate: (inputs: readonly Measured[]) => Measured
}

const ZERO = exact(0)

/** Inputs are `p:name` and `q:name`, of the first and the second process. */
const TEMPLATES: readonly Template[] = [
  template('per', 'float', ['p:amount', 'p:rows'], 'A / B', ([a = null, b = null]) => divided(a, b)),
  template('rate', 'float', ['p:rows', 'q:rows'], 'A / B', ([a = null, b = null]) => divided(a, b)),
  template('both', 'decimal', ['p:amount', 'q:amount'], 'coalesce(A, 0) + coalesce(B, 0)', ([a = null, b = null]) =>
    plus(or(a, ZERO), or(b, ZERO)),
  ),
  template(
    'case',
    'integer',
    ['p:rows', 'p:units'],
    'case when A > 3 then B when A is null then -1 else 0 end',
    ([a = null, b = null]) => {
      if (!isExact(a)) return exact(-1)
      return order(a, exact(3)) > 0 ? b : ZERO
    },
  ),
  template(
    'spread',
    'decimal',
    ['p:high', 'q:high', 'p:low', 'q:low'],
    'greatest(A, B) - least(C, D)',
    ([a = null, b = null, c = null, d = null]) => {
      if (!isExact(a) || !isExact(b) || !isExact(c) || !isExact(d)) return null
      return minus(order(a, b) > 0 ? a : b, order(c, d) < 0 ? c : d)
    },
  ),
  template('half', 'decimal', ['p:amount'], 'round(A * 1.5, 1)', ([a = null]) =>
    isExact(a) ? rounded(times(a, readExact('1.5')), 1) : null,
  ),
  template('others', 'integer', ['p:viewers'], 'nullif(A, 1) * 2', ([a = null]) =>
    isExact(a) && order(a, exact(1)) !== 0 ? times(a, exact(2)) : null,
  ),
  template('size', 'integer', ['p:units', 'q:rows'], 'abs(A) - B', ([a = null, b = null]) =>
    exactly((x, y) => minus(order(x, ZERO) < 0 ? minus(ZERO, x) : x, y))(a, b),
  ),
  template('doubled', 'float', ['p:mean'], 'A * 2', ([a = null]) => {
    const mean = asNumber(a)
    return mean === null ? null : mean * 2
  }),
  template(
    'larger',
    'decimal',
    ['p:amount', 'q:amount'],
    'case when A > B or B is null then A else -B end',
    ([a = null, b = null]) => {
      if (!isExact(b)) return a
      return isExact(a) && order(a, b) > 0 ? a : minus(ZERO, b)
    },
  ),
]

function template(
  name: string,
  type: NumberKind,
  inputs: Template['inputs'],
  formula: string,
  evaluate: Template['evaluate'],
): Template {
  return { name, type, inputs, formula, evaluate }
}

/** Formulas over one process or two; the second is the first where there is only one. */
export function compositeMetrics(random: Random, processes: readonly string[]): CompositeModel[] {
  return processes.flatMap((p) => {
    const q = random.pick(processes)
    return random.sample(TEMPLATES, 6).map(({ name, type, inputs, formula, evaluate }): CompositeModel => {
      const names = inputs.map((input) => input.replace('p:', `${p}_`).replace('q:', `${q}_`))
      const text = names.reduce((of, each, i) => of.replaceAll(new RegExp(`\\b${'ABCD'[i]}\\b`, 'g'), each), formula)
      const own = names.every((each) => each.startsWith(`${p}_`))
      return {
        kind: 'composite',
        name: `${p}_${name}_${q}`,
        process: own && random.chance(0.5) ? p : undefined,
        inputs: names,
        formula: text,
        type,
        evaluate,
      }
    })
  })
}
