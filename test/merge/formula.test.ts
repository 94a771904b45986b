import { describe, expect, it } from 'vitest'
import { parseDecimal, toText } from '../../src/base/decimal.ts'
import { compileCatalog, formatFault } from '../../src/catalog/compile.ts'
import { metricsOf } from '../../src/catalog/formula.ts'
import { parseFormula } from '../../src/catalog/parseFormula.ts'
import { evaluator } from '../../src/merge/formula.ts'
import { isDecimal, type Value } from '../../src/merge/value.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { resolve } from '../../src/query/resolve.ts'

type Texts = Readonly<Record<string, string | null>>

/** Compiles a formula in a catalog of its own, so that its type is the one the catalog gives it. */
function evaluate(formula: string, inputs: Texts, type: 'decimal' | 'float' = 'decimal'): Value | string {
  const names = metricsOf(parseFormula(formula))
  const metrics = names.map((name) => `  - { metric: ${name}, agg: sum, of: ${name}, type: ${type} }`).join('\n')
  const text = `process: p\ndomain: d\nzone: UTC\nsources:\n  - source: s\n    store: offline\n    table: t\n    time: { column: at, grain: instant }\n    measures: { ${names.map((name) => `${name}: ${name}`).join(', ')} }\nmetrics:\n${metrics}\n  - { metric: result, formula: "${formula}" }\n`
  const compiled = compileCatalog([{ path: 'metrics/p.yaml', text }])
  if (!compiled.ok) throw new Error(compiled.faults.map(formatFault).join('\n'))
  const { question } = resolve(readQuestion({ metrics: ['result'] }), { catalog: compiled.catalog, now: 0, scope: [] })
  const [column] = question.metrics
  if (column?.kind !== 'formula') throw new Error('no column')
  const value = evaluator(
    column.formula,
    column.type,
  )((request) => {
    const input = inputs[request]
    if (input === null || input === undefined) return null
    return type === 'float' ? Number(input) : (parseDecimal(input) ?? null)
  })
  return isDecimal(value) ? toText(value) : value
}

