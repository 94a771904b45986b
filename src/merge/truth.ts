/** Three-valued logic as SQL has it: null is unknown. */
export type Truth = boolean | null

/** Whether all (any) of some conditions hold. */
export function together(kind: 'all' | 'any', results: readonly Truth[]): Truth {
  const decisive = kind === 'any'
  if (results.includes(decisive)) return decisive
  return results.includes(null) ? null : !decisive
}

/** What an order (negative, 0, positive) says of a comparison. */
export const COMPARE = {
  eq: (order: number) => order === 0,
  ne: (order: number) => order !== 0,
  gt: (order: number) => order > 0,
  gte: (order: number) => order >= 0,
  lt: (order: number) => order < 0,
  lte: (order: number) => order <= 0,
} as const
