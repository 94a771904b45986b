import { AssertionError, deepStrictEqual, strictEqual } from 'node:assert'
import type { MutationCase } from './suite.ts'

/**
 * Stands in for vitest in the copy of the tree: tests of a room become cases. It knows what those tests use, and nothing
 * more; a matcher that is missing fails the case without a mutant, which the report tells.
 */
type Body = (...row: never[]) => unknown

let path: readonly string[] = []
const collected: MutationCase[] = []

/** The tests of the files that were loaded since the last call. */
export function takeCollected(): MutationCase[] {
  return collected.splice(0)
}

function group(name: string, body: Body, row: readonly unknown[] = []): void {
  const outer = path
  path = [...outer, name]
  body(...(row as never[]))
  path = outer
}

function test(name: string, ...rest: readonly unknown[]): void {
  const body = rest.find((each) => typeof each === 'function') as Body
  const row = (rest.at(-1) === body ? [] : rest.at(-1)) as never[]
  collected.push({ name: [...path, name].join(' > '), run: async () => void (await body(...row)) })
}

const rowsOf = (rows: readonly unknown[]) => rows.map((row) => (Array.isArray(row) ? row : [row]))

export const describe = Object.assign((name: string, body: Body) => group(name, body), {
  each: (rows: readonly unknown[]) => (name: string, body: Body) => {
    for (const [i, row] of rowsOf(rows).entries()) group(`${name} ${i}`, body, row)
  },
})

export const it = Object.assign(test, {
  each:
    (rows: readonly unknown[]) =>
    (name: string, ...rest: readonly unknown[]) => {
      const body = rest.find((each) => typeof each === 'function')
      for (const [i, row] of rowsOf(rows).entries()) test(`${name} ${i}`, body, row)
    },
})

export function expect(value: unknown) {
  return { ...matchers(value), not: { toBe: (other: unknown) => holds(!Object.is(value, other), 'the same') } }
}

function matchers(value: unknown) {
  return {
    toBe: (other: unknown) => strictEqual(value, other),
    toEqual: (other: unknown) => deepStrictEqual(value, other),
    toBeNull: () => strictEqual(value, null),
    toBeLessThan: (other: number) => holds(Number(value) < other, `${value} < ${other}`),
    toBeLessThanOrEqual: (other: number) => holds(Number(value) <= other, `${value} <= ${other}`),
    toBeGreaterThan: (other: number) => holds(Number(value) > other, `${value} > ${other}`),
    toBeCloseTo: (other: number, digits = 2) =>
      holds(value === other || Math.abs(Number(value) - other) < 10 ** -digits / 2, `${value} is close to ${other}`),
    toContain: (part: unknown) => holds((value as unknown[]).includes(part), `${value} contains ${part}`),
    toHaveLength: (length: number) => strictEqual((value as unknown[]).length, length),
    toThrow: (message?: string | RegExp | (new (...of: never[]) => Error)) => throws(value as () => unknown, message),
  }
}

function throws(work: () => unknown, expected?: string | RegExp | (new (...of: never[]) => Error)): void {
  try {
    work()
  } catch (error) {
    const { message } = error as Error
    if (typeof expected === 'string') holds(message.includes(expected), message)
    else if (expected instanceof RegExp) holds(expected.test(message), message)
    else if (expected !== undefined) holds(error instanceof expected, message)
    return
  }
  holds(false, 'nothing was thrown')
}

function holds(isTrue: boolean, message: string): void {
  if (!isTrue) throw new AssertionError({ message })
}
