import type { Random } from '../../support/random.ts'
import { CAST } from '../cast.ts'
import type { Bound, KeyType, TenantDimension } from '../model.ts'

/** What the keys of each tenant dimension are in a town. */
export type TenantTypes = Readonly<Record<TenantDimension, KeyType>>

const TENANTS = 3
/** Which members belong together. The same sets in every town: so a few credentials serve all of them. */
const SETS: readonly (readonly number[])[] = [[0], [1, 2], [3, 4, 5], [6, 7]]

/** Callers of a town: no two that are bound to a dimension share a value of it. Most are bound to the same ones. */
export function makeTenants(random: Random, carried: readonly TenantDimension[], types: TenantTypes): Bound[] {
  const boundTo = (): TenantDimension[] => {
    const some = random.some(carried, 0.6)
    return some.length === 0 ? [random.pick(carried)] : some
  }
  const alike = random.chance(0.75) ? boundTo() : undefined
  const sets = new Map(carried.map((name) => [name, random.shuffled(SETS)]))
  const keysOf = (name: TenantDimension, tenant: number): string[] =>
    (sets.get(name)?.[tenant] ?? []).flatMap((member) => CAST[name][types[name]][member]?.key ?? [])
  return Array.from({ length: TENANTS }, (_, tenant) => {
    const names = alike ?? boundTo()
    return Object.fromEntries(names.map((name) => [name, keysOf(name, tenant)]))
  })
}
