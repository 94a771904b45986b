import { describe, expect, it } from 'vitest'
import { readAlgebraCases, readRules } from './answerCases.ts'

const cases = readAlgebraCases().flatMap((file) => file.cases)
const rules = readRules()

describe('the rules of the algebra', () => {
  it('are known where a case names one', () => {
    const unknown = cases.flatMap((each) =>
      each.rule.filter((rule) => !rules.has(rule)).map((rule) => [each.case, rule]),
    )
    expect(unknown).toEqual([])
  })

  it('are each shown by two cases at least', () => {
    const named = cases.flatMap(({ rule }) => [...new Set(rule)])
    const rare = [...rules.keys()].filter((rule) => named.filter((each) => each === rule).length < 2)
    expect(rare).toEqual([])
  })
})