describe('formulas', () => {
  it('stay exact as long as they do not divide', () => {
    expect(evaluate('a + b - 0.1 * c', { a: '9007199254740993', b: '0.2', c: '2' })).toBe('9007199254740993')
    expect(evaluate('round(a, 1)', { a: '2.25' })).toBe('2.3')
  })

  it('read exact inputs in whatever form they come', () => {
    const a = { kind: 'request', id: 'a' } as const
    const twice = evaluator({ kind: 'binary', op: '+', left: a, right: a }, 'integer')
    for (const input of [9007199254740993n, { units: 9007199254740993n, scale: 0 }])
      expect(twice(() => input)).toEqual({ units: 18014398509481986n, scale: 0 })
    expect(twice(() => 1.5)).toEqual({ units: 30n, scale: 1 })
    expect(twice(() => null)).toBeNull()
  })

  it('divide as reals, and give null for x / 0', () => {
    expect(evaluate('a / b', { a: '7', b: '2' })).toBe(3.5)
    expect(evaluate('a / b', { a: '7', b: '0' })).toBeNull()
    expect(evaluate('a / (b - b)', { a: '7', b: '3' })).toBeNull()
    expect(evaluate('1 + a / b', { a: '7', b: '0' })).toBeNull()
  })

  it.each([
    ['a + b', { a: '1', b: null }, null],
    ['a + b', { a: null, b: '1' }, null],
    ['a', { a: '1.5' }, '1.5'],
    ['a', { a: null }, null],
    ['a + b', { a: '1.5', b: '2' }, '3.5'],
    ['a - b', { a: '1.5', b: '2' }, '-0.5'],
    ['a * b', { a: '1.5', b: '2' }, '3'],
    ['a - -b', { a: '1.5', b: '2' }, '3.5'],
    ['a + null', { a: '1' }, null],
    ['coalesce(a, b, 3)', { a: null, b: null }, '3'],
    ['coalesce(a, b, 3)', { a: null, b: '2' }, '2'],
    ['coalesce(a, b, 3)', { a: '1', b: '2' }, '1'],
    ['coalesce(a, b)', { a: null, b: null }, null],
    ['nullif(a, 3)', { a: '3.0' }, null],
    ['nullif(a, 3)', { a: '4' }, '4'],
    ['nullif(a, b)', { a: '4', b: null }, '4'],
    ['nullif(a, b)', { a: null, b: '4' }, null],
    ['abs(a)', { a: '-4.5' }, '4.5'],
    ['abs(a)', { a: '4.5' }, '4.5'],
    ['abs(a)', { a: '0.5' }, '0.5'],
    ['abs(a)', { a: '0' }, '0'],
    ['abs(a)', { a: null }, null],
    ['round(a)', { a: '2.5' }, '3'],
    ['round(a)', { a: '-2.5' }, '-3'],
    ['round(a)', { a: '-2.25' }, '-2'],
    ['round(a, 1)', { a: '-2.25' }, '-2.3'],
    ['round(a, 2)', { a: '7.128' }, '7.13'],
    ['round(a, -2)', { a: '1250' }, '1300'],
    ['round(a, b)', { a: '7.128', b: '1.9' }, '7.1'],
    ['round(a, b)', { a: '1250', b: '-1.9' }, '1250'],
    ['round(a, b)', { a: '7.128', b: null }, null],
    ['round(a, b)', { a: null, b: '1' }, null],
    ['greatest(a, b)', { a: '2', b: '10' }, '10'],
    ['greatest(a, b)', { a: '10', b: '2' }, '10'],
    ['greatest(a, b, 5)', { a: '2', b: '3' }, '5'],
    ['greatest(a)', { a: '2' }, '2'],
    ['least(a, b)', { a: '2', b: '10' }, '2'],
    ['least(a, b)', { a: '10', b: '2' }, '2'],
    ['least(a, b, 1)', { a: '2', b: '3' }, '1'],
    ['greatest(a, b)', { a: '2', b: null }, null],
    ['least(a, b)', { a: null, b: '2' }, null],
    ['-a', { a: '2' }, '-2'],
    ['-a', { a: null }, null],
    ['case when a > 1 then 10 when a = 1 then 20 else 30 end', { a: '1' }, '20'],
    ['case when a > 1 then 10 when a > 0 then 20 else 30 end', { a: '2' }, '10'],
    ['case when a > 1 then 10 end', { a: '1' }, null],
    ['case when a > 1 then 10 else 20 end', { a: null }, '20'],
    ['case when a is not null then 10 else 20 end', { a: null }, '20'],
    ['case when a is not null then 10 else 20 end', { a: '1' }, '10'],
  ] as const)('%s of %j', (formula, inputs, expected) => {
    expect(evaluate(formula, inputs)).toBe(expected)
    expect(evaluate(formula, inputs, 'float')).toBe(expected === null ? null : Number(expected))
  })

  it('give null for what has no number, and what comes after it does not know of it', () => {
    expect(evaluate('a * b', { a: '1e200', b: '1e200' }, 'float')).toBeNull()
    expect(evaluate('1 / (a / b)', { a: '7', b: '0' })).toBeNull()
    expect(evaluate('coalesce(a / b, 5)', { a: '7', b: '0' })).toBe(5)
    expect(evaluate('round(a / b, 2)', { a: '2', b: '3' })).toBe(0.67)
    expect(evaluate('a / b', { a: '-7', b: '2' }, 'float')).toBe(-3.5)
  })

  const SYMBOLS = ['=', '<>', '!=', '<', '<=', '>', '>='] as const
  it.each(SYMBOLS)('compare by %s, and null with nothing', (symbol) => {
    const wanted = (a: number, b: number): boolean =>
      ({ '=': a === b, '<>': a !== b, '!=': a !== b, '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b })[symbol]
    const formula = `case when a ${symbol} b then 1 when not a ${symbol} b then 0 end`
    for (const type of ['decimal', 'float'] as const) {
      for (const [a, b] of [
        ['1', '2'],
        ['2.0', '2'],
        ['10', '9.5'],
      ] as const) {
        expect(Number(evaluate(formula, { a, b }, type))).toBe(Number(wanted(Number(a), Number(b))))
      }
      expect(evaluate(formula, { a: null, b: '1' }, type)).toBeNull()
      expect(evaluate(formula, { a: '1', b: null }, type)).toBeNull()
    }
  })

  it('know three truths', () => {
    // Of false, unknown and true, as 0, 1 and 2, "and" is the least, "or" the greatest, and "not" turns them round.
    const truths = ['0', null, '1'] as const
    const formula = (first: string, second: string): string =>
      `case when ${first} then 2 when ${second} then 0 else 1 end`
    for (const [i, a] of truths.entries()) {
      const not = formula('not a > 0', 'a > 0')
      expect(Number(evaluate(not, { a }))).toBe(2 - i)
      for (const [j, b] of truths.entries()) {
        const and = formula('a > 0 and b > 0', 'a = 0 or b = 0')
        expect(Number(evaluate(and, { a, b }))).toBe(Math.min(i, j))
        const or = formula('a > 0 or b > 0', 'a = 0 and b = 0')
        expect(Number(evaluate(or, { a, b }))).toBe(Math.max(i, j))
      }
    }
  })
})
