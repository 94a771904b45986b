import { describe, expect, it } from 'vitest'
import { metricsOf } from '../../src/catalog/formula.ts'
import { FormulaError, parseFormula } from '../../src/catalog/parseFormula.ts'

const failAt = (text: string): string => {
  try {
    parseFormula(text)
    return 'read'
  } catch (error) {
    return error instanceof FormulaError ? `${error.at}: ${error.message}` : String(error)
  }
}

describe('formulas', () => {
  it('bind products before sums, from the left', () => {
    expect(parseFormula('a - b - c * d')).toMatchObject({
      op: '-',
      left: { op: '-', left: { name: 'a' }, right: { name: 'b' } },
      right: { op: '*' },
    })
  })

  it('read functions, case and nested conditions', () => {
    const text = 'case when a > 0 and not (b) is null or c <= 2 then coalesce(a, 0) else round(b, 2) end'
    expect(metricsOf(parseFormula(text))).toEqual(['a', 'b', 'c'])
    expect(parseFormula('CASE WHEN a = 1 THEN 2 END')).toMatchObject({ kind: 'case', otherwise: { kind: 'null' } })
  })

  it.each([
    ['a +', '3: expected a metric, a number or (, found the end'],
    ['a b', '2: expected an operator or the end, found "b"'],
    ['a; drop table x', '1: ";" can\'t stand in a formula'],
    ['nullif(a)', '0: nullif takes 2 arguments, not 1'],
    ['case a end', '5: expected when, found "a"'],
    ['(a', '2: expected ")", found the end'],
  ])('%s', (text, told) => {
    expect(failAt(text)).toBe(told)
  })

  it('nest to a bound and not beyond', () => {
    expect(failAt(`${'('.repeat(20)}a${')'.repeat(20)}`)).toBe('read')
    expect(failAt(`${'('.repeat(5000)}a${')'.repeat(5000)}`)).toMatch(/nests at most 50 deep/)
    expect(failAt(`${'-'.repeat(5000)}a`)).toMatch(/nests at most 50 deep/)
  })
})
