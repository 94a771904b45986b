import { stripTypeScriptTypes } from 'node:module'
import { expect, it } from 'vitest'
import { instrument } from './instrument.ts'
import type { Mutant } from './mutant.ts'
import { activate, takeReached } from './switch.ts'

type Run = (...given: readonly unknown[]) => unknown

/** The function `f` of a source, with its mutants. */
function functionOf(source: string): { readonly run: Run; readonly mutants: readonly Mutant[] } {
  const { text, mutants } = instrument('sample.ts', source, 1)
  activate(0)
  return { run: new Function(`${stripTypeScriptTypes(text)}; return f`)(), mutants }
}

/** What it gives under each mutant. */
function underEach(source: string, ...given: readonly unknown[]): Record<string, unknown> {
  const { run, mutants } = functionOf(source)
  const under: Record<string, unknown> = { none: run(...given) }
  for (const { id, before, after } of mutants) {
    activate(id)
    under[`${before} -> ${after}`] = run(...given)
  }
  activate(0)
  return under
}

it('moves a boundary and turns a comparison round', () => {
  expect(underEach('function f(a: number) { return a < 3 }', 3)).toMatchObject({
    none: false,
    'a < 3 -> a <= 3': true,
    'a < 3 -> a >= 3': true,
  })
})

it('decides conditions, and says that the place was reached only where they come out the other way', () => {
  const source = "function f(a: string) { if (a === 'x') return 'yes'; return 'no' }"
  expect(underEach(source, 'x')).toMatchObject({ none: 'yes', "a === 'x' -> true": 'yes', "a === 'x' -> false": 'no' })
  const { run, mutants } = functionOf(source)
  takeReached()
  run('x')
  const reached = new Set(takeReached())
  const decided = mutants.filter(({ id, kind }) => kind === 'condition' && reached.has(id))
  expect(decided.map(({ after }) => after)).toEqual(['false'])
})

it('takes calls, statements and bodies away', () => {
  const source =
    'function f(list: number[]) { let sum = 0; for (const each of list.filter((n) => n > 1)) { sum += each }; return sum }'
  expect(underEach(source, [1, 2, 3])).toMatchObject({
    none: 5,
    'list.filter((n) => n > 1) -> list': 6,
    'sum += each -> ': 0,
    'sum += each -> sum -= each': -5,
    'every time -> break': 0,
    'again and again -> break': 2,
  })
})

it('leaves a chain that may end early whole', () => {
  const source = 'function f(a?: { list: number[] }) { return a?.list.filter((n) => n > 1).slice(1).length ?? -1 }'
  expect(underEach(source, undefined)).toMatchObject({ none: -1 })
})

it('changes nothing that runs while a file is loaded, and no text for people', () => {
  expect(instrument('sample.ts', 'export const MOST = 1 + 1', 1).mutants).toEqual([])
  expect(instrument('sample.ts', "export const f = () => 'words for people'", 1).mutants).toEqual([])
})

it('ends a loop that has no end', () => {
  const { run, mutants } = functionOf('function f() { let i = 9; while (i > 3) { i-- } return i }')
  const endless = mutants.find(({ after }) => after === 'i++')
  activate(endless?.id ?? 0, 1000)
  expect(run).toThrow(/without an end/)
  activate(0)
  expect(run()).toBe(3)
})
