/** Where the tables of the test business stand. */
export const SET_UPS = ['postgres', 'clickhouse', 'split', 'hole'] as const
export type SetUpName = (typeof SET_UPS)[number]

/** A Friday morning in Shanghai, the small hours of the same day in UTC. */
export const NOW = '2026-11-20T10:31:00+08:00'

/** The last day that is published, of every source that is published by day. */
export const LAST_PUBLISHED = '2026-11-18'

/** A day in the middle that is not published in the set-up `hole`. */
export const HOLE = '2026-11-12'

/** Days whose second version is the published one. */
export const SECOND_VERSIONS: ReadonlySet<string> = new Set(['2026-10-15', '2026-11-10'])

/** A day with a further version that is staged and not published. */
export const STAGED_ONLY = '2026-11-11'

/** The day of calls that is published in no set-up and that real time no longer holds. */
export const MISSING_CALLS = '2026-11-09'

/** True where rows stand in both stores, batches offline and events in real time. */
export function isSplit(setUp: SetUpName): boolean {
  return setUp === 'split' || setUp === 'hole'
}
