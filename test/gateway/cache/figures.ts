import type { Column, Figures } from '../../../src/gateway/answerTypes.ts'
import type { Value } from '../../../src/merge/value.ts'
import type { Random } from '../../support/random.ts'

const TYPES: readonly Column['type'][] = ['date', 'timestamp', 'string', 'int64', 'decimal', 'float64', 'boolean']

/** Texts that a careless way through bytes would change. */
const TEXTS = [
  '',
  '0',
  '1e21',
  'null',
  '"quoted\\"',
  '\u0000\u001f\u007f',
  '\u2028\u2029',
  'ÅÅ ﬁ',
  '👩‍👩‍👧 𝔘',
  '\ud800',
  'a\udfff\ud83d',
  '\ufeffbom',
  '{"units":"1","scale":0}',
  '__proto__',
]
const FLOATS = [-0, 0, 1e21, -1e-7, 0.1, 1 / 3, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 2 ** 63, Number.NaN]
const INTEGERS = [0n, -1n, 2n ** 53n + 1n, -(2n ** 63n), 2n ** 64n - 1n, 10n ** 40n]

const digits = (random: Random, most: number): bigint =>
  BigInt(Array.from({ length: random.int(1, most) }, () => random.int(0, 9)).join(''))

/** A value as a column of this type may hold it. */
function cellOf(type: Column['type'], random: Random): Value {
  if (random.chance(0.15)) return null
  const sign = random.pick([1n, -1n])
  switch (type) {
    case 'boolean':
      return random.chance(0.5)
    case 'int64':
      return random.pick<Value>([
        random.pick(INTEGERS),
        random.int(-5, 5),
        { units: sign * digits(random, 30), scale: 0 },
      ])
    case 'decimal':
      return { units: sign * digits(random, 38), scale: random.int(0, 20) }
    case 'float64':
      return random.chance(0.5) ? random.pick(FLOATS) : random.next() * 10 ** random.int(-300, 300)
    default:
      return random.pick(TEXTS)
  }
}

/** Figures of any form, totals and all. */
export function anyFigures(random: Random): Figures {
  const columns = Array.from({ length: random.int(1, 6) }, (_, i): Column => {
    const type = random.pick(TYPES)
    const role = random.pick(['time', 'dimension', 'metric'] as const)
    const optional = random.chance(0.3) ? { unit: random.pick(TEXTS), format: ',.2f' } : {}
    return { name: `${random.pick(TEXTS)}${i}`, role, type, ...optional }
  })
  const rowCount = random.int(0, 8)
  const values = columns.map(({ type }) => Array.from({ length: rowCount }, () => cellOf(type, random)))
  const metrics = columns.filter(({ role }) => role === 'metric')
  const finality = random.pick(['final', 'provisional', 'missing'] as const)
  const text = random.pick(TEXTS)
  return {
    columns,
    values,
    rowCount,
    freshness: {
      asOf: '2026-11-20T10:31:07+08:00',
      finalThrough: random.chance(0.5) ? null : '2026-11-18',
      sources: [{ source: random.chance(0.5) ? null : text, from: '2026-11-17', to: '2026-11-18', finality }],
    },
    notices: random.chance(0.5) ? [] : [{ code: 'TODAY', from: '2026-11-20', to: '2026-11-20', message: text }],
    totals: random.chance(0.5)
      ? undefined
      : {
          names: metrics.map(({ name }) => name),
          values: metrics.map(({ type }) => cellOf(type, random)),
          finality,
        },
    truncated: random.chance(0.5),
  }
}
