import { createHash } from 'node:crypto'
import { exact, type Measured, numberOf } from '../../oracle/exact.ts'
import type { Fact, MetricFile } from '../model.ts'

/** An aggregation over facts, a fact that is read twice counted twice. Of nothing a count is 0, all else null. */
export function aggregate(file: MetricFile, facts: readonly Fact[], timeOf: (fact: Fact) => number | null): Measured {
  const { agg, of } = file
  if (of === undefined) return exact(facts.length)
  if (agg === 'sum_boolean') {
    const told = facts.filter(({ flag }) => flag !== null)
    return told.length === 0 ? null : exact(told.filter(({ flag }) => flag === true).length)
  }
  if (of === 'viewer') {
    const users = new Set(facts.flatMap(({ user }) => user ?? []))
    if (agg === 'count_distinct') return exact(file.algorithm === 'approximate' ? hyperLogLog(users) : users.size)
  }
  if (agg === 'first' || agg === 'last') return endOf(agg, of, facts, timeOf)
  const values = facts.flatMap((fact) => measureOf(fact, of) ?? []).sort((a, b) => (a < b ? -1 : 1))
  const scale = of === 'amount' ? 2 : 0
  if (agg === 'count') return exact(values.length)
  if (agg === 'count_distinct') return exact(new Set(values).size)
  const [least, most] = [values[0], values.at(-1)]
  if (least === undefined || most === undefined) return null
  const total = values.reduce((a, b) => a + b, 0n)
  switch (agg) {
    case 'sum':
      return exact(total, scale)
    case 'min':
      return exact(least, scale)
    case 'max':
      return exact(most, scale)
    case 'avg':
      return numberOf(exact(total, scale)) / values.length
    case 'median':
      return continuous(values, 0.5, scale)
    case 'percentile':
      return file.percentile?.method === 'discrete'
        ? exact(discrete(values, file.percentile.p), scale)
        : continuous(values, file.percentile?.p ?? 0.5, scale)
    case 'variance':
    case 'stddev':
      return spread(values, agg, scale)
    default:
      throw new RangeError(`the oracle does not know ${agg}`)
  }
}

function measureOf(fact: Fact, of: string): bigint | null {
  if (of === 'amount') return fact.amount
  const value = of === 'viewer' ? fact.user : fact.size
  return value === null ? null : BigInt(value)
}

function continuous(sorted: readonly bigint[], p: number, scale: number): number {
  const place = p * (sorted.length - 1)
  const [below, above] = [Math.floor(place), Math.ceil(place)]
  const at = (index: number) => numberOf(exact(sorted[index] ?? 0n, scale))
  return at(below) + (at(above) - at(below)) * (place - below)
}

/** The first value up to which at least the share p has come. */
function discrete(sorted: readonly bigint[], p: number): bigint {
  const index = sorted.findIndex((_, i) => (i + 1) / sorted.length >= p - 1e-12)
  return sorted[index] ?? 0n
}

/** Of a sample: null for fewer than two. */
function spread(values: readonly bigint[], agg: 'variance' | 'stddev', scale: number): number | null {
  const n = BigInt(values.length)
  if (n < 2n) return null
  const sum = values.reduce((a, b) => a + b, 0n)
  const squares = values.reduce((a, b) => a + b * b, 0n)
  const variance = Number(n * squares - sum * sum) / Number(n * (n - 1n)) / 100 ** scale
  return agg === 'variance' ? variance : Math.sqrt(variance)
}

/** At the earliest or latest time where there is a value; ties by id, or by the value where rows have none. */
function endOf(
  agg: 'first' | 'last',
  of: string,
  facts: readonly Fact[],
  timeOf: (fact: Fact) => number | null,
): Measured {
  const sign = agg === 'first' ? 1 : -1
  const there = facts.filter((fact) => measureOf(fact, of) !== null)
  const [chosen] = there.toSorted((a, b) => {
    const apart = (timeOf(a) ?? 0) - (timeOf(b) ?? 0)
    return sign * (apart === 0 ? (a.id < b.id ? -1 : 1) : apart)
  })
  return chosen === undefined ? null : exact(measureOf(chosen, of) ?? 0n, of === 'amount' ? 2 : 0)
}

const REGISTERS = 2 * 2 ** 14

/** 2^14 registers over each half of md5; of them all Ertl's improved raw estimator sees each user twice. */
function hyperLogLog(users: ReadonlySet<number>): number {
  const registers = new Map<number, number>()
  for (const user of users) {
    const digest = createHash('md5').update(String(user)).digest()
    for (const half of [0, 1]) {
      const bits = [...digest.subarray(8 * half, 8 * half + 8)]
        .map((byte) => byte.toString(2).padStart(8, '0'))
        .join('')
      const register = 2 ** 14 * half + Number.parseInt(bits.slice(0, 14), 2)
      const one = bits.slice(14).indexOf('1')
      const rank = one < 0 ? 51 : one + 1
      registers.set(register, Math.max(registers.get(register) ?? 0, rank))
    }
  }
  if (registers.size === 0) return 0
  const counts = Array.from({ length: 52 }, (_, rank) => [...registers.values()].filter((each) => each === rank).length)
  let sum = 0
  for (let rank = 50; rank >= 1; rank--) sum = (sum + (counts[rank] ?? 0)) / 2
  const empty = (REGISTERS - registers.size) / REGISTERS
  let sigma = empty
  for (let power = empty * empty, weight = 1; power * weight > 1e-18; power *= power, weight *= 2)
    sigma += power * weight
  return Math.round(REGISTERS ** 2 / (2 * Math.LN2 * (sum + REGISTERS * sigma)) / 2)
}
