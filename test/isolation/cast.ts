import type { KeyType, Member, TenantDimension } from './model.ts'
import { Tokens } from './tokens.ts'

const tokens = new Tokens(0)
const TIERS = ['gold', 'silver', null]
/** What is written in front of a key's token: texts that SQL, JSON and addresses are careful with. */
const PREFIXES = ["O'Hara ", 'Bell & Co ', 'ü-', '"q" ', '100% ', '', '\\ ', '; -- ']

function membersOf(dimension: TenantDimension, type: KeyType): Member[] {
  return PREFIXES.map((prefix, i) => {
    const of = `member ${i} of ${dimension} (${type})`
    return {
      key: type === 'integer' ? tokens.nextInteger(`the key of ${of}`) : `${prefix}${tokens.next(`the key of ${of}`)}`,
      name: i === 5 ? undefined : `Name ${tokens.next(`the name of ${of}`)}`,
      tier: TIERS[i % TIERS.length] ?? null,
    }
  })
}

/** The tenants of every town: their keys are made once, so that a credential can be used in many towns. */
export const CAST: Readonly<Record<TenantDimension, Readonly<Record<KeyType, readonly Member[]>>>> = {
  advertiser: { string: membersOf('advertiser', 'string'), integer: membersOf('advertiser', 'integer') },
  region: { string: membersOf('region', 'string'), integer: membersOf('region', 'integer') },
}

/** The table of a tenant dimension; it holds the members of all towns. */
export function memberTable(dimension: TenantDimension, type: KeyType): string {
  return `isolation_${dimension}_${type}`
}
