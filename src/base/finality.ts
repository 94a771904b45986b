/** How far a value can be trusted. The worst day read for it decides. */
export type Finality = 'final' | 'provisional' | 'missing'

const RANK: Readonly<Record<Finality, number>> = { final: 0, provisional: 1, missing: 2 }

export function worse(a: Finality, b: Finality): Finality {
  return RANK[a] >= RANK[b] ? a : b
}

/** final when there is nothing. */
export function worst(all: Iterable<Finality>): Finality {
  let result: Finality = 'final'
  for (const finality of all) result = worse(result, finality)
  return result
}
