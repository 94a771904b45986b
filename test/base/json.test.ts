import { describe, expect, it } from 'vitest'
import { Fault } from '../../src/base/faults.ts'
import { MOST_DEPTH, readJson } from '../../src/base/json.ts'
import { refusalsOf } from '../support/refuses.ts'

const codeOf = (text: string): string => {
  try {
    readJson(text)
    return 'read'
  } catch (error) {
    return error instanceof Fault ? error.code : String(error)
  }
}

describe('JSON from callers', () => {
  it('refuses an integer that a double would round, and reads it as a text', () => {
    expect(codeOf('{"a":9007199254740993}')).toBe('UNSAFE_INTEGER')
    expect(codeOf('{"a":-9007199254740993}')).toBe('UNSAFE_INTEGER')
    expect(codeOf('[1e400]')).toBe('UNSAFE_INTEGER')
    expect(readJson('{"a":"9007199254740993","b":9007199254740991}')).toEqual({
      a: '9007199254740993',
      b: 9007199254740991,
    })
  })

  it('points at the number it refuses', () => {
    const text = '{"filters":[{"values":[1]},{"values":[2,9007199254740993]}]}'
    expect(refusalsOf(() => readJson(text))[0]).toMatch(
      /^\/filters\/1\/values\/1 UNSAFE_INTEGER The integer 9007199254740993/,
    )
    expect(refusalsOf(() => readJson('9007199254740993'))[0]).toMatch(/^ UNSAFE_INTEGER/)
  })

  it('checks depth before it parses', () => {
    expect(codeOf('['.repeat(MOST_DEPTH) + ']'.repeat(MOST_DEPTH))).toBe('read')
    expect(codeOf('['.repeat(MOST_DEPTH + 1) + ']'.repeat(MOST_DEPTH + 1))).toBe('TOO_DEEP')
    expect(codeOf('['.repeat(1_000_000))).toBe('TOO_DEEP')
    expect(codeOf(`["${'['.repeat(1000)}\\"["]`)).toBe('read')
  })

  it.each(['', '{', '{"a":1,}', "{'a':1}", 'undefined', '\ufeff{}', '{"a":01}'])('refuses %j', (text) => {
    expect(codeOf(text)).toBe('MALFORMED_JSON')
  })

  it('takes __proto__ as an ordinary key', () => {
    const value = readJson('{"__proto__":{"admin":true}}')
    expect(Object.keys(value as object)).toEqual(['__proto__'])
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})
