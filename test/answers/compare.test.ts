import { expect, it } from 'vitest'
import { differences, plainNumber, type Table } from '../support/answersTable.ts'

const table = (...rows: (string | null)[][]): Table => ({ columns: ['channel', 'cost'], rows })
const exact = new Set<string>()
const doubles = new Set(['cost'])

it('finds nothing where every cell is the same', () => {
  expect(differences(table(['feed', '1.5'], [null, null]), table(['feed', '1.5'], [null, null]), exact)).toBeUndefined()
})

it('compares exact numbers digit for digit and doubles closely', () => {
  const [a, b] = [table(['feed', '0.3']), table(['feed', '0.30000000000000004'])]
  expect(differences(a, b, exact)).toMatch(/expected +0 +feed +0\.3\n +got +0 +feed +0\.30000000000000004/)
  expect(differences(a, b, doubles)).toBeUndefined()
  expect(differences(a, table(['feed', '0.3000000001']), doubles)).toBeDefined()
})

it('tells null from nothing, one order from another and a row too few', () => {
  expect(differences(table(['feed', null]), table(['feed', '0']), doubles)).toMatch(/∅/)
  expect(differences(table(['a', '1'], ['b', '2']), table(['b', '2'], ['a', '1']), exact)).toMatch(/2 of them differ/)
  expect(differences(table(['a', '1']), table(), exact)).toMatch(/\(no row\)/)
  expect(differences({ columns: ['channel'], rows: [] }, table(), exact)).toMatch(/columns/)
})

it('writes numbers without what does not count', () => {
  const written = ['12.50', '7.00', '-0.00', '100', '-0.5', 'v1.0', '2026-11-20'].map(plainNumber)
  expect(written).toEqual(['12.5', '7', '0', '100', '-0.5', 'v1.0', '2026-11-20'])
})
