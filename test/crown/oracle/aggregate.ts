import type { AtomicModel, Fact } from '../model.ts'
import { exact, type Measured, numberOf } from './exact.ts'

/** An aggregation over facts. Of nothing a count is 0 and everything else null. */
export function aggregate({ aggregation, of }: AtomicModel, facts: readonly Fact[]): Measured {
  if (of === 'viewer') return exact(new Set(facts.flatMap((fact) => fact.viewer ?? [])).size)
  if (of === undefined) return exact(facts.length)
  const values = facts.flatMap((fact) => fact[of] ?? [])
  const scale = of === 'amount' ? 2 : 0
  if (aggregation === 'count') return exact(values.length)
  const sorted = values.toSorted((a, b) => (a < b ? -1 : 1))
  const [least, most] = [sorted[0], sorted.at(-1)]
  if (least === undefined || most === undefined) return null
  switch (aggregation) {
    case 'sum':
      return exact(total(values), scale)
    case 'min':
      return exact(least, scale)
    case 'max':
      return exact(most, scale)
    case 'avg':
      return numberOf(exact(total(values), scale)) / values.length
    case 'count_distinct':
      throw new RangeError('only viewers are counted distinct')
  }
}

function total(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n)
}
