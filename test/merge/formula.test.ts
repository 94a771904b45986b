import { describe, expect, it } from 'vitest'
import { parseDecimal, toText } from '../../src/base/decimal.ts'
import { compileCatalog, formatFault } from '../../src/catalog/compile.ts'
import { metricsOf } from '../../src/catalog/formula.ts'
import { parseFormula } from '../../src/catalog/parseFormula.ts'
import { evaluator } from '../../src/merge/formula.ts'
import { isDecimal, type Value } from '../../src/merge/value.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { resolve } from '../../src/query/resolve.ts'

/** Compiles a formula in a catalog of its own, so that its type is the one the catalog gives it. */
function evaluate(formula: string, inputs: Readonly<Record<string, string | null>>): Value | string {
  const names = metricsOf(parseFormula(formula))
  const metrics = names.map((name) => `  - { metric: ${name}, agg: sum, of: ${name} }`).join('\n')
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
    return input === null || input === undefined ? null : (parseDecimal(input) ?? null)
  })
  return isDecimal(value) ? toText(value) : value
}

describe('formulas', () => {
  it('stay exact as long as they do not divide', () => {
    expect(evaluate('a + b - 0.1 * c', { a: '9007199254740993', b: '0.2', c: '2' })).toBe('9007199254740993')
    expect(evaluate('round(a, 1)', { a: '2.25' })).toBe('2.3')
  })

  it('divide as reals, and give null for x / 0', () => {
    expect(evaluate('a / b', { a: '7', b: '2' })).toBe(3.5)
    expect(evaluate('a / b', { a: '7', b: '0' })).toBeNull()
    expect(evaluate('a / (b - b)', { a: '7', b: '3' })).toBeNull()
    expect(evaluate('1 + a / b', { a: '7', b: '0' })).toBeNull()
  })

  it.each([
    ['a + b', { a: '1', b: null }, null],
    ['coalesce(a, b, 3)', { a: null, b: null }, '3'],
    ['nullif(a, 3)', { a: '3.0' }, null],
    ['nullif(a, 3)', { a: '4' }, '4'],
    ['abs(a)', { a: '-4.5' }, '4.5'],
    ['greatest(a, b)', { a: '2', b: '10' }, '10'],
    ['least(a, b)', { a: '2', b: '10' }, '2'],
    ['greatest(a, b)', { a: '2', b: null }, null],
    ['-a', { a: '2' }, '-2'],
    ['case when a > 1 then 10 when a = 1 then 20 else 30 end', { a: '1' }, '20'],
    ['case when a > 1 then 10 end', { a: '1' }, null],
    ['case when a > 1 then 10 else 20 end', { a: null }, '20'],
    ['case when not a > 1 then 10 else 20 end', { a: null }, '20'],
    ['case when a is null or b > 1 then 10 else 20 end', { a: null, b: null }, '10'],
    ['case when a is null and b > 1 then 10 else 20 end', { a: null, b: null }, '20'],
    ['case when a >= 1 and a <= 1 and a <> 2 then 10 else 20 end', { a: '1.0' }, '10'],
  ] as const)('%s of %j', (formula, inputs, expected) => {
    expect(evaluate(formula, inputs)).toBe(expected)
  })
})
