import type { Random } from '../../support/random.ts'
import { CAST, memberTable } from '../cast.ts'
import type { DimensionModel, TenantDimension } from '../model.ts'
import type { Tokens } from '../tokens.ts'
import type { TenantTypes } from './tenants.ts'

/** A dimension that tenants are bound to; its table and its declared values name all of them. */
export function tenantDimension(random: Random, name: TenantDimension, types: TenantTypes): DimensionModel {
  const type = types[name]
  const members = CAST[name][type]
  const table = random.chance(0.7) ? memberTable(name, type) : undefined
  return {
    name,
    type,
    table,
    members,
    named: table !== undefined && random.chance(0.7),
    declared: random.chance(0.4)
      ? members.map((member) => ({
          value: type === 'integer' ? Number(member.key) : member.key,
          label: random.chance(0.5) ? member.name : undefined,
        }))
      : undefined,
  }
}

/** Values of a plain dimension: some that all tenants have, and one that rows of each member alone can have. */
export interface PlainValues {
  readonly shared: readonly string[]
  readonly own: ReadonlyMap<string, string>
}

/** The values of a plain dimension, with one of their own for each owner. */
export function plainValues(tokens: Tokens, owners: readonly string[]): PlainValues {
  const own = owners.map((owner) => [owner, `only ${tokens.next(`a value of rows of ${owner}`)}`] as const)
  return { shared: ['web', 'app', "o'clock"], own: new Map(own) }
}

/** A column of facts without a table; its declared values may name those of all tenants. */
export function plainDimension(random: Random, name: string, { shared, own }: PlainValues): DimensionModel {
  const declared = [...shared, ...own.values()].map((value) => ({
    value,
    label: random.chance(0.5) ? `Label of ${value}` : undefined,
  }))
  return {
    name,
    type: 'string',
    table: undefined,
    members: [],
    named: false,
    declared: random.chance(0.5) ? declared : undefined,
  }
}
